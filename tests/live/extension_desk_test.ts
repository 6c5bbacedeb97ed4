/**
 * Extensions as the page changes them, on a real database; and a real Linphone that sets itself up
 * by a one-time link.
 * @module
 */

import assert from "node:assert/strict";
import type { Config } from "../../pbx/config.ts";
import { type Database, openDatabase } from "../../pbx/io/database.ts";
import { ExtensionStore } from "../../pbx/io/extension_store.ts";
import { openExtensionDesk } from "../../web/io/extension_desk.ts";
import { rememberExtensions } from "../../web/io/extension_list.ts";
import { openExtensionsSource } from "../../web/io/page_extensions.ts";
import type { LostName } from "../../web/phone/lost_name.ts";
import { openPhoneDesk } from "../../web/io/phone_desk.ts";
import { makeLinks } from "../../web/phone/phone_desk.ts";
import { ProvisionLinks } from "../../web/phone/provision_links.ts";
import { addProvision } from "../../web/phone/provision_route.ts";
import { makeSampleApp } from "../../web/phone/sample_phone_test.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";

const random = (octets: number) =>
  crypto.getRandomValues(new Uint8Array(octets));
const nowMs = () => Date.now();

/** What the page has of a server, on a database of its own. */
class Office implements Disposable {
  readonly links = new ProvisionLinks();
  lost: readonly LostName[] = [];
  readonly #database: Database;
  readonly store: ExtensionStore;

