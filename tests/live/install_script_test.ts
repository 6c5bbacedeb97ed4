/**
 * `install.sh` by itself: it is plain POSIX shell, a cut download does nothing, and what stands in
 * the way of an installation is named before anything is changed. What it does on a machine is in
 * `installed_*_test.ts`.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { makeTools, SCRIPT, Stage } from "./lab_install.ts";

const SHELLS = [["dash"], ["busybox", "sh"], ["bash", "--posix"]];
const OTHER_MACHINE = Deno.build.arch === "x86_64" ? "aarch64" : "x86_64";
const OTHER_LOADER = OTHER_MACHINE === "x86_64"
  ? "ld-linux-x86-64.so.2"
  : "ld-linux-aarch64.so.1";
const STAGE_NEEDS = ["namespaces", "dash", "setpriv", "unshare"];

liveTest("install.sh is clean for shellcheck", ["shellcheck"], async (lab) => {
  const said = await lab.attempt(null, {
    command: ["shellcheck", "-s", "sh", "-"],
  }, SCRIPT);
  assert.equal(said.code, 0, said.stdout);
});

for (const shell of SHELLS) {
  const name = shell.join(" ");
  liveTest(`install.sh is understood by ${name}`, [shell[0]!], async (lab) => {
    await lab.run(null, [...shell, "-n", "/dev/stdin"], SCRIPT);
    const help = await lab.run(null, [...shell, "-s", "--", "--help"], SCRIPT);
    assert.match(help, /--uninstall/);
  });
}

/** Each is older than the next one. */
const VERSIONS = [
  "0.2.0-alpha",
  "0.2.0-rc.2",
  "0.2.0-rc.10",
  "0.2.0",
  "0.9.0",
  "0.10.0",
  "1.0.0",
];

for (const shell of SHELLS) {
  const name = `is_older() of install.sh in ${shell.join(" ")}`;
  liveTest(`${name} orders versions`, [shell[0]!], async (lab) => {
    const library = SCRIPT.slice(0, SCRIPT.lastIndexOf("main "));
    const pairs = VERSIONS.flatMap((one) =>
      VERSIONS.map((other) => `is_older ${one} ${other} && echo y || echo n\n`)
    );
    const text = `${library}set -eu\n${pairs.join("")}is_older 1.0.0 "" || :\n`;
    const said = await lab.run(null, [...shell, "-s"], text);
    const wanted = VERSIONS.flatMap((_one, i) =>
      VERSIONS.map((_other, j) => i < j ? "y\n" : "n\n")
    );
    assert.equal(said, wanted.join(""));
  });
}

liveTest("install.sh that was cut off runs nothing", ["dash"], async (lab) => {
  const tools = await makeTools(lab, "record");
  const run = async (text: string, args: readonly string[] = []) => {
    const file = `${lab.directory}/cut.sh`;
    await Deno.writeTextFile(file, text);
    await new Deno.Command("/usr/bin/dash", {
      args: [file, ...args],
      env: { PATH: tools.folder },
      clearEnv: true,
      stdout: "null",
      stderr: "null",
    }).output();
    return await tools.recorded();
  };
  const lines = SCRIPT.split(/(?<=\n)/);
  assert.equal(lines.at(-1), 'main "$@"\n');
  for (let count = 0; count < lines.length; count++) {
    const called = await run(lines.slice(0, count).join(""));
    assert.equal(called, "", `cut after line ${count}`);
  }
  const whole = SCRIPT.trimEnd();
  for (let octets = 1; octets <= 'main "$@"'.length; octets++) {
    const called = await run(whole.slice(0, -octets), ["--dry-run"]);
    assert.equal(called, "", `cut ${octets} before the end`);
  }
  assert.match(await run(SCRIPT), /^uname /m);
});

liveTest("install.sh refuses what it does not know", ["dash"], async (lab) => {
  const cases = [
    { args: ["--undo"], says: /--undo/ },
    { env: { PBX_VERSION: "newest" }, says: /PBX_VERSION/ },
    { env: { PBX_VERSION: "v1/../../x" }, says: /PBX_VERSION/ },
    { env: { PBX_BASE_URL: "ftp://192.0.2.1" }, says: /PBX_BASE_URL/ },
  ];
  for (const { args, env, says } of cases) {
    const { code, stderr } = await lab.attempt(null, {
      command: ["dash", "-s", "--", ...args ?? []],
      env: env ?? {},
    }, SCRIPT);
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
    assert.match(stderr, /^ {2}fix: /m);
  }
});

