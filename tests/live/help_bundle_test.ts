/**
 * The help bundle that a server makes of itself: everything is in it that the command finds, no
 * secret is, one is made at a time, and others have their turn while it is made.
 * @module
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import {
  collectFacts,
  collectMessages,
} from "../../diag/ledger/collect_facts.ts";
import { Recorder } from "../../diag/ledger/recorder.ts";
import { openDatabase } from "../../pbx/io/database.ts";
import { ExtensionStore } from "../../pbx/io/extension_store.ts";
import { Flow } from "../../sip/flow.ts";
import { readText, toOctets } from "../../sip/octet.ts";
import { readEvidence } from "../../web/io/evidence_file.ts";
import { runGently } from "../../web/io/gentle.ts";
import { loadConfig } from "../../web/io/load_config.ts";
import { type HelpParts, openHelpSource } from "../../web/io/page_help.ts";
import { openShell } from "../../web/io/shell.ts";
import { FactCrowd } from "../fact_crowd.ts";
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";

const NUMBER = "73914026";
const PASSWORD = "correct-horse-7";

interface Scene {
  readonly parts: HelpParts;
  readonly faults: unknown[];
  readonly realm: string;
}

async function openScene(lab: Lab): Promise<Scene> {
  const shell = openShell("1.2.3", {}, import.meta.url);
  const options = { data: `${lab.directory}/data` };
  const config = await loadConfig(shell, options);
  const database = openDatabase(config.dataDir, { domains: [], create: true });
  new ExtensionStore(database).add([
    { number: NUMBER, name: "Ann", password: PASSWORD },
  ]);
  const { realm } = database;
  database.close();
  const recorder = makeRecorder(hashOf(realm));
  const faults: unknown[] = [];
  const parts: HelpParts = {
    shell,
    config,
    options,
    evidence: {
      status: () => ({ version: "1.2.3" }),
      listExtensions: () => [{ number: NUMBER }],
      facts: () => runGently(collectFacts(recorder.ledger)),
      messages: () => runGently(collectMessages(recorder.traffic)),
      verdicts: () => Promise.resolve([]),
    },
    runChecks: () => Promise.resolve({ ok: true, checks: [] }),
    onFault: (error) => faults.push(error),
  };
  return { parts, faults, realm };
}

function hashOf(realm: string): string {
  return createHash("md5").update(`${NUMBER}:${realm}:${PASSWORD}`).digest(
    "hex",
  );
}

/** A full one. */
function makeRecorder(hash: string): Recorder {
  const recorder = new Recorder();
  const crowd = new FactCrowd({
    seed: 3,
    phones: 300,
    phoneHosts: 300,
    strangers: 300,
  });
  for (let i = 0; i < 20_000; i++) {
    for (const fact of crowd.next()) recorder.add(fact);
  }
  for (let i = 0; i < 4096; i++) {
    const octets = toOctets(
      `REGISTER sip:pbx SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK${i}\r\n` +
        `From: "Ann" <sip:${NUMBER}@pbx>;tag=a\r\nTo: <sip:${NUMBER}@pbx>\r\n` +
        `Call-ID: c${i}\r\nCSeq: 1 REGISTER\r\nX-Note: ${hash}\r\n` +
        `Authorization: Digest username="${NUMBER}", response="SECRET"\r\nContent-Length: 0\r\n\r\n`,
    );
    const flow = new Flow(
      "udp",
      0,
      "192.0.2.1",
      5060,
      `198.51.${i >> 7}.${i & 127}`,
      1,
    );
    recorder.traffic.add("in", octets, 0, octets.length, flow, i);
  }
  return recorder;
}

liveTest(
  "HelpSource.makeReport() makes one bundle at a time, and holds nobody up",
  [],
  async (lab) => {
    const { parts, faults, realm } = await openScene(lab);
    const source = openHelpSource(parts);
    assert.match(source.command("doctor"), / doctor --data \S+\/data$/);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const making = source.makeReport("en", true);
    assert.equal(source.makeReport("en", true), null);
    const { name, octets } = await making!;
    clearInterval(timer);
    assert.match(name, /^pbx-report-\d{8}-\d{6}\.zip$/);
    assert.ok(turns > 100, String(turns));
    const files = unzipSync(octets);
    assert.equal(Object.keys(files).length, 14);
    const secrets = ["SECRET", hashOf(realm)];
    for (const [file, content] of Object.entries(files)) {
      const text = readText(content, 0, content.length);
      for (const secret of secrets) {
        assert.ok(!text.includes(secret), `${secret} is in ${file}`);
      }
    }
    assert.match(readText(files["messages.txt"]!, 0, 5000), /73914026/);
    const path = `${lab.directory}/${name}`;
    await Deno.writeFile(path, octets);
    const evidence = await readEvidence(path);
    assert.ok(
      evidence.kind === "bundle" && evidence.bundle.facts.length > 5000,
    );
    assert.deepEqual(faults, []);
  },
);

liveTest(
  "HelpSource.makeReport() leaves numbers out, and can be tried again where it failed",
  [],
  async (lab) => {
    const { parts, faults } = await openScene(lab);
    let isBroken = true;
    const source = openHelpSource({
      ...parts,
      evidence: {
        ...parts.evidence,
        status: () => {
          if (isBroken) throw new Error("broken");
          return null;
        },
      },
    });
    await assert.rejects(source.makeReport("en", false)!, /broken/);
    assert.equal(faults.length, 1);
    isBroken = false;
    const { octets } = await source.makeReport("ru", false)!;
    for (const [file, content] of Object.entries(unzipSync(octets))) {
      const text = readText(content, 0, content.length);
      assert.ok(!text.includes(NUMBER), `the number is in ${file}`);
    }
  },
);
