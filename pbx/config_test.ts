/**
 * The configuration: layers, defaults, and every fault with its place.
 * @module
 */

import assert from "node:assert/strict";
import {
  type Config,
  type ConfigInput,
  formatFaults,
  resolveConfig,
} from "./config.ts";
import type { ConfigFault } from "./config_layer.ts";
import { readConfigFile } from "./config_file.ts";

const NOTHING: ConfigInput = {
  options: {},
  environment: { HOME: "/home/ann" },
  file: null,
  isRoot: false,
};

function resolve(input: Partial<ConfigInput>): Config {
  const result = resolveConfig({ ...NOTHING, ...input });
  if ("faults" in result) assert.fail(formatFaults(result.faults));
  return result.config;
}

function fail(input: Partial<ConfigInput>): readonly ConfigFault[] {
  const result = resolveConfig({ ...NOTHING, ...input });
  if ("config" in result) assert.fail("there should be faults");
  return result.faults;
}

Deno.test("resolveConfig() takes a STUN server by name or address, with or without a port", () => {
  const read = (text: string) => {
    const environment = { HOME: "/home/ann", PBX_STUN_SERVER: text };
    const options = {};
    return resolveConfig({ options, environment, file: null, isRoot: false });
  };
  const table: readonly (readonly [string, string, number])[] = [
    ["stun.example.org", "stun.example.org", 3478],
    ["stun.example.org:3479", "stun.example.org", 3479],
    ["192.0.2.9:19302", "192.0.2.9", 19302],
    ["[2001:db8::9]:3478", "2001:db8::9", 3478],
  ];
  for (const [text, host, port] of table) {
    const result = read(text);
    assert.ok("config" in result, text);
    assert.deepEqual(result.config.stunServer, { host, port }, text);
  }
  for (const text of ["stun.example.org:0", "a b", ":3478", "x:70000"]) {
    assert.ok("faults" in read(text), text);
  }
});

Deno.test("resolveConfig() gives the defaults where nobody says anything", () => {
  assert.deepEqual(resolve({}), {
    sip: [{ host: "0.0.0.0", port: 5060 }],
    http: { host: "127.0.0.1", port: 8060 },
    dataDir: "/home/ann/.local/share/pbx",
    domains: [],
    publicAddress: null,
    rtp: { first: 10000, last: 19999 },
    logLevel: "info",
    logFormat: "auto",
    stunServer: null,
    capture: true,
    tls: null,
    registrationDefaultSeconds: 3600,
    registrationMinimumSeconds: 60,
    registrationMaximumSeconds: 7200,
    contactsPerExtension: 10,
    pingSeconds: 20,
    tcpConnections: 1024,
    callKeepDays: 365,
    callRingSeconds: 60,
    callSessionSeconds: 1800,
    callLimit: 1000,
  });
});

Deno.test("resolveConfig() chooses the data directory by who runs it", () => {
  const place = (environment: Record<string, string>, isRoot = false) =>
    resolve({ environment, isRoot }).dataDir;
  assert.equal(place({ HOME: "/root" }, true), "/var/lib/pbx");
  assert.equal(place({ STATE_DIRECTORY: "/var/lib/pbx" }), "/var/lib/pbx");
  assert.equal(
    place({ HOME: "/home/ann", XDG_DATA_HOME: "/data/" }),
    "/data/pbx",
  );
  assert.equal(
    place({ HOME: "/home/ann", XDG_DATA_HOME: "data" }),
    "/home/ann/.local/share/pbx",
  );
  assert.equal(fail({ environment: {} })[0]?.path, "data");
  assert.equal(
    resolve({ environment: {}, options: { data: "here" } }).dataDir,
    "here",
  );
});

Deno.test("resolveConfig() lets options override the environment, and that the file", () => {
  const file = readConfigFile(
    "pbx.toml",
    [
      'sip = ["192.0.2.1:5060"]',
      'rtp = "20000-20100"',
      'log_level = "error"',
      'domain = "file.example"',
      "[registration]",
      "minimum_seconds = 30",
      "[nat]",
      "ping_seconds = 0",
    ].join("\n"),
  );
  const config = resolve({
    options: { sip: ["127.0.0.1:0", "[::1]:0"], http: "off" },
    environment: {
      HOME: "/h",
      PBX_SIP: "192.0.2.2:5060",
      PBX_RTP: "30000-30100",
      PBX_HTTP: "",
    },
    file,
  });
  assert.deepEqual(config.sip, [{ host: "127.0.0.1", port: 0 }, {
    host: "::1",
    port: 0,
  }]);
  assert.equal(config.http, null);
  assert.deepEqual(config.rtp, { first: 30000, last: 30100 });
  assert.equal(config.logLevel, "error");
  assert.deepEqual(config.domains, ["file.example"]);
  assert.equal(config.registrationMinimumSeconds, 30);
  assert.equal(config.pingSeconds, 0);
});

