/**
 * Session descriptions taken apart: those of real phones, and those of nobody.
 * @module
 */

import assert from "node:assert/strict";
import {
  codecsOf,
  isNowhere,
  isRelayed,
  parseSdp,
  type SdpMedia,
} from "./sdp.ts";
import {
  BARESIP,
  body,
  BROWSER,
  FAX,
  IPV6,
  MICROSIP,
  readDescription,
  TALKATIVE,
} from "./sdp_sample_test.ts";

const HEAD = [
  "v=0",
  "o=- 1 1 IN IP4 192.0.2.7",
  "s=-",
  "c=IN IP4 192.0.2.7",
  "t=0 0",
];

/** The first media line of a description with these lines behind a usual head. */
function mediaOf(...lines: readonly string[]): SdpMedia {
  return readDescription(body(...HEAD, ...lines)).media[0]!;
}

/** In short: kind, protocol, host, ports, direction, and what else it has. */
function say(media: SdpMedia): string {
  const { kind, protocol, host, port, rtcpPort, direction } = media;
  const more = [
    media.isMuxed ? " mux" : "",
    media.isSrtp ? " srtp" : "",
    media.hasIce ? " ice" : "",
    isRelayed(media) ? "" : " unusable",
  ];
  return `${kind} ${protocol} ${host} ${port} ${rtcpPort} ${direction}` +
    more.join("");
}

const PHONES: readonly (readonly [string, string, readonly string[]])[] = [
  ["MicroSIP", MICROSIP, ["audio RTP/AVP 192.168.7.55 4000 4001 sendrecv"]],
  ["baresip", BARESIP, ["audio RTP/AVP 192.168.7.55 24680 24681 sendrecv"]],
  ["a browser", BROWSER, [
    "audio UDP/TLS/RTP/SAVPF 192.168.7.55 51472 51472 sendrecv mux srtp ice",
    "video UDP/TLS/RTP/SAVPF 192.168.7.55 51472 51472 recvonly mux srtp",
  ]],
  ["a phone with IPv6", IPV6, ["audio RTP/AVP fd00::55 7078 7079 sendrecv"]],
  ["a fax", FAX, [
    "audio RTP/AVP 192.168.7.55 0 0 sendrecv unusable",
    "image udptl 192.168.7.55 4100 4101 sendrecv",
  ]],
];

for (const [phone, text, expected] of PHONES) {
  Deno.test(`parseSdp() reads what ${phone} says`, () => {
    assert.deepEqual(readDescription(text).media.map(say), expected);
    const ends = text.replaceAll("\r\n", "\n");
    assert.deepEqual(
      readDescription(ends).media.map(say),
      expected,
      "LF alone",
    );
    assert.deepEqual(readDescription(text.trimEnd()).media.map(say), expected);
  });
}

Deno.test("parseSdp() keeps every line of the session and of each media line", () => {
  for (const [, text] of PHONES) {
    const { lines, media, text: kept } = readDescription(text);
    assert.equal(kept, text);
    const own = media.map((one) => [
      `m=${one.kind} ${one.port} ${one.protocol} ${one.formats.join(" ")}`,
      ...one.lines,
    ]);
    assert.equal(body(...lines, ...own.flat()), text);
  }
});

/** What a media line says of its direction, its host and what comes of the two. */
const DIRECTIONS: readonly (readonly [string, string, string, string])[] = [
  ["", "", "192.0.2.7", "sendrecv"],
  ["", "a=sendonly", "192.0.2.7", "sendonly"],
  ["a=inactive", "", "192.0.2.7", "inactive"],
  ["a=inactive", "a=sendrecv", "192.0.2.7", "sendrecv"],
  ["a=sendonly", "a=recvonly", "192.0.2.7", "recvonly"],
  ["", "a=SENDONLY", "192.0.2.7", "sendrecv"],
  ["", "c=IN IP4 0.0.0.0", "0.0.0.0", "sendonly"],
  ["c=IN IP4 0.0.0.0", "", "0.0.0.0", "sendonly"],
  ["c=IN IP4 0.0.0.0", "c=IN IP4 192.0.2.8", "192.0.2.8", "sendrecv"],
  ["", "c=IN IP6 ::", "::", "sendonly"],
  ["", "c=IN IP4 0.0.0.0\r\na=inactive", "0.0.0.0", "inactive"],
];

Deno.test("parseSdp() knows a hold, by attribute and by an address of zeros", () => {
  for (const [session, own, host, direction] of DIRECTIONS) {
    const lines = [session, "m=audio 4000 RTP/AVP 8", own];
    const media = mediaOf(...lines.filter((line) => line !== ""));
    assert.equal(media.host, host, `${session} ${own}`);
    assert.equal(media.direction, direction, `${session} ${own}`);
  }
  assert.ok(isNowhere("0.0.0.0") && isNowhere("::") && !isNowhere(""));
});

