/**
 * `pbx admin passwd` as a process, and what `pbx serve` refuses without a password.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import {
  attemptPbx,
  pbxCommand,
  pbxEnvironment,
  runPbx,
} from "./lab_command.ts";
import { OTHER, PASSWORD, setPassword, Site } from "./lab_site.ts";

liveTest("pbx admin passwd says what it does not take", [], async (lab) => {
  const data = `${lab.directory}/data`;
  const cases: readonly [string, RegExp][] = [
    ["short\n", /fewer than 10/],
    ["password123\n", /everybody tries first/],
    ["two\nlines of text\n", /control character/],
    ["x1y2z".repeat(100), /more than 256/],
    ["", /fewer than 10/],
  ];
  for (const [input, expected] of cases) {
    const args = ["admin", "passwd", "--password-stdin", "--data", data];
    const { code, stdout, stderr } = await attemptPbx(lab, args, input);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, expected);
    assert.throws(() => Deno.statSync(data), Deno.errors.NotFound);
  }
  const { code, stderr } = await attemptPbx(lab, ["admin", "passwd"]);
  assert.equal(code, 2);
  assert.match(stderr, /no terminal[^]*--password-stdin/);
});

liveTest(
  "pbx admin passwd asks twice on a terminal and shows nothing",
  ["script"],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const command = [...pbxCommand(), "admin", "passwd", "--data", data];
    const type = async (first: string, second: string) => {
      const terminal = lab.spawn(null, {
        command: ["script", "-qec", command.join(" "), "/dev/null"],
        env: pbxEnvironment(),
        clearEnv: true,
      });
      await terminal.waitFor(/New password of the page: /);
      await terminal.write(`${first}\r`);
      if (second !== "") {
        await terminal.waitFor(/Once more: /);
        await terminal.write(`${second}\r`);
      }
      const code = await terminal.wait(10_000);
      return { code, output: terminal.output };
    };
    const differs = await type(PASSWORD, OTHER);
    assert.equal(differs.code, 1);
    assert.match(differs.output, /not the same/);
    const set = await type(`${PASSWORD}xy\x7f\x7f`, PASSWORD);
    assert.equal(set.code, 0, set.output);
    const broken = await type("\x03", "");
    assert.equal(broken.code, 1);
    assert.match(broken.output, /Broken off: nothing is changed/);
    assert.doesNotMatch(set.output + differs.output, /green|blue/);
    const site = await Site.start(lab, data);
    await site.signIn(PASSWORD);
  },
);

liveTest(
  "pbx serve opens nothing to other machines while the page has no password",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    for (const host of ["0.0.0.0", "[::]", "192.0.2.77"]) {
      const options = ["--sip", "127.0.0.1:0", "--http", `${host}:0`];
      const args = ["serve", "--data", data, ...options];
      const { code, stderr } = await attemptPbx(lab, args);
      assert.equal(code, 78, stderr);
      assert.match(stderr, /is refused: the page has no password yet/);
      assert.match(stderr, /admin passwd --data/);
      assert.throws(() => Deno.statSync(data), Deno.errors.NotFound);
    }
    await setPassword(lab, data, PASSWORD);
    const site = await Site.start(lab, data, ["--http", "0.0.0.0:0"]);
    await site.process.waitFor(/is not encrypted/);
    await runPbx(lab, ["status", "--data", data], "");
  },
);