Deno.test("resolveConfig() takes lists apart at commas and blanks", () => {
  const environment = {
    HOME: "/h",
    PBX_DOMAIN: " Office.Example., [2001:DB8::1] 192.0.2.1 office.example",
  };
  assert.deepEqual(resolve({ environment }).domains, [
    "office.example",
    "2001:db8::1",
    "192.0.2.1",
  ]);
});

Deno.test("resolveConfig() names every fault of every layer at once", () => {
  const file = readConfigFile(
    "/etc/pbx/pbx.toml",
    [
      "sip = [",
      '  "192.0.2.1:5060",',
      '  "office.example:5060",',
      "]",
      "log-level = 3",
      "[registration]",
      "minimum_seconds = 0",
      'contacts = "ten"',
    ].join("\n"),
  );
  const faults = fail({
    options: { sip: ["5060"], publicAddress: "pbx.example" },
    environment: { HOME: "/h", PBX_HTTP: "8060", PBX_LOG_LEVEL: "warn" },
    file,
  });
  assert.deepEqual(faults.map(({ where, path, what }) => [where, path, what]), [
    ["--sip", "sip[0]", "`5060` has no address"],
    ["--public-address", "public_address", "`pbx.example` is no IP address"],
    ["PBX_HTTP", "http", "`8060` has no address"],
    ["PBX_LOG_LEVEL", "log_level", "`warn` is unknown"],
    ["/etc/pbx/pbx.toml:3", "sip[1]", "`office.example` is no IP address"],
    ["/etc/pbx/pbx.toml:5", "log-level", "`log-level` is no known key"],
    [
      "/etc/pbx/pbx.toml:7",
      "registration.minimum_seconds",
      "`0` is not within 1 to 604800",
    ],
    [
      "/etc/pbx/pbx.toml:8",
      "registration.contacts",
      "`ten` is no whole number",
    ],
  ]);
  assert.deepEqual(faults.map((fault) => fault.hint), [
    "Write `--sip 0.0.0.0:5060`",
    "Write `--public-address 203.0.113.10`. Names are not looked up here",
    "Write `PBX_HTTP=127.0.0.1:8060`",
    "Write `PBX_LOG_LEVEL=warning`. Possible: `error`, `warning`, `info`, `debug`",
    'Write `sip = ["0.0.0.0:5060"]`. Names are not looked up here',
    "Did you mean `log_level`?",
    "Write `minimum_seconds = 60`",
    "Write `contacts = 10`",
  ]);
});

Deno.test("resolveConfig() reads addresses strictly and says how to write them", () => {
  const table: readonly [string, string][] = [
    ["0.0.0.0", "0.0.0.0:5060"],
    ["2001:db8::1", "[2001:db8::1]:5060"],
    ["[::]", "[::]:5060"],
    [":5070", "0.0.0.0:5070"],
    ["*:5070", "0.0.0.0:5070"],
    ["localhost:5060", "0.0.0.0:5060"],
    ["127.0.0.1:65536", "127.0.0.1:5060"],
    ["127.0.0.01:5060", "0.0.0.0:5060"],
    ["256.0.0.1:5060", "0.0.0.0:5060"],
    ["[127.0.0.1]:5060", "127.0.0.1:5060"],
    ["udp:127.0.0.1:5060", "0.0.0.0:5060"],
    ["[fe80::1%eth0]:5060", "0.0.0.0:5060"],
    ["", "0.0.0.0:5060"],
  ];
  for (const [text, instead] of table) {
    const faults = fail({ options: { sip: [text] } });
    assert.equal(faults.length, 1, text);
    assert.match(
      faults[0]!.hint,
      RegExp(`^Write \`--sip ${instead.replace(/[[\].*]/g, "\\$&")}\``),
      text,
    );
  }
  const { sip } = resolve({ options: { sip: ["[2001:DB8:0::1]:5060"] } });
  assert.deepEqual(sip, [{ host: "2001:db8::1", port: 5060 }]);
  assert.deepEqual(resolve({ options: { http: "localhost:80" } }).http, {
    host: "127.0.0.1",
    port: 80,
  });
});

Deno.test("resolveConfig() checks domain names", () => {
  const table: readonly [string, string][] = [
    ["sip:office.example", "office.example"],
    ["office.example:5060", "office.example"],
    ["https://office.example/", "office.example"],
    ["офис.example", "xn--h1alkk.example"],
    ["my_office.example", "my-office.example"],
    ["-office.example", "sip.example.com"],
    ["1.2.3", "sip.example.com"],
    ["a..b", "sip.example.com"],
    [`${"a".repeat(64)}.example`, "sip.example.com"],
  ];
  for (const [text, instead] of table) {
    const faults = fail({ options: { domain: text } });
    assert.equal(faults[0]!.hint, `Write \`--domain ${instead}\``, text);
  }
});

