/**
 * The command line as scripts and people use it: exit codes, JSON, and what it says when
 * something is wrong. The server itself is in serve_test.ts.
 * @module
 */

import assert from "node:assert/strict";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import {
  attemptPbx,
  pbxCommand,
  pbxEnvironment,
  runPbx,
} from "./lab_command.ts";

async function readPbxJson<T>(lab: Lab, args: readonly string[]): Promise<T> {
  return JSON.parse(await runPbx(lab, [...args, "--json"], "")) as T;
}

interface Entry {
  readonly number: string;
  readonly name: string;
  readonly registered: boolean;
  readonly bindings: readonly unknown[];
}

liveTest(
  "pbx ends with 2 for wrong usage and says how to go on",
  [],
  async (lab) => {
    const cases: readonly [readonly string[], RegExp][] = [
      [[], /Usage: pbx/],
      [["extension"], /Usage: pbx extension/],
      [["extenson"], /Did you mean extension\?/],
      [["status", "--bogus"], /unknown option '--bogus'/],
      [["extension", "add"], /missing required argument 'number'/],
      [["extension", "add", "10a1"], /something else than digits/],
      [["completion", "tcsh"], /bash, zsh, fish/],
      [["version", "more"], /too many arguments/],
    ];
    for (const [args, expected] of cases) {
      const { code, stdout, stderr } = await attemptPbx(lab, args);
      assert.equal(code, 2, args.join(" "));
      assert.equal(stdout, "");
      assert.match(stderr, expected);
    }
  },
);

liveTest("pbx version, --version and --help end with 0", [], async (lab) => {
  const { version } = await readPbxJson<{ version: string }>(lab, ["version"]);
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.equal(await runPbx(lab, ["version"], ""), `pbx ${version}\n`);
  assert.equal(await runPbx(lab, ["--version"], ""), `pbx ${version}\n`);
  assert.match(await runPbx(lab, ["serve", "--help"], ""), /--log-format/);
});

liveTest(
  "pbx extension add, list, show, passwd and remove agree",
  [],
  async (lab) => {
    const data = ["--data", `${lab.directory}/data`];
    const added = await readPbxJson<Record<string, unknown>>(lab, [
      ...["extension", "add", "1001", "--name", "Ann"],
      ...data,
    ]);
    assert.deepEqual(Object.keys(added), [
      "number",
      "name",
      "server",
      "password",
    ]);
    assert.match(String(added["password"]), /^[a-z2-9]{16}$/);
    const given = ["extension", "add", "1002", "--password-stdin", ...data];
    const text = await runPbx(lab, given, "correct horse\n");
    assert.doesNotMatch(text, /correct horse/);
    const entries = await readPbxJson<Entry[]>(lab, [
      "extension",
      "list",
      ...data,
    ]);
    assert.deepEqual(entries, [
      { number: "1001", name: "Ann", registered: false, bindings: [] },
      { number: "1002", name: "", registered: false, bindings: [] },
    ]);
    const shown = ["extension", "show", "1002", ...data];
    assert.deepEqual(await readPbxJson(lab, shown), entries[1]);
    const changed = ["extension", "passwd", "1001", ...data];
    const { password } = await readPbxJson<{ password: string }>(lab, changed);
    assert.notEqual(password, added["password"]);
    const removed = ["extension", "remove", "1001", ...data];
    assert.deepEqual(await readPbxJson(lab, removed), {
      number: "1001",
      removed: true,
    });
    const rest = await readPbxJson<Entry[]>(lab, [
      "extension",
      "list",
      ...data,
    ]);
    assert.deepEqual(rest.map(({ number }) => number), ["1002"]);
  },
);

liveTest("pbx extension names the cause and the way out", [], async (lab) => {
  const data = ["--data", `${lab.directory}/data`];
  const nowhere = await attemptPbx(lab, ["extension", "list", ...data]);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /no database in .*\n.*--data/);
  await runPbx(lab, ["extension", "add", "1001", ...data], "");
  const cases: readonly [readonly string[], string, number, RegExp][] = [
    [["add", "1001"], "", 1, /`1001` already there/],
    [["show", "1010"], "", 1, /no extension `1010`\n.*1001/],
    [["passwd", "77777"], "", 1, /no extension `77777`\n.*extension list/],
    [["remove", "1\x1b[2J"], "", 1, /no extension `1\\x1b\[2J`/],
    [["add", "1002", "--password-stdin"], "\n", 2, /password is empty/],
    [["add", "1002", "--password-stdin"], "a\nb\n", 2, /control character/],
    [["import", "/nonexistent.csv"], "", 1, /no such file/],
  ];
  for (const [args, input, code, expected] of cases) {
    const result = await attemptPbx(
      lab,
      ["extension", ...args, ...data],
      input,
    );
    assert.equal(result.code, code, args.join(" "));
    assert.equal(result.stdout, "");
    assert.match(result.stderr, expected);
  }
});

