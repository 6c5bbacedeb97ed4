/**
 * The fault matrix, fifth part: scanners from the internet, alone, and while somebody registers a
 * phone. SIPVicious is the program that most of them use.
 * @module
 */

import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { assertVerdict } from "./lab_doctor.ts";
import { diagnose, type Fault, placePhone, wishOf } from "./lab_fault.ts";
import { ADDRESS, type Network, type Place } from "./lab_network.ts";
import { ACCOUNT, openOffice } from "./lab_office.ts";
import type { Running } from "./lab_process.ts";
import { watchFault, watchHealthy } from "./lab_watch.ts";

const { number } = ACCOUNT;
const NEEDS = ["namespaces", "baresip", "svmap", "svwar", "svcrack"];
const SCANS = {
  svmap: ["svmap", "-p", "5060", ADDRESS.server],
  svwar: [
    "svwar",
    "-m",
    "REGISTER",
    "-e",
    "1000-1200",
    "--force",
    ADDRESS.server,
  ],
  svcrack: ["svcrack", "-u", number, "-r", "1-20000", ADDRESS.server],
} as const;

/** Starts a scan; it goes on until the lab closes. */
function scan(
  lab: Lab,
  network: Network,
  name: keyof typeof SCANS,
  place: Place = "lan",
): Running {
  const env = { HOME: lab.directory };
  return lab.spawn(network[place], {
    command: SCANS[name],
    env,
    cwd: lab.directory,
  });
}

for (const name of Object.keys(SCANS) as (keyof typeof SCANS)[]) {
  liveTest(`scanner: ${name} while no phone tries`, NEEDS, async (lab) => {
    const office = await openOffice(lab);
    const wish = wishOf(office, { number: "", timeoutSeconds: 4 });
    const diagnosis = await diagnose(
      lab,
      wish,
      () => void scan(lab, office.network, name),
    );
    assertVerdict(diagnosis, "no-packets", ["scanner"]);
  });

  for (const asked of [number, ""]) {
    liveTest(
      `scanner: ${name} while a phone registers, asked for ${
        asked || "whoever shows up"
      }`,
      NEEDS,
      async (lab) => {
        const office = await openOffice(lab);
        const scanner = scan(lab, office.network, name);
        await office.server.process.waitFor(/friendly-scanner/);
        await watchHealthy(lab, office, ["scanner"], {
          act: () => placePhone(lab, office, "nat").start(),
          wish: { number: asked },
          extension: number,
          host: ADDRESS.router,
        });
        if (name === "svcrack" && scanner.exitCode !== null) {
          throw new Error(scanner.output);
        }
      },
    );
  }
}

liveTest(
  "scanner: svcrack behind the router of a phone that works",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const scanner = scan(lab, office.network, "svcrack", "nat");
    await office.server.process.waitFor(/friendly-scanner/);
    await watchHealthy(lab, office, ["scanner"], {
      act: () => placePhone(lab, office, "nat").start(),
      extension: number,
      host: ADDRESS.router,
    });
    if (scanner.exitCode !== null) throw new Error(scanner.output);
  },
);

liveTest(
  "wrong-password: the phone's, while svcrack guesses the same number's",
  NEEDS,
  async (lab) => {
    const office = await openOffice(lab);
    const scanner = scan(lab, office.network, "svcrack");
    await office.server.process.waitFor(/friendly-scanner/);
    const fault: Fault = {
      code: "wrong-password",
      stage: "auth",
      where: "phone",
      field: "password",
      also: ["scanner"],
    };
    const phone = placePhone(lab, office, "nat", { password: "wrong-horse-7" });
    await watchFault(lab, office, fault, {
      act: () => phone.start(),
      extension: number,
      host: ADDRESS.router,
    });
    if (scanner.exitCode !== null) throw new Error(scanner.output);
  },
);