Deno.test("resolveConfig() checks ranges, directories and public addresses", () => {
  const rtp = (text: string) => fail({ options: { rtp: text } })[0]!.hint;
  assert.equal(rtp("20000-10000"), "Write `--rtp 10000-20000`");
  assert.equal(rtp("80-90"), "Write `--rtp 10000-19999`");
  assert.equal(rtp("10000"), "Write `--rtp 10000-19999`");
  assert.match(
    fail({ options: { data: "~/pbx" } })[0]!.what,
    /begins with `~`/,
  );
  assert.match(fail({ options: { data: "" } })[0]!.what, /empty/);
  for (const text of ["0.0.0.0", "224.0.0.1", "::", "ff02::1"]) {
    assert.match(
      fail({ options: { publicAddress: text } })[0]!.what,
      /no address that a phone can reach/,
    );
  }
  assert.equal(
    resolve({ options: { publicAddress: "2001:DB8::5" } }).publicAddress,
    "2001:db8::5",
  );
});

Deno.test("resolveConfig() finds addresses that take each other's port", () => {
  const sip = (texts: string[], http = "off") =>
    resolveConfig({ ...NOTHING, options: { sip: texts, http } });
  const faults = fail({ options: { sip: ["0.0.0.0:5060", "127.0.0.1:5060"] } });
  assert.equal(faults[0]!.path, "sip[1]");
  assert.equal(
    faults[0]!.what,
    "`127.0.0.1:5060` is taken by `0.0.0.0:5060` (sip[0])",
  );
  assert.ok("config" in sip(["127.0.0.1:0", "127.0.0.1:0"]));
  assert.ok("config" in sip(["0.0.0.0:5060", "[::]:5060"]));
  assert.ok("config" in sip(["127.0.0.1:5060"], "127.0.0.1:8060"));
  const both = fail({
    options: { sip: ["0.0.0.0:5060"], http: "127.0.0.1:5060" },
  });
  assert.deepEqual(both, [{
    where: "--http",
    path: "http",
    what:
      "HTTP on `127.0.0.1:5060` and SIP over TCP on `0.0.0.0:5060` want the same port",
    hint: "Write `--http 127.0.0.1:8060`",
  }]);
  const usual = fail({ environment: { HOME: "/h", PBX_SIP: "0.0.0.0:8060" } });
  assert.equal(usual[0]!.where, "PBX_SIP");
  assert.equal(usual[0]!.hint, "Write `PBX_HTTP=127.0.0.1:8061`");
});

Deno.test("resolveConfig() wants minimum <= default <= maximum", () => {
  const order = (text: string) =>
    fail({ file: readConfigFile("f", `[registration]\n${text}`) }).map((
      { where, path, what },
    ) => [where, path, what]);
  assert.deepEqual(order("minimum_seconds = 4000"), [
    [
      "f:2",
      "registration.minimum_seconds",
      "`4000` is more than registration.default_seconds (`3600`)",
    ],
  ]);
  assert.deepEqual(order("maximum_seconds = 1800"), [
    [
      "f:2",
      "registration.maximum_seconds",
      "`1800` is less than registration.default_seconds (`3600`)",
    ],
  ]);
  assert.deepEqual(order("minimum_seconds = 60\ndefault_seconds = 30"), [
    [
      "f:3",
      "registration.default_seconds",
      "`30` is less than registration.minimum_seconds (`60`)",
    ],
  ]);
});

Deno.test("resolveConfig() keeps the numbers about calls within their bounds", () => {
  const table = [
    ["keep_days", "callKeepDays", 1, 3650],
    ["ring_seconds", "callRingSeconds", 5, 600],
    ["session_seconds", "callSessionSeconds", 90, 86400],
    ["limit", "callLimit", 1, 100000],
  ] as const;
  for (const [name, field, least, most] of table) {
    const read = (value: number) => ({
      file: readConfigFile("f", `[calls]\n${name} = ${value}`),
    });
    for (const value of [least, most]) {
      assert.equal(resolve(read(value))[field], value, name);
    }
    for (const value of [least - 1, most + 1]) {
      const [fault] = fail(read(value));
      assert.equal(fault?.path, `calls.${name}`);
      assert.equal(fault.where, "f:2");
    }
  }
});

Deno.test("formatFaults() writes one block a fault and no control characters", () => {
  const text = formatFaults(
    fail({ options: { logLevel: "\u001b[2J", rtp: "x" } }),
  );
  assert.equal(
    text,
    [
      "The configuration has 2 faults",
      "  --rtp: rtp: `x` is no range of ports",
      "      Write `--rtp 10000-19999`",
      "  --log-level: log_level: `\\x1b[2J` is unknown",
      "      Write `--log-level error`. Possible: `error`, `warning`, `info`, `debug`",
      "",
    ].join("\n"),
  );
});
