/**
 * An office as busy as a page can be asked to show: phones that work and phones that do not, a
 * scanner, calls of every ending, one that goes on, and somebody who guessed the page's password.
 * @module
 */

import { Baresip } from "./lab_baresip.ts";
import { baseOf } from "./lab_browser.ts";
import { accountOf, CALLEE_TONE, CALLER_TONE } from "./lab_call.ts";
import { Caller } from "./lab_caller.ts";
import { runPbx } from "./lab_command.ts";
import type { Lab } from "./lab.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ADDRESS, type Network } from "./lab_network.ts";
import { Linphone } from "./lab_linphone.ts";
import { ScriptPhone } from "./lab_phone.ts";
import { until } from "./lab_process.ts";
import { Server } from "./lab_server.ts";
import type { Softphone } from "./lab_softphone.ts";

export const TOUR_NEEDS = ["baresip", "linphonec", "curl"];

/** Who works here; a name without letters, one that is long, one in Cyrillic, and one hostile. */
const PEOPLE: Readonly<Record<string, string>> = {
  "1001": "Qabulxona",
  "1002": "Anvar Oʻrinov",
  "1003": "Dilnoza Karimova",
  "1004": "Бухгалтерия",
  "1005": "Ombor",
  "1006":
    "Ulugʻbek Abdurahmonov, mijozlarga xizmat koʻrsatish boʻlimi boshligʻi",
  "1007": "",
  "1008": "Олег Ким, склад № 2",
  "1009": '<i>"Majlis" & zal</i>',
  "1010": "Direktor",
  "1011": "Qorovulxona",
  "1012": "Sardor",
};
/** Who rings whom in vain, and a number that nobody has. */
const ABSENT = "1005";
const UNKNOWN = "1099";
const SCANNER = "192.0.2.66";
/** The address of the server's that its page is asked from by the one who guesses. */
export const GUESSER = "198.51.100.1";
/** The least that a server takes. */
const RING_SECONDS = 5;

export interface Tour {
  readonly network: Network;
  readonly server: Server;
  /** Behind the router, in a call with 1002. */
  readonly caller: Softphone;
  readonly callee: Softphone;
}

/** Opens the office, with nothing in it but its people. */
export async function openTour(lab: Lab): Promise<Tour> {
  const network = await lab.network();
  await lab.run(network.server, [
    ...["ip", "route", "add", "default", "via", ADDRESS.router],
  ]);
  const data = `${lab.directory}/data`;
  const rows = Object.entries(PEOPLE).map(([number, name]) =>
    `${number},${accountOf(number).password},"${name.replaceAll('"', '""')}"`
  );
  await runPbx(
    lab,
    ["extension", "import", "-", "--data", data],
    `number,password,name\n${rows.join("\n")}\n`,
  );
  const server = await Server.start(lab, {
    namespace: network.server,
    sip: ["0.0.0.0:5060"],
    data,
    config: `[calls]\nring_seconds = ${RING_SECONDS}\n`,
  });
  return {
    network,
    server,
    caller: new Baresip(lab, network.nat, {
      ...accountOf("1001"),
      tone: CALLER_TONE,
    }),
    callee: new Linphone(lab, network.lan, {
      ...accountOf("1002"),
      tone: CALLEE_TONE,
    }),
  };
}

/** Fills the office with life; ends when everything has happened and the call goes on. */
export async function fillTour(lab: Lab, tour: Tour): Promise<void> {
  const { network, caller, callee } = tour;
  const place = (number: string, password: string) =>
    new Baresip(lab, network.nat, { ...accountOf(number), password });
  const strangers = [
    place("1003", "not-her-password"),
    place(UNKNOWN, "whatever-it-was"),
  ];
  for (const phone of [caller, callee, ...strangers]) phone.start();
  await Promise.all([
    ...strangers.map((phone) => phone.refused()),
    scan(lab, network),
    callAround(tour),
  ]);
  // it repeats itself each minute, and its verdict is there
  await strangers[1]!.crash();
}

async function callAround({ network, caller, callee }: Tour): Promise<void> {
  await using busy = new Caller({
    socket: openUdpSocket(network.lan, ADDRESS.lan),
    server: { host: ADDRESS.server, port: 5060 },
    number: "1004",
    password: accountOf("1004").password,
  });
  await Promise.all([
    caller.registered(),
    callee.registered(),
    busy.register(),
  ]);
  const dial = async (number: string) => {
    await caller.call(number);
    await caller.ended();
  };
  await dial(UNKNOWN);
  await dial(ABSENT);
  await caller.call("1004");
  await busy.reply(await busy.asked("INVITE"), 486);
  await caller.ended();
  // rings until nobody is patient any more
  await dial("1004");
  await talk(caller, callee);
  // long enough for a verdict on its sound
  await until("the caller has heard two seconds", () => {
    const { rate, samples } = caller.heard();
    return samples.length > 2 * rate;
  });
  await caller.hangUp();
  await callee.ended();
  await talk(caller, callee);
}

async function talk(caller: Softphone, callee: Softphone): Promise<void> {
  await caller.call("1002");
  await callee.rings();
  await callee.answer();
  await caller.established();
}

/** What every server in the internet sees. */
async function scan(lab: Lab, { lan }: Network): Promise<void> {
  await lab.run(lan, ["ip", "addr", "add", `${SCANNER}/24`, "dev", "eth0"]);
  for (const number of ["100", "101", "102", "admin", "1001", "200"]) {
    await using phone = new ScriptPhone({
      socket: openUdpSocket(lan, SCANNER),
      server: { host: ADDRESS.server, port: 5060 },
      number,
      password: number,
      userAgent: "friendly-scanner",
    });
    await phone.register([phone.contact]);
  }
}

/** Guesses the page's password until the page has had enough; that lasts a minute. */
export async function guess(
  lab: Lab,
  { network, server }: Tour,
): Promise<void> {
  for (let time = 0; time < 6; time++) {
    await lab.run(network.server, [
      ...["curl", "-sS", "-o", "/dev/null", "--interface", GUESSER],
      ...["-d", `password=guess-${time}-and-guess`, `${baseOf(server)}/login`],
    ]);
  }
}