Deno.test("parseSdp() takes a host only where it can be one", () => {
  for (
    const [line, host] of [
      ["c=IN IP4 192.0.2.8/127/3", "192.0.2.8"],
      ["c=IN IP4 phone.example", "phone.example"],
      ["c=IN IP4 Phone.Example ", "phone.example"],
      ["c=IN IP6 2001:DB8::1", "2001:db8::1"],
      ["c=IN IP4 ", "192.0.2.7"],
      ["c=IN IP4", "192.0.2.7"],
      ["c=", "192.0.2.7"],
      ["c=IN IP4 192.0.2.8 x", "192.0.2.7"],
      ["c=IN IP4 <script>", "192.0.2.7"],
      [`c=IN IP4 ${"a".repeat(65)}`, "192.0.2.7"],
    ] as const
  ) assert.equal(mediaOf("m=audio 4 RTP/AVP 8", line).host, host, line);
  assert.equal(parseSdp("v=0\r\nm=audio 4 RTP/AVP 8")!.media[0]!.host, "");
});

Deno.test("parseSdp() finds the port of RTCP", () => {
  for (
    const [port, line, rtcpPort] of [
      [4000, "a=rtcp:5005", 5005],
      [4000, "a=rtcp:5005 IN IP4 192.0.2.9", 5005],
      [4000, "a=rtcp:0", 4001],
      [4000, "a=rtcp:65536", 4001],
      [4000, "a=rtcp:99999999999999999999", 4001],
      [4000, "a=rtcp:5005x", 4001],
      [4000, "a=rtcp:-1", 4001],
      [4000, "a=rtcp-mux", 4000],
      [65535, "a=x", 65535],
      [0, "a=rtcp:5005", 0],
      [0, "a=rtcp-mux", 0],
    ] as const
  ) {
    const media = mediaOf(`m=audio ${port} RTP/AVP 8`, line);
    assert.equal(media.rtcpPort, rtcpPort, `${port} ${line}`);
  }
});

Deno.test("parseSdp() refuses a media line that breaks the grammar", () => {
  for (
    const line of [
      "m=",
      "m=audio",
      "m=audio x RTP/AVP 8",
      "m=audio -1 RTP/AVP 8",
      "m=audio 65536 RTP/AVP 8",
      "m=audio 4000000000000000000000 RTP/AVP 8",
      "m=audio 1e3 RTP/AVP 8",
      "m=audio 0x10 RTP/AVP 8",
      "m=audio 4000",
      "m=audio 4000 RTP/AVP 8 <8>",
      "m=audio 4000 RTP/AVP 8\t9",
      'm=au"dio 4000 RTP/AVP 8',
      `m=${"a".repeat(33)} 4000 RTP/AVP 8`,
      `m=audio 4000 ${"R".repeat(33)} 8`,
      `m=audio 4000 RTP/AVP ${"8".repeat(65)}`,
    ]
  ) assert.equal(parseSdp(body(...HEAD, line)), null, line);
  assert.deepEqual(mediaOf("m=audio 9/2 RTP/AVP 8").port, 9);
  assert.deepEqual(mediaOf("m=audio  9  RTP/AVP  8 0 ").formats, ["8", "0"]);
});

Deno.test("parseSdp() takes a refused line without formats, which is not relayed", () => {
  const media = mediaOf("m=video 0 RTP/AVP");
  assert.deepEqual(media.formats, []);
  assert.equal(isRelayed(media), false);
  assert.equal(isRelayed(mediaOf("m=video 4000 RTP/AVP")), false);
});

Deno.test("parseSdp() is no judge of what is no description", () => {
  for (const text of ["", "v=1\r\n", "\r\nv=0\r\n", "hello", "V=0", " v=0"]) {
    assert.equal(parseSdp(text), null, text);
  }
  assert.deepEqual(readDescription("v=0").media, []);
  const odd = readDescription(
    body(...HEAD, "", "nonsense", "=", "a", "am=audio"),
  );
  assert.equal(odd.lines.length, HEAD.length);
});

Deno.test("parseSdp() leaves out lines with control characters", () => {
  const media = "m=audio 4000 RTP/AVP 8";
  for (const control of ["\x00", "\r", "\x1b", "\x07", "\v"]) {
    for (const line of [`a=x${control}y`, `s=${control}`, `c=${control}x`]) {
      const sdp = readDescription(body(...HEAD, line, media, line, "a=z"));
      assert.deepEqual(sdp.lines, HEAD, JSON.stringify(line));
      assert.deepEqual(sdp.media[0]!.lines, ["a=z"]);
    }
    // but a media line may not vanish: the answer has to have as many (RFC 3264 §6)
    const broken = `m=audio 4${control} RTP/AVP 8`;
    assert.equal(parseSdp(body(...HEAD, media, broken)), null);
  }
  const kept = readDescription(body(...HEAD, "a=x\ty \xe9"));
  assert.equal(kept.lines.at(-1), "a=x\ty \xe9");
});