liveTest("install.sh without root tells the line", STAGE_NEEDS, async (lab) => {
  for (const program of ["sudo", "su"]) {
    const stage = await Stage.open(lab, { without: ["sudo"] });
    if (program === "sudo") await stage.fake("sudo", "");
    const { code, said } = await stage.run({
      asNobody: true,
      env: { PBX_VERSION: "0.2.0" },
      args: ["--uninstall"],
    });
    assert.equal(code, 1, said);
    const start = program === "sudo" ? "\\| sudo" : "su -c 'curl .*\\|";
    const line = `${start} PBX_VERSION=0\\.2\\.0 sh -s -- --uninstall`;
    assert.match(said, new RegExp(line));
  }
});

liveTest("install.sh names what is in its way", STAGE_NEEDS, async (lab) => {
  const is = (what: string, says: RegExp[], stage: Stage, prepare = "") =>
    refused(what, says, () => stage.run({ prepare }));
  const plain = await Stage.open(lab, {});
  await is("no systemd", [/systemd/, /serve/], plain, "rm -r /run/systemd");
  const odd = await Stage.open(lab, {});
  await odd.fake("uname", "[ $1 = -s ] && echo Linux || echo riscv64");
  await is("riscv64", [/riscv64/, /x86_64/, /aarch64/], odd);
  const alien = await Stage.open(lab, {});
  await alien.fake(
    "uname",
    `[ $1 = -s ] && echo Linux || echo ${OTHER_MACHINE}`,
  );
  await is("no glibc", [/64-bit glibc/], alien);
  const musl = `touch /usr/lib/ld-musl-${OTHER_MACHINE}.so.1`;
  await is("musl", [/musl/, /apk add gcompat libstdc\+\+/], alien, musl);
  const gcompat = `${musl} /usr/lib/${OTHER_LOADER}`;
  await is("the next obstacle", [/knows no signer's key/], alien, gcompat);
  const silent = await Stage.open(lab, { without: ["curl", "wget"] });
  await is("no curl", [/neither curl nor wget/], silent);
});

liveTest("install.sh without a signer's key", STAGE_NEEDS, async (lab) => {
  const stage = await Stage.open(lab, {});
  await stage.fake("curl", "echo called");
  const said = await refused("no key", [/PBX_FILE/], () => stage.run({}));
  assert.doesNotMatch(said, /called/);
});

liveTest("install.sh --dry-run changes nothing", STAGE_NEEDS, async (lab) => {
  const stage = await Stage.open(lab, {});
  await stage.fake("pbx-file", "echo called");
  const env = { PBX_FILE: `${stage.tools}/pbx-file` };
  for (const asNobody of [false, true]) {
    for (const option of ["", "--uninstall", "--purge"]) {
      const args = option === "" ? [] : [option];
      const { code, said } = await stage.run({
        asNobody,
        env,
        args: [...args, "--dry-run"],
        isWatched: true,
      });
      assert.equal(code, 0, said);
      assert.match(said, /\/usr\/local\/bin\/pbx/);
      assert.doesNotMatch(said, /called|^changed:/m);
    }
  }
  const { said } = await stage.run({
    args: ["--dry-run"],
    isWatched: true,
    prepare: "rm -r /run/systemd",
  });
  assert.match(said, /systemd does not run[^]*knows no signer's key/);
  const changed = await stage.run({
    env,
    prepare: "sleep 1 >/run/marker",
    isWatched: true,
    before: "touch /usr/local/bin/other",
  });
  assert.match(changed.said, /^changed:/m);
});

/** Ends with an error that has these words and a way out, and nothing is changed. */
async function refused(
  what: string,
  words: readonly RegExp[],
  run: () => Promise<{ readonly code: number; readonly said: string }>,
): Promise<string> {
  const { code, said } = await run();
  assert.equal(code, 1, `${what}: ${said}`);
  for (const word of words) assert.match(said, word, `${what}: ${said}`);
  assert.match(said, /^ {2}fix: /m, `${what}: ${said}`);
  assert.doesNotMatch(said, /^changed:/m, `${what}: ${said}`);
  return said;
}
