/**
 * The configuration file: lines of values, broken grammar, unknown keys.
 * @module
 */

import assert from "node:assert/strict";
import { readConfigFile } from "./config_file.ts";

function faults(text: string): readonly [string, string, string][] {
  return readConfigFile("f", text).faults
    .map(({ where, path, hint }): [string, string, string] => [
      where,
      path,
      hint,
    ])
    .toSorted((one, other) =>
      one[0].localeCompare(other[0], "en", { numeric: true })
    );
}

Deno.test("readConfigFile() gives every value with its line", () => {
  const { values, faults } = readConfigFile(
    "f",
    [
      "# the office",
      'sip = ["192.0.2.1:5060", # one',
      '  "192.0.2.10:5060",',
      '  "192.0.2.1:5060"]',
      "http = 'off'",
      "registration.minimum_seconds = 30",
      "tcp = { connections = 5 }",
      "[nat]",
      "ping_seconds = 15",
      "[calls]",
      "limit = 40",
    ].join("\r\n"),
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(
    values.map(({ where, path, value }) => [where, path, value]),
    [
      ["f:2", "sip[0]", "192.0.2.1:5060"],
      ["f:3", "sip[1]", "192.0.2.10:5060"],
      ["f:4", "sip[2]", "192.0.2.1:5060"],
      ["f:5", "http", "off"],
      ["f:6", "registration.minimum_seconds", 30],
      ["f:9", "nat.ping_seconds", 15],
      ["f:7", "tcp.connections", 5],
      ["f:11", "calls.limit", 40],
    ],
  );
});

Deno.test("readConfigFile() says on which line the grammar breaks", () => {
  const [fault] =
    readConfigFile("f", 'http = "off"\nsip = 0.0.0.0:5060\n').faults;
  assert.equal(fault?.where, "f:2");
  assert.match(fault.what, /no TOML/);
  assert.match(fault.hint, /key = "text"/);
});

Deno.test("readConfigFile() names every unknown key and the one that was meant", () => {
  assert.deepEqual(
    faults(
      'public-address = "1.2.3.4"\nbanana = 1\nminimum_seconds = 5\n[registration]\ncontact = 1\nsip = "x"\n[tccp]\na = 1\n[tls]\ncertificat = 1',
    ),
    [
      ["f:1", "public-address", "Did you mean `public_address`?"],
      [
        "f:2",
        "banana",
        "Known: `sip`, `http`, `data`, `domain`, `public_address`, `rtp`, `log_level`, `log_format`, `stun_server`, `capture`, `tls`, `registration`, `nat`, `tcp`, `calls`",
      ],
      [
        "f:3",
        "minimum_seconds",
        "`minimum_seconds` belongs under `[registration]`",
      ],
      ["f:5", "registration.contact", "Did you mean `contacts`?"],
      ["f:6", "registration.sip", "`sip` belongs above the first `[table]`"],
      ["f:7", "tccp", "Did you mean `tcp`?"],
      ["f:10", "tls.certificat", "Did you mean `certificate`?"],
    ],
  );
});

Deno.test("readConfigFile() refuses values of the wrong kind", () => {
  assert.deepEqual(
    faults(
      'http = false\nsip = [5060, "a"]\nregistration = 5\n[nat]\nping_seconds = 1.5',
    ),
    [
      ["f:1", "http", 'Write `http = "127.0.0.1:8060"`'],
      ["f:2", "sip[0]", 'Write `sip = ["0.0.0.0:5060"]`'],
      ["f:3", "registration", "Write `[registration]`"],
      ["f:5", "nat.ping_seconds", "Write `ping_seconds = 20`"],
    ],
  );
  assert.deepEqual(faults("sip = []"), [[
    "f:1",
    "sip",
    'Write `sip = ["0.0.0.0:5060"]`',
  ]]);
});

Deno.test("readConfigFile() takes nothing from the prototype of an object", () => {
  const { values, faults } = readConfigFile(
    "f",
    '__proto__ = { sip = "1.2.3.4:5" }\nconstructor = 1\ntoString = 2',
  );
  assert.deepEqual(values, []);
  assert.ok(faults.some((fault) => fault.path === "toString"));
});
