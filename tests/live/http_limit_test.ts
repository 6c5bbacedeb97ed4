/**
 * What strangers who hold connections to the page cost: at the worst the page for a moment, never
 * for good, and never the phones.
 * @module
 */

import assert from "node:assert/strict";
import { liveTest } from "./lab_case.ts";
import { Site } from "./lab_site.ts";

/** Files that the server may open beyond those that it has open. */
const SPARE = 40;

liveTest(
  "pbx serve serves its page again when others had taken all its files",
  ["prlimit"],
  async (lab) => {
    const site = await Site.start(lab, `${lab.directory}/data`);
    const { port, process: { pid } } = site;
    // everything that a first answer opens is open
    assert.equal((await site.ask("/healthz")).status, 200);
    const count = [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
    const most = count + SPARE;
    await lab.run(null, [
      ...["prlimit", "--pid", String(pid), `--nofile=${most}:${most}`],
    ]);
    const held: Deno.Conn[] = [];
    for (let i = 0; i < 2 * SPARE; i++) {
      try {
        const conn = await Deno.connect({ hostname: "127.0.0.1", port });
        await conn.write(new TextEncoder().encode("GET / HTTP/1.1\r\nX: "));
        held.push(conn);
      } catch {
        // it has broken off already
        break;
      }
    }
    try {
      assert.ok(held.length >= SPARE / 2, String(held.length));
      await site.process.waitFor(/HTTP broke off and begins anew/);
      const isBack = () =>
        site.ask("/healthz").then(({ status }) => status === 200, () => false);
      while (!await isBack()) await new Promise((r) => setTimeout(r, 50));
    } finally {
      for (const conn of held) conn.close();
    }
  },
);
