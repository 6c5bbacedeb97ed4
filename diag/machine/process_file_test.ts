import assert from "node:assert/strict";
import { CAP_NET_ADMIN, hasCapability, parseLimit } from "./process_file.ts";

const LIMITS =
  `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max open files            1024                 524288               files     
`;

Deno.test("parseLimit() reads numbers and `unlimited`", () => {
  assert.deepEqual(parseLimit(LIMITS, "Max open files"), {
    soft: 1024,
    hard: 524288,
  });
  assert.deepEqual(parseLimit(LIMITS, "Max cpu time"), {
    soft: Infinity,
    hard: Infinity,
  });
  assert.equal(parseLimit(LIMITS, "Max file locks"), null);
  assert.equal(parseLimit("Max open files  many few", "Max open files"), null);
});

Deno.test("hasCapability() looks at the effective set", () => {
  const status = (mask: string) =>
    `Name:\tpbx\nCapPrm:\tffffffffffffffff\nCapEff:\t${mask}\n`;
  assert.equal(hasCapability(status("0000000000001000"), CAP_NET_ADMIN), true);
  assert.equal(hasCapability(status("0000000000000fff"), CAP_NET_ADMIN), false);
  assert.equal(hasCapability("", CAP_NET_ADMIN), false);
});
