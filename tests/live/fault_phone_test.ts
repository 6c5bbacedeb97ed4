/**
 * The fault matrix, third part: what somebody typed into the phone is wrong. Most cases end with
 * the mended phone.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { assertMended, type Fault, placePhone } from "./lab_fault.ts";
import { ADDRESS, type Place } from "./lab_network.ts";
import { ACCOUNT, openOffice, openPhone, PLACES } from "./lab_office.ts";
import { runSipp } from "./lab_sipp.ts";
import { type Account, SOFTPHONES } from "./lab_softphone.ts";
import { watchFault, watchHealthy } from "./lab_watch.ts";

const { number, password } = ACCOUNT;
const BARESIP = ["namespaces", "baresip"];

/** What is typed wrong, and what must be said of it. */
interface Slip {
  readonly title: string;
  readonly program: string;
  readonly place: Place;
  readonly account: Partial<Account>;
  readonly config?: string;
  /** Asked without a number. */
  readonly isAnyone?: boolean;
  /** What `explain` is told besides the file. */
  readonly hint?: readonly string[];
  readonly fault: Fault;
}

const WRONG_PASSWORD = {
  code: "wrong-password",
  stage: "auth",
  where: "phone",
  field: "password",
  evidence: /wrong password[^]*`REGISTER` with `403`/,
} as const;
const UNKNOWN_EXTENSION = {
  code: "unknown-extension",
  stage: "account",
  where: "phone",
  field: "number",
  evidence: /no extension `1020`[^]*exist: `1002, 1001`/,
} as const;
const WRONG_DOMAIN = {
  code: "wrong-domain",
  stage: "domain",
  where: "phone",
  field: "domain",
} as const;
const LOGIN_DIFFERS = {
  code: "login-differs",
  stage: "auth",
  where: "phone",
  field: "login",
} as const;
const USES_TLS = {
  code: "phone-uses-tls",
  stage: "transport",
  where: "phone",
  field: "transport",
} as const;
const CONFIG = 'domain = ["pbx.example"]\n';

const SLIPS: readonly Slip[] = [
  ...Object.keys(SOFTPHONES).flatMap((program) =>
    (Object.keys(PLACES) as Place[]).map((place) => ({
      title: "",
      program,
      place,
      account: { password: "wrong-horse-7" },
      fault: WRONG_PASSWORD,
    }))
  ),
  {
    title: "asked for the number that was meant",
    program: "baresip",
    place: "nat",
    account: { number: "1020" },
    fault: UNKNOWN_EXTENSION,
  },
  {
    title: "asked for whoever shows up",
    program: "linphonec",
    place: "lan",
    account: { number: "1020" },
    isAnyone: true,
    fault: UNKNOWN_EXTENSION,
  },
  {
    title: "another server's name in every field",
    program: "baresip",
    place: "nat",
    account: { domain: "office.example" },
    config: CONFIG,
    fault: {
      ...WRONG_DOMAIN,
      evidence: /domain `office\.example`[^]*serves `pbx\.example`/,
      text: /`pbx\.example`/,
    },
  },
  {
    title: "another server's name in the To header only",
    program: "linphonec",
    place: "lan",
    account: { domain: "office.example" },
    config: CONFIG,
    fault: { ...WRONG_DOMAIN, evidence: /domain `office\.example`/ },
  },
  {
    title: "localhost, as on the server itself",
    program: "baresip",
    place: "nat",
    account: { domain: "localhost" },
    fault: {
      ...WRONG_DOMAIN,
      evidence: /domain `localhost`/,
      text: /`192\.0\.2\.1`/,
    },
  },
  {
    title: "a name instead of the number",
    program: "baresip",
    place: "nat",
    account: { login: "front.desk" },
    fault: { ...LOGIN_DIFFERS, evidence: /as `front\.desk`.* is `1001`/ },
  },
  {
    title: "another extension with its password",
    program: "baresip",
    place: "lan",
    account: { login: "1002" },
    fault: { ...LOGIN_DIFFERS, evidence: /as `1002`.* is `1001`/ },
  },
  {
    title: "a name instead of the number",
    program: "linphonec",
    place: "nat",
    account: { login: "front.desk" },
    fault: { ...LOGIN_DIFFERS, evidence: /as `front\.desk`.* is `1001`/ },
  },
  {
    title: "to the port of SIP over TLS",
    program: "linphonec",
    place: "nat",
    account: { transport: "tls" },
    // the capture has a refused connection only, which names no server
    hint: ["--server", `${ADDRESS.server}:5060`],
    fault: { ...USES_TLS, evidence: /connect to port `5061`/ },
  },
  {
    title: "to the port of SIP",
    program: "linphonec",
    place: "lan",
    account: { transport: "tls", port: 5060 },
    fault: { ...USES_TLS, evidence: /TLS on port `5060`/ },
  },
  {
    title: "to the port of SIP",
    program: "baresip",
    place: "nat",
    account: { transport: "tls", port: 5060 },
    isAnyone: true,
    fault: { ...USES_TLS, evidence: /TLS on port `5060`/ },
  },
];

