import assert from "node:assert/strict";
import type { PortHolder } from "../scene.ts";
import { judgePort, type PortReading } from "./check_port.ts";

const WANTED = { host: "0.0.0.0", port: 5060 };

function holder(change: Partial<PortHolder>): PortHolder {
  return {
    transport: "udp",
    host: "0.0.0.0",
    port: 5060,
    pid: 42,
    program: "pbx",
    unit: "",
    container: "",
    isOurs: true,
    ...change,
  };
}

function reading(
  serverPid: number,
  holders: readonly PortHolder[],
  taken: readonly ("udp" | "tcp")[] = [],
): PortReading {
  const tries = (["udp", "tcp"] as const).map((transport) => ({
    ...WANTED,
    transport,
    failure: taken.includes(transport) ? "EADDRINUSE" : "",
  }));
  return {
    serverPid,
    listen: [WANTED],
    ports: { holders },
    tries: serverPid === 0 ? tries : [],
    isRoot: true,
  };
}

Deno.test("judgePort() passes ports that are ours, and free ones", () => {
  const ours = judgePort(
    reading(42, [holder({}), holder({ transport: "tcp" })]),
  );
  assert.equal(ours.state, "pass");
  assert.deepEqual(ours.details.map(({ key }) => key), ["port-ours"]);
  const free = judgePort(reading(0, []));
  assert.equal(free.state, "pass");
  assert.deepEqual(free.details.map(({ key }) => key), ["port-free"]);
});

Deno.test("judgePort() names a foreign holder and the command that stops it", () => {
  const foreign = holder({
    host: "127.0.0.1",
    pid: 812,
    program: "kamailio",
    unit: "kamailio.service",
    isOurs: false,
  });
  const finding = judgePort(reading(0, [foreign], ["udp"]));
  assert.equal(finding.state, "fail");
  assert.deepEqual(finding.details, [{
    key: "port-foreign",
    values: {
      transport: "UDP",
      address: "127.0.0.1:5060",
      holder: "kamailio (pid 812, kamailio.service)",
    },
  }]);
  assert.deepEqual(finding.remedies, [{
    key: "port-fix-stop",
    values: {
      command: "systemctl disable --now kamailio.service",
      other: "0.0.0.0:5070",
    },
  }]);
});

Deno.test("judgePort() says when only root can see who it is", () => {
  const hidden = holder({ pid: 0, program: "", isOurs: false });
  const finding = judgePort({
    ...reading(0, [hidden], ["udp"]),
    isRoot: false,
  });
  assert.equal(finding.state, "fail");
  assert.equal(finding.details[0]?.key, "port-unseen");
  assert.equal(
    finding.remedies[0]?.values["command"],
    "sudo ss -lunp 'sport = :5060'",
  );
});

Deno.test("judgePort() tells a port that a running server does not hold", () => {
  const udp = holder({});
  const foreign = holder({
    transport: "tcp",
    pid: 9,
    program: "nc",
    isOurs: false,
  });
  assert.equal(judgePort(reading(42, [udp, foreign])).state, "fail");
  // A program on another address of the same port does no harm to ours.
  const beside = holder({ host: "192.0.2.2", pid: 9, isOurs: false });
  const both = [udp, beside, holder({ transport: "tcp" })];
  assert.equal(judgePort(reading(42, both)).state, "pass");
  assert.equal(judgePort(reading(42, [])).state, "skip");
});
