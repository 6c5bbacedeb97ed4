import assert from "node:assert/strict";
import { makeScene } from "../scene_make.ts";
import type { NameView, Scene, ServerView } from "../scene.ts";
import { Watch } from "../watch.ts";
import { serverAddress, withPort } from "./server_address.ts";

const SERVER: ServerView = {
  isRunning: true,
  pid: 7,
  unit: "",
  unitState: "",
  lastError: "",
  startCommand: "",
  listen: [{ host: "0.0.0.0", port: 17060 }],
  localAddresses: ["127.0.0.1", "203.0.113.5"],
  publicAddress: "",
  domains: ["pbx.test"],
  rtp: { first: 10_000, last: 19_999 },
  contactLimit: 10,
};
const NOWHERE: NameView = {
  name: "pbx.test",
  isAsked: true,
  ipv4: [],
  ipv6: [],
  services: [],
  error: "NXDOMAIN",
};

function addressIn(part: Partial<Scene>): string {
  const watch = new Watch({ number: "1001", since: 0, wirePorts: null });
  const { story } = watch.look(1, false, {});
  return serverAddress(story, makeScene(1, { server: SERVER, ...part }));
}

Deno.test("serverAddress() has the port where a phone would not take it by itself", () => {
  assert.equal(addressIn({}), "pbx.test:17060");
  assert.equal(addressIn({ name: "typed.test" }), "typed.test:17060");
  assert.equal(addressIn({ name: "typed.test:5080" }), "typed.test:5080");
  const listen = [...SERVER.listen, { host: "0.0.0.0", port: 5060 }];
  assert.equal(addressIn({ server: { ...SERVER, listen } }), "pbx.test");
  assert.equal(addressIn({ server: null }), "");
});

Deno.test("serverAddress() leaves out a name that is known to lead nowhere or elsewhere", () => {
  assert.equal(addressIn({ names: [NOWHERE] }), "203.0.113.5:17060");
  const elsewhere = { ...NOWHERE, ipv4: ["8.8.8.8"] };
  const publicOnes = { ...SERVER, localAddresses: ["9.9.9.9"] };
  assert.equal(
    addressIn({ names: [elsewhere], server: publicOnes }),
    "9.9.9.9:17060",
  );
  // a router in front of it may have that address
  const inside = { ...SERVER, localAddresses: ["10.0.0.5"] };
  assert.equal(
    addressIn({ names: [elsewhere], server: inside }),
    "pbx.test:17060",
  );
  assert.equal(
    addressIn({ names: [{ ...NOWHERE, isAsked: false }] }),
    "pbx.test:17060",
  );
});

Deno.test("withPort() writes an IPv6 address in brackets", () => {
  assert.equal(withPort("2001:db8::1", 5080), "[2001:db8::1]:5080");
  assert.equal(withPort("2001:db8::1", 5060), "2001:db8::1");
});
