import assert from "node:assert/strict";
import { type BindReading, judgeBind } from "./check_bind.ts";

const READING: BindReading = {
  isRunning: true,
  listen: [{ host: "0.0.0.0", port: 5060 }],
  tries: [],
  receiveBuffer: 212992,
  isBufferFree: true,
  isRoot: true,
};
const tried = (host: string, failure: string): BindReading => ({
  ...READING,
  isRunning: false,
  tries: [{ transport: "udp", host, port: 5060, failure }],
});

Deno.test("judgeBind() passes a server that listens, and one that could", () => {
  const up = judgeBind(READING);
  assert.equal(up.state, "pass");
  assert.equal(up.details[0]?.key, "bind-listens");
  const down = judgeBind(tried("0.0.0.0", ""));
  assert.equal(down.state, "pass");
  assert.equal(down.details[0]?.key, "bind-could");
});

Deno.test("judgeBind() fails where only this machine gets in", () => {
  const finding = judgeBind({
    ...READING,
    listen: [{ host: "127.0.0.1", port: 5070 }],
  });
  assert.equal(finding.state, "fail");
  assert.deepEqual(finding.remedies, [
    { key: "bind-fix-loopback", values: { address: "0.0.0.0:5070" } },
  ]);
});

Deno.test("judgeBind() names what keeps a server from an address", () => {
  const table = [
    ["EADDRINUSE", "bind-in-use", "bind-fix-in-use"],
    ["EADDRNOTAVAIL", "bind-no-address", "bind-fix-no-address"],
    ["EACCES", "bind-no-right", "bind-fix-no-right"],
    ["EAFNOSUPPORT", "bind-no-family", "bind-fix-no-family"],
    ["EINVAL", "bind-failed", "bind-fix-failed"],
  ];
  for (const [failure, detail, remedy] of table) {
    const finding = judgeBind(tried("192.0.2.1", failure!));
    assert.equal(finding.state, "fail");
    assert.deepEqual(finding.details.map(({ key }) => key), [detail]);
    assert.deepEqual(finding.remedies.map(({ key }) => key), [remedy]);
  }
});

Deno.test("judgeBind() warns of a small buffer only where the server must keep to it", () => {
  const finding = judgeBind({ ...READING, isBufferFree: false });
  assert.equal(finding.state, "warn");
  assert.equal(finding.remedies[0]?.key, "bind-fix-buffer");
  const large = { ...READING, isBufferFree: false, receiveBuffer: 4194304 };
  assert.equal(judgeBind(large).state, "pass");
  const unknown = { ...READING, isBufferFree: false, receiveBuffer: 0 };
  assert.equal(judgeBind(unknown).state, "pass");
});
