/**
 * `pbx admin setup` and `pbx upgrade` as processes.
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
import { cookieIn, PASSWORD, Site } from "./lab_site.ts";

liveTest(
  "pbx admin setup tells the way to the page, and the token until it is spent",
  [],
  async (lab) => {
    const data = `${lab.directory}/data`;
    const site = await Site.start(lab, data);
    const ask = async () => {
      const args = ["admin", "setup", "--json", "--data", data];
      return JSON.parse(await runPbx(lab, args, ""));
    };
    const told = await ask();
    const banner = /Open (\S+) \(from elsewhere first: ([^)]*)\)/
      .exec(site.process.output)!;
    assert.equal(told.url, banner[1]);
    assert.equal(told.tunnel, banner[2]);
    assert.match(site.process.output, new RegExp(told.setupToken));
    assert.deepEqual(await ask(), told);
    const text = await runPbx(lab, ["admin", "setup", "--data", data], "");
    assert.match(text, new RegExp(`^Setup token: ${told.setupToken}$`, "m"));
    const form = {
      token: told.setupToken,
      password: PASSWORD,
      again: PASSWORD,
    };
    const answer = await site.ask("/setup", { form });
    const cookie = cookieIn(answer);
    const after = await ask();
    assert.equal(after.setupToken, null);
    assert.equal(after.url, told.url.replace(/setup$/, ""));
    // a browser gets nothing there, whoever sits before it
    const method = "POST";
    const path = "/api/v1/setup";
    assert.equal((await site.ask(path, { method, cookie })).status, 403);
    assert.equal((await site.ask(path, { method })).status, 401);
  },
);

liveTest("pbx admin setup says why it has nothing to tell", [], async (lab) => {
  const data = `${lab.directory}/data`;
  const attempt = () => attemptPbx(lab, ["admin", "setup", "--data", data]);
  await runPbx(lab, ["extension", "add", "1001", "--data", data], "");
  const none = await attempt();
  assert.equal(none.code, 1);
  assert.match(none.stderr, /No server is running[^]*serve --data/);
  const server = lab.spawn(null, {
    command: [
      ...pbxCommand(),
      ...["serve", "--data", data, "--sip", "127.0.0.1:0", "--http", "off"],
    ],
    env: pbxEnvironment(),
    clearEnv: true,
  });
  await server.waitFor(/HTTP is off/);
  const mute = await attempt();
  assert.equal(mute.code, 1);
  assert.match(mute.stderr, /its HTTP interface is off/);
});

liveTest("pbx upgrade runs nothing where it should not", [], async (lab) => {
  const wrong = await attemptPbx(lab, ["upgrade", "newest"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /`newest` is no version/);
  // the binary would run the installer
  if (Deno.env.get("PBX_BINARY")) return;
  const source = await attemptPbx(lab, ["upgrade"]);
  assert.equal(source.code, 1);
  assert.match(source.stderr, /runs from its source[^]*git pull/);
});
