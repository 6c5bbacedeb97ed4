import assert from "node:assert/strict";
import { parseSocketLink, parseSocketTable } from "./socket_table.ts";

const UDP =
  `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            
  437: 00000000:13C4 00000000:0000 07 00000000:00000000 00:00000000 00000000   998        0 48211 2 00000000a1b2c3d4 17            
  901: 0101007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 21005 2 00000000ffffffff 0             
`;
const UDP6 =
  `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  437: B80D0120000000000000000001000000:13C4 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 5511 2 0000000000000000 3
  438: 0000000000000000FFFF00000200000A:13C4 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 5512 2 0000000000000000 0
`;
const TCP =
  `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 00000000:13C4 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 565 1 00000000727ebd84 100 0 0 10 0                       
   1: 0100007F:13C4 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 566 1 00000000727ebd85 20 4 30 10 -1                      
`;

Deno.test("parseSocketTable() reads UDP sockets with their drops", () => {
  assert.deepEqual(parseSocketTable(UDP, "udp"), [
    {
      transport: "udp",
      host: "0.0.0.0",
      port: 5060,
      userId: 998,
      inode: 48211,
      drops: 17,
    },
    {
      transport: "udp",
      host: "127.0.1.1",
      port: 53,
      userId: 0,
      inode: 21005,
      drops: 0,
    },
  ]);
});

Deno.test("parseSocketTable() writes IPv6 addresses in their usual form", () => {
  const hosts = parseSocketTable(UDP6, "udp").map(({ host }) => host);
  assert.deepEqual(hosts, ["2001:db8::1", "10.0.0.2"]);
});

Deno.test("parseSocketTable() takes of TCP only what listens", () => {
  const entries = parseSocketTable(TCP, "tcp");
  assert.deepEqual(entries.map(({ inode, drops }) => [inode, drops]), [[
    565,
    0,
  ]]);
});

Deno.test("parseSocketTable() leaves out what does not read well", () => {
  const text = "\n 0: 00:13C4 x 07\n 1: 00000000:13C4\n 2: zz\n" +
    " 3: 00000000:13C4 0:0 07 0:0 0:0 0 -1 0 12 2 0 1\n";
  assert.deepEqual(parseSocketTable(text, "udp"), []);
});

Deno.test("parseSocketLink() reads the inode and refuses other files", () => {
  assert.equal(parseSocketLink("socket:[31337]"), 31337);
  assert.equal(parseSocketLink("pipe:[31337]"), null);
  assert.equal(parseSocketLink("/dev/null"), null);
});