Deno.test("parseSdp() is bounded", () => {
  const line = "m=audio 4000 RTP/AVP 8";
  const times = (count: number, text: string) =>
    Array.from({ length: count }, () => text);
  assert.equal(
    readDescription(body(...HEAD, ...times(16, line))).media.length,
    16,
  );
  assert.equal(parseSdp(body(...HEAD, ...times(17, line))), null);
  assert.ok(parseSdp(body(...HEAD, line, ...times(256, "a=x"))) !== null);
  assert.equal(parseSdp(body(...HEAD, line, ...times(257, "a=x"))), null);
  assert.equal(parseSdp(body(...times(10_000, "v=0"))), null);
  assert.equal(parseSdp(`v=0\r\na=${"x".repeat(16_384)}`), null);
  const many = mediaOf(`m=audio 4000 RTP/AVP${" 8".repeat(2000)}`);
  assert.equal(many.formats.length, 64);
});

Deno.test("isRelayed() is true of what goes over UDP", () => {
  for (
    const [protocol, isOne] of [
      ["RTP/AVP", true],
      ["RTP/SAVPF", true],
      ["UDP/TLS/RTP/SAVPF", true],
      ["udptl", true],
      ["UDPTL", true],
      ["TCP/MSRP", false],
      ["TCP/RTP/AVP", false],
      ["udp", false],
    ] as const
  ) {
    const lines = [`m=audio 4 ${protocol} 8`, `m=audio 0 ${protocol} 8`];
    const { media } = readDescription(body(...HEAD, ...lines));
    assert.deepEqual(media.map(isRelayed), [isOne, false], protocol);
  }
});

function namesOf(...lines: readonly string[]): string[] {
  return codecsOf(mediaOf(...lines)).map(({ payloadType, name, clockRate }) =>
    `${payloadType} ${name} ${clockRate}`
  );
}

Deno.test("codecsOf() names codecs in the order of the line", () => {
  assert.deepEqual(codecsOf(readDescription(MICROSIP).media[0]!), [
    { payloadType: 96, name: "speex/16000", clockRate: 16000 },
    { payloadType: 8, name: "PCMA/8000", clockRate: 8000 },
    { payloadType: 0, name: "PCMU/8000", clockRate: 8000 },
    { payloadType: 101, name: "telephone-event/8000", clockRate: 8000 },
    { payloadType: 102, name: "telephone-event/16000", clockRate: 16000 },
    { payloadType: 103, name: "telephone-event/48000", clockRate: 48000 },
  ]);
  assert.deepEqual(
    namesOf("m=audio 4 RTP/AVP 96 9 18 97", "a=rtpmap:96 opus/48000/2"),
    [
      "96 opus/48000/2 48000",
      "9 G722/8000 8000",
      "18 G729/8000 8000",
      "97 97 0",
    ],
  );
  assert.deepEqual(codecsOf(readDescription(FAX).media[1]!), [
    { payloadType: -1, name: "t38", clockRate: 0 },
  ]);
});

Deno.test("codecsOf() bears what is no codec", () => {
  for (
    const [line, expected] of [
      ["a=rtpmap:", "96 96 0"],
      ["a=rtpmap:96", "96 96 0"],
      ["a=rtpmap:96 ", "96 96 0"],
      ["a=rtpmap:96 opus", "96 opus 0"],
      ["a=rtpmap:96 opus/x", "96 opus/x 0"],
      ["a=rtpmap:96 opus/48000000000000", "96 opus/48000000000000 0"],
      ["a=rtpmap:constructor x/8000", "96 96 0"],
      [`a=rtpmap:96 ${"o".repeat(100)}/8000`, "96 96 0"],
    ] as const
  ) assert.deepEqual(namesOf("m=audio 4 RTP/AVP 96", line), [expected], line);
  assert.deepEqual(namesOf("m=audio 4 RTP/AVP constructor 1000"), [
    "-1 constructor 0",
    "-1 1000 0",
  ]);
});

Deno.test("parseSdp() and codecsOf() never throw", () => {
  let seed = 20_261;
  const random = (below: number) => {
    seed = (seed * 48271) % 0x7fffffff;
    return seed % below;
  };
  const texts = [...PHONES.map(([, text]) => text), TALKATIVE];
  const pieces = [
    "\r",
    "\n",
    "\0",
    "m=",
    "a=",
    "c=",
    "=",
    " ",
    "/",
    ":",
    "9".repeat(40),
  ];
  for (let round = 0; round < 3000; round++) {
    let text = texts[random(texts.length)]!;
    for (let change = random(4); change >= 0; change--) {
      const at = random(text.length);
      const piece = random(3) === 0
        ? String.fromCharCode(random(256))
        : pieces[random(pieces.length)]!;
      text = text.slice(0, at) + piece + text.slice(at + random(12));
    }
    for (const media of parseSdp(text)?.media ?? []) {
      assert.ok(media.port >= 0 && media.port <= 65_535);
      assert.ok(media.rtcpPort >= 0 && media.rtcpPort <= 65_535);
      assert.equal(codecsOf(media).length, media.formats.length);
    }
  }
});
