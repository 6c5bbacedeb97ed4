import assert from "node:assert/strict";
import type { PortHolder } from "../scene.ts";
import {
  clashes,
  describeHolder,
  isLoopbackOnly,
  listAddresses,
  lookCommand,
  stopCommand,
  toReachable,
} from "./bound_address.ts";

const at = (host: string, port = 5060) => ({ host, port });
const HOLDER: PortHolder = {
  transport: "udp",
  host: "0.0.0.0",
  port: 5060,
  pid: 812,
  program: "kamailio",
  unit: "kamailio.service",
  container: "",
  isOurs: false,
};

Deno.test("clashes() knows what the kernel refuses", () => {
  const table: [string, string, boolean][] = [
    ["0.0.0.0", "0.0.0.0", true],
    ["0.0.0.0", "127.0.0.1", true],
    ["192.0.2.1", "0.0.0.0", true],
    ["192.0.2.1", "192.0.2.2", false],
    ["192.0.2.1", "::", true],
    ["::", "0.0.0.0", false],
    ["::", "::1", true],
    ["2001:db8::1", "::1", false],
  ];
  for (const [wanted, held, expected] of table) {
    assert.equal(clashes(at(wanted), at(held)), expected, `${wanted} ${held}`);
  }
  assert.equal(clashes(at("0.0.0.0"), at("0.0.0.0", 5061)), false);
});

Deno.test("isLoopbackOnly() wants every address to be of this machine", () => {
  assert.equal(isLoopbackOnly([at("127.0.0.1"), at("::1")]), true);
  assert.equal(isLoopbackOnly([at("127.0.0.1"), at("0.0.0.0")]), false);
  assert.equal(isLoopbackOnly([]), false);
});

Deno.test("toReachable() and listAddresses() write addresses as they are used", () => {
  assert.deepEqual(toReachable(at("0.0.0.0")), at("127.0.0.1"));
  assert.deepEqual(toReachable(at("::")), at("::1"));
  assert.deepEqual(toReachable(at("192.0.2.1")), at("192.0.2.1"));
  assert.equal(
    listAddresses([at("0.0.0.0"), at("::")]),
    "0.0.0.0:5060, [::]:5060",
  );
});

Deno.test("stopCommand() stops the unit, the container or the process", () => {
  const table: [Partial<PortHolder>, string][] = [
    [{}, "systemctl disable --now kamailio.service"],
    [{ unit: "" }, "kill 812"],
    [{ pid: 1, program: "systemd" }, "systemctl restart pbx.service"],
    [{ container: "docker 3f4e9d0c1b2a" }, "docker stop 3f4e9d0c1b2a"],
    [{ container: "lxc office" }, "lxc-stop -n office"],
    [{ container: "kube 3f4e9d0c1b2a" }, "crictl stop 3f4e9d0c1b2a"],
    [
      { program: "docker-proxy", unit: "docker.service" },
      "docker stop $(docker ps -q --filter publish=5060)",
    ],
  ];
  for (const [change, command] of table) {
    assert.equal(stopCommand({ ...HOLDER, ...change }, true), command);
  }
  assert.equal(
    stopCommand(HOLDER, false),
    "sudo systemctl disable --now kamailio.service",
  );
});

Deno.test("describeHolder() and lookCommand() name the program and how to see it", () => {
  assert.equal(
    describeHolder(HOLDER),
    "kamailio (pid 812, kamailio.service)",
  );
  assert.equal(
    describeHolder({
      ...HOLDER,
      program: "",
      unit: "",
      container: "lxc office",
    }),
    "? (pid 812, lxc office)",
  );
  assert.equal(
    lookCommand("tcp", 5060, false),
    "sudo ss -ltnp 'sport = :5060'",
  );
});