for (const slip of SLIPS) {
  const { title, program, place, account, config, fault } = slip;
  const name = [`${fault.code}: ${program}, ${place}`, title].join(", ");
  liveTest(name.replace(/, $/, ""), ["namespaces", program], async (lab) => {
    const office = await openOffice(lab, {
      extensions: { "1002": password },
      ...config !== undefined && { config },
    });
    const namespace = office.network[place];
    const open = SOFTPHONES[program]!;
    const wrong = { ...ACCOUNT, ...account };
    const phone = open(lab, namespace, wrong);
    const more = config === undefined
      ? []
      : ["--config", `${lab.directory}/pbx.toml`];
    await watchFault(lab, office, fault, {
      act: () => phone.start(),
      wish: { more, ...slip.isAnyone && { number: "" } },
      extension: account.transport === "tls" ? "" : wrong.number,
      host: PLACES[place].seen,
      ...slip.hint !== undefined && { hint: slip.hint },
    });
    await phone.crash();
    await assertMended(lab, office, open(lab, namespace, ACCOUNT), { more });
  });
}

liveTest("wrong-realm: a phone that answers another server's question", [
  "namespaces",
], async (lab) => {
  const office = await openOffice(lab);
  await using phone = openPhone(office.network, "nat", { realm: "elsewhere" });
  await using right = openPhone(office.network, "nat");
  const contacts = [`<${phone.contact}>;expires=60`];
  await watchFault(lab, office, {
    code: "wrong-realm",
    stage: "auth",
    where: "phone",
    field: "domain",
    evidence: /`\d` answers .* another server's question/,
  }, {
    act: async () => {
      await phone.register(contacts);
      await phone.register(contacts);
    },
    extension: number,
    host: ADDRESS.router,
  });
  await assertMended(lab, office, {
    start: () => right.register([`<${right.contact}>;expires=60`]),
  });
});

liveTest("too-many-phones: a second phone where one is allowed", [
  "baresip",
  "linphonec",
  "namespaces",
], async (lab) => {
  const office = await openOffice(lab, {
    config: "[registration]\ncontacts = 1\n",
  });
  const first = placePhone(lab, office, "lan", { expiresSeconds: 600 });
  first.start();
  await first.registered();
  const second = SOFTPHONES["linphonec"]!(lab, office.network.nat, ACCOUNT);
  const more = ["--config", `${lab.directory}/pbx.toml`];
  await watchFault(lab, office, {
    code: "too-many-phones",
    stage: "policy",
    where: "server",
    evidence: /`1001` has as many phones as it may/,
    text: /its `1` phones/,
  }, {
    act: () => second.start(),
    wish: { more },
    extension: number,
    host: ADDRESS.router,
  });
  await second.crash();
  await first.unregister();
  await assertMended(lab, office, second, { more });
});

liveTest("interval-too-brief: a phone that asks for five seconds", [
  ...BARESIP,
  "sipp",
], async (lab) => {
  const office = await openOffice(lab);
  const phone = {
    ...ACCOUNT,
    namespace: office.network.lan,
    from: ADDRESS.lan,
  };
  await watchFault(lab, office, {
    code: "interval-too-brief",
    stage: "policy",
    severity: "warning",
    where: "phone",
    field: "interval",
    evidence: /`[3-9]` times in a row/,
  }, {
    act: () => runSipp(lab, { ...phone, scenario: "too_brief", calls: 4 }),
    extension: number,
    host: ADDRESS.lan,
  });
  await assertMended(lab, office, placePhone(lab, office, "lan"));
});

for (const program of Object.keys(SOFTPHONES)) {
  liveTest(`phone-uses-tcp: ${program}, and it works`, [
    "namespaces",
    program,
  ], async (lab) => {
    const office = await openOffice(lab);
    const account = { ...ACCOUNT, transport: "tcp" } as const;
    const phone = SOFTPHONES[program]!(lab, office.network.nat, account);
    const { also } = await watchHealthy(lab, office, ["phone-uses-tcp"], {
      act: () => phone.start(),
      extension: number,
      host: ADDRESS.router,
    });
    assert.deepEqual(also.map(({ severity }) => severity), ["info"]);
  });

  liveTest(`phone-uses-tcp: ${program}, refused`, [
    "namespaces",
    "ss",
    program,
  ], async (lab) => {
    const office = await openOffice(lab);
    const { server, nat } = office.network;
    await lab.run(server, ["ss", "-K", "-tln", "sport", "=", ":5060"]);
    const open = SOFTPHONES[program]!;
    const phone = open(lab, nat, { ...ACCOUNT, transport: "tcp" });
    await watchFault(lab, office, {
      code: "phone-uses-tcp",
      stage: "transport",
      where: "phone",
      field: "transport",
      evidence: /connect to TCP port `5060` and was refused/,
    }, { act: () => phone.start(), extension: "", host: ADDRESS.router });
    await phone.crash();
    await assertMended(lab, office, open(lab, nat, ACCOUNT));
  });
}

liveTest("phone-uses-tls: a handshake of openssl, asked for a number", [
  ...BARESIP,
  "openssl",
], async (lab) => {
  const office = await openOffice(lab);
  const connect = `${ADDRESS.server}:5060`;
  const command = ["openssl", "s_client", "-connect", connect];
  await watchFault(lab, office, USES_TLS, {
    act: () => void lab.spawn(office.network.nat, { command }),
    extension: "",
    host: ADDRESS.router,
  });
  await assertMended(lab, office, placePhone(lab, office, "nat"));
});
