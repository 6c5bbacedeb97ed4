import assert from "node:assert/strict";
import { parseCgroup } from "./cgroup.ts";

const ID = "3f4e9d0c1b2a" + "5".repeat(52);
const NONE = { unit: "", userId: null, container: null };

Deno.test("parseCgroup() finds units of both versions", () => {
  const unit = { ...NONE, unit: "asterisk.service" };
  assert.deepEqual(parseCgroup("0::/system.slice/asterisk.service\n"), unit);
  assert.deepEqual(
    parseCgroup("0::/system.slice/asterisk.service/workers\n"),
    unit,
  );
  const first =
    "9:name=systemd:/system.slice/asterisk.service\n4:memory:/x\n0::/\n";
  assert.deepEqual(parseCgroup(first), unit);
  const unused =
    "9:name=systemd:/\n4:memory:/\n0::/system.slice/asterisk.service\n";
  assert.deepEqual(parseCgroup(unused), unit);
});

Deno.test("parseCgroup() tells the units of a user from the system's", () => {
  const path = "/user.slice/user-1000.slice/user@1000.service/app.slice/";
  assert.deepEqual(parseCgroup(`0::${path}phone.service\n`), {
    ...NONE,
    unit: "phone.service",
    userId: 1000,
  });
  assert.deepEqual(parseCgroup(`0::${path}app-gnome-x-12.scope\n`), NONE);
});

Deno.test("parseCgroup() finds no unit in a login session and in nonsense", () => {
  const session = "0::/user.slice/user-0.slice/session-3.scope\n";
  assert.deepEqual(parseCgroup(session), NONE);
  for (const text of ["", "\n\n", "0::\n", "garbage", "1:a:b:c\n", "0::/\n"]) {
    assert.deepEqual(parseCgroup(text), NONE, text);
  }
});

Deno.test("parseCgroup() names containers as their own commands do", () => {
  const table: [string, string, string][] = [
    [`0::/system.slice/docker-${ID}.scope`, "docker", "3f4e9d0c1b2a"],
    [`4:memory:/docker/${ID}`, "docker", "3f4e9d0c1b2a"],
    [
      `0::/machine.slice/libpod-${ID}.scope/container`,
      "podman",
      "3f4e9d0c1b2a",
    ],
    [
      `0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope`,
      "podman",
      "3f4e9d0c1b2a",
    ],
    [
      `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice/cri-containerd-${ID}.scope`,
      "kube",
      "3f4e9d0c1b2a",
    ],
    [`11:cpu:/kubepods/besteffort/pod1-2/${ID}`, "kube", "3f4e9d0c1b2a"],
    [`0::/system.slice/nerdctl-${ID}.scope`, "containerd", "3f4e9d0c1b2a"],
    [`0::/system.slice/crio-${ID}.scope`, "crio", "3f4e9d0c1b2a"],
    ["0::/lxc.payload.office/system.slice/a.service", "lxc", "office"],
    ["4:memory:/lxc/office", "lxc", "office"],
  ];
  for (const [line, kind, id] of table) {
    assert.deepEqual(parseCgroup(`${line}\n`).container, { kind, id }, line);
  }
});