liveTest(
  "pbx extension import takes all rows or none, export gives them back",
  [],
  async (lab) => {
    const data = ["--data", `${lab.directory}/data`];
    const table = 'number,password,name\n1001,a,Ann\n1002,b,"B, ""C"""\n';
    const imported = ["extension", "import", "-", ...data, "--json"];
    assert.deepEqual(JSON.parse(await runPbx(lab, imported, table)), {
      imported: 2,
    });
    const exported = await runPbx(lab, ["extension", "export", ...data], "");
    assert.equal(
      exported,
      'number,password,name\n1001,,Ann\n1002,,"B, ""C"""\n',
    );
    for (
      const rows of [
        "1003,c,\n1002,d,\n",
        "1003,c,\nxx,d,\n",
        '1003,c,\n1004,"  ",\n',
      ]
    ) {
      const { code, stderr } = await attemptPbx(lab, imported, rows);
      assert.equal(code, 1);
      assert.match(stderr, /Nothing is imported/);
    }
    const listed = await readPbxJson<unknown[]>(lab, [
      "extension",
      "export",
      ...data,
    ]);
    assert.deepEqual(listed, [
      { number: "1001", name: "Ann" },
      { number: "1002", name: 'B, "C"' },
    ]);
  },
);

liveTest(
  "pbx extension import makes the passwords that a table does not have",
  [],
  async (lab) => {
    const one = ["--data", `${lab.directory}/one`];
    const other = ["--data", `${lab.directory}/other`];
    const table = "1001,secret,Ann\n1002,,Bob\n";
    const told = await attemptPbx(
      lab,
      ["extension", "import", "-", ...one],
      table,
    );
    assert.equal(told.code, 0);
    assert.match(told.stdout, /^number,password\n1002,[a-z0-9]{16}\n$/);
    assert.match(told.stderr, /Imported 2 extensions\. Passwords made: 1/);
    const exported = await runPbx(lab, ["extension", "export", ...one], "");
    const again = ["extension", "import", "-", ...other, "--json"];
    const { imported, passwords } = JSON.parse(
      await runPbx(lab, again, exported),
    );
    assert.equal(imported, 2);
    assert.deepEqual(
      passwords.map(({ number }: { number: string }) => number),
      ["1001", "1002"],
    );
    const known = ["phone", "1001", ...other, "--password-stdin", "--json"];
    const { password } = JSON.parse(
      await runPbx(lab, known, passwords[0].password),
    );
    assert.equal(password, passwords[0].password);
  },
);

liveTest(
  "pbx tells every fault of the configuration at once and ends with 78",
  [],
  async (lab) => {
    const file = `${lab.directory}/pbx.toml`;
    Deno.writeTextFileSync(file, 'sip = ["0.0.0.0"]\nbogus = 1\n');
    const { code, stdout, stderr } = await lab.attempt(null, {
      command: [...pbxCommand(), "serve", "--config", file, "--rtp", "5"],
      env: { ...pbxEnvironment(), PBX_LOG_LEVEL: "loud" },
      clearEnv: true,
    }, "");
    assert.equal(code, 78);
    assert.equal(stdout, "");
    for (
      const where of ["pbx.toml:1", "pbx.toml:2", "--rtp", "PBX_LOG_LEVEL"]
    ) {
      assert.ok(stderr.includes(where), `${where} in\n${stderr}`);
    }
    const missing = await attemptPbx(lab, [
      "status",
      "--config",
      `${file}.old`,
    ]);
    assert.equal(missing.code, 78);
    assert.match(missing.stderr, /no such file/);
  },
);

liveTest(
  "pbx paints only on a terminal and never with NO_COLOR",
  ["script"],
  async (lab) => {
    const data = `${lab.directory}/data`;
    await runPbx(lab, ["extension", "add", "1001", "--data", data], "");
    const words = [...pbxCommand(), "extension", "list", "--data", data];
    const show = async (env: Record<string, string>) => {
      const command = ["script", "-qec", words.join(" "), "/dev/null"];
      return (await lab.attempt(null, { command, env, clearEnv: true }, ""))
        .stdout;
    };
    const { NO_COLOR: _, ...bare } = pbxEnvironment();
    const environment = { ...bare, TERM: "xterm" };
    assert.match(await show(environment), /\x1b\[1m/);
    assert.doesNotMatch(
      await show({ ...environment, NO_COLOR: "1" }),
      /\x1b\[/,
    );
  },
);

liveTest(
  "pbx completion for bash completes the real commands",
  ["bash"],
  async (lab) => {
    const script = await runPbx(lab, ["completion", "bash"], "");
    const cases: readonly [string, string][] = [
      ["pbx ext", "extension"],
      ["pbx extension re", "remove"],
      ["pbx serve --log-level w", "warning"],

      ["pbx extension list --data /x --j", "--json"],
      ["pbx completion z", "zsh"],
    ];
    const asks = cases.map(([line]) =>
      `COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _pbx; echo "\${COMPREPLY[*]}"`
    );
    const input = `${script}\n${asks.join("\n")}\n`;
    const { code, stdout, stderr } = await lab.attempt(null, {
      command: ["bash", "--norc"],
    }, input);
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.deepEqual(
      stdout.trimEnd().split("\n"),
      cases.map(([, expected]) => expected),
    );
  },
);

for (const shell of ["zsh", "fish"]) {
  liveTest(
    `pbx completion for ${shell} is read by it`,
    [shell],
    async (lab) => {
      const script = await runPbx(lab, ["completion", shell], "");
      Deno.writeTextFileSync(`${lab.directory}/script`, script);
      await lab.run(null, [shell, "-n", `${lab.directory}/script`]);
    },
  );
}