  constructor(lab: Lab) {
    const path = `${lab.directory}/desk`;
    this.#database = openDatabase(path, { domains: [], create: true });
    this.store = new ExtensionStore(this.#database);
  }

  readonly desk = () =>
    openExtensionDesk({ store: this.store, links: this.links, random, nowMs });

  phones(
    http: Config["http"],
    publicAddress: string | null,
    domains: readonly string[] = [],
  ) {
    const config = {
      domains,
      publicAddress,
      sip: [{ host: "0.0.0.0", port: 5080 }],
      http,
      tls: null,
    } as unknown as Config;
    return openPhoneDesk({
      config,
      localAddresses: ["127.0.0.1", "192.0.2.7"],
      extensions: this.store,
      links: this.links,
      lostNames: () => this.lost,
      opening: () => ({ setting: "", file: "", port: 8060, command: "" }),
      random,
      nowMs,
    });
  }

  /** Somebody else writes to the same database. */
  elsewhere(): ExtensionStore {
    return new ExtensionStore(this.#database);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

liveTest("the desk adds, changes and removes extensions", [], async (lab) => {
  await Promise.resolve();
  using office = new Office(lab);
  const desk = office.desk();
  const added = desk.add({ number: "1001", name: "Ali", password: null });
  assert.ok(added.isDone && added.password !== null);
  assert.ok(office.store.isPassword("1001", added.password));
  assert.ok(!office.store.isPassword("1002", added.password));
  assert.equal(office.links.find("1001", nowMs())?.password, added.password);

  const refusals = [
    [desk.add({ number: "1001", name: "", password: null }), "number-taken"],
    [desk.add({ number: "1o1", name: "", password: null }), "wrong-number"],
    [desk.add({ number: "1", name: "a\nb", password: null }), "wrong-name"],
    [desk.add({ number: "1", name: "", password: "" }), "wrong-password"],
    [desk.rename("1002", "x"), "no-such-number"],
    [desk.rename("1001", "x".repeat(101)), "wrong-name"],
    [desk.setPassword("1002", null), "no-such-number"],
    [desk.setPassword("1001", "a\u0000"), "wrong-password"],
    [desk.remove("1002"), "no-such-number"],
  ] as const;
  for (const [answer, why] of refusals) {
    assert.equal(answer.isDone ? "" : answer.why, why);
  }

  const before = office.store.revision();
  assert.deepEqual(desk.rename("1001", "Vali"), {
    isDone: true,
    password: null,
  });
  assert.ok(office.store.revision() > before);
  assert.ok(office.store.isPassword("1001", added.password));
  assert.deepEqual(desk.setPassword("1001", "other"), {
    isDone: true,
    password: null,
  });
  assert.ok(office.store.isPassword("1001", "other"));
  assert.deepEqual(office.store.list(), [{ number: "1001", name: "Vali" }]);
  assert.ok(desk.remove("1001").isDone);
  assert.deepEqual(office.store.list(), []);
  assert.equal(office.links.find("1001", nowMs()), null);
});

liveTest(
  "a phone is told an address while the name leads elsewhere",
  [],
  async (lab) => {
    await Promise.resolve();
    using office = new Office(lab);
    office.store.add([{ number: "1001", name: "", password: "secret" }]);
    const phones = office.phones(null, null, ["pbx.test"]);
    const told = () => {
      const { server, lostName } = phones.accountOf("1001")!;
      return [server, lostName?.name ?? null];
    };
    assert.deepEqual(told(), ["pbx.test:5080", null]);
    office.lost = [{ name: "pbx.test", addresses: "" }];
    assert.deepEqual(told(), ["192.0.2.7:5080", "pbx.test"]);
    office.lost = [{ name: "other.test", addresses: "" }];
    assert.deepEqual(told(), ["pbx.test:5080", null]);
  },
);

liveTest("the list is read anew only after a change", [], async (lab) => {
  await Promise.resolve();
  using office = new Office(lab);
  const desk = office.desk();
  desk.add({ number: "1001", name: "", password: null });
  const source = openExtensionsSource({
    extensions: office.store,
    listExtensions: rememberExtensions(office.store),
    exchange: {
      listBindings: () => [],
      status: () => ({ registrations: 3 }),
    },
    reports: { list: () => [], listOf: () => [] },
    desk,
  });
  const first = source.extensions();
  assert.equal(source.extensions(), first);
  office.elsewhere().add([{ number: "7", name: "", password: "x" }]);
  assert.deepEqual(source.extensions().map(({ number }) => number), [
    "7",
    "1001",
  ]);
  assert.equal(source.find("7")?.number, "7");
  assert.equal(source.find("8"), null);
  assert.equal(source.phoneCount(), 3);
});

liveTest(
  "a password that was changed elsewhere is not shown any more",
  [],
  async (lab) => {
    await Promise.resolve();
    using office = new Office(lab);
    const phones = office.phones({ host: "0.0.0.0", port: 8060 }, null);
    assert.equal(phones.accountOf("1001"), null);
    assert.equal(phones.outside, "http://192.0.2.7:8060");
    office.desk().add({ number: "1001", name: "", password: "first" });
    assert.deepEqual(phones.accountOf("1001"), {
      number: "1001",
      name: "",
      server: "192.0.2.7:5080",
      transport: "udp",
      password: "first",
      lostName: null,
    });
    office.elsewhere().setPassword("1001", "second");
    assert.equal(phones.accountOf("1001")?.password, null);
    assert.equal(makeLinks(phones, "1001", NOWHERE), null);
    const atHome = office.phones({ host: "127.0.0.1", port: 8060 }, null);
    assert.equal(atHome.outside, null);
  },
);

const NOWHERE = { host: undefined, isSecure: false };

liveTest(
  "Linphone sets itself up by a one-time link, and does not come back",
  ["linphonec"],
  async (lab) => {
    using office = new Office(lab);
    office.desk().add({
      number: "1001",
      name: 'Ali "B" <c> & Жан',
      password: "p&<'\">;x",
    });
    const app = makeSampleApp();
    const asked: string[] = [];
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request, { remoteAddr }) => {
        asked.push(request.method);
        const peer = (remoteAddr as Deno.NetAddr).hostname;
        return app.fetch(request, { peer, isSecure: false });
      },
    );
    const { port } = server.addr;
    const phones = office.phones({ host: "0.0.0.0", port }, "127.0.0.1");
    addProvision(app, phones);
    const { once } = makeLinks(phones, "1001", NOWHERE)!;
    const file = `${lab.directory}/linphonerc`;
    Deno.mkdirSync(`${lab.directory}/.local/share/linphone`, {
      recursive: true,
    });
    Deno.writeTextFileSync(
      file,
      "[sip]\nsip_port=0\nsip_tcp_port=0\nsip_tls_port=0\nuse_ipv6=0\n" +
        `[misc]\nconfig-uri=${once!.linphone}\n`,
    );
    const phone = lab.spawn(null, {
      command: ["linphonec", "-c", file, "-d", "6", "-l", "/dev/stderr"],
      env: { HOME: lab.directory },
    });
    await phone.waitFor(/Set proxy_0\|reg_identity/, 15_000);
    await phone.waitFor(/Set auth_info_0\|passwd/, 15_000);
    await phone.write("quit\n");
    await phone.wait(15_000);
    const settings = Deno.readTextFileSync(file);
    assert.match(settings, /^reg_identity="Ali \\"B\\" <c> & Жан" <sip:1001@/m);
    assert.match(settings, /^reg_proxy=<sip:127\.0\.0\.1:5080;transport=udp>/m);
    assert.doesNotMatch(settings, /^config-uri=http/m);
    assert.deepEqual(asked, ["GET"]);
  },
);
