/**
 * Descriptions passed on and made: nothing of the phone's network is left, and each answer has the
 * lines of its offer.
 * @module
 */

import assert from "node:assert/strict";
import {
  codecsOf,
  isRelayed,
  parseSdp,
  type SdpCodec,
  type SessionDescription,
} from "./sdp.ts";
import {
  answerFrom,
  answerOurselves,
  offerAnew,
  padMedia,
  rewriteSdp,
} from "./sdp_rewrite.ts";
import {
  BARESIP,
  body,
  BROWSER,
  FAX,
  IPV6,
  MICROSIP,
  offer,
  readDescription,
  TALKATIVE,
} from "./sdp_sample_test.ts";

const ORIGIN = { id: 77, version: 3, host: "203.0.113.9" };
const OURS = [
  "v=0",
  "o=- 77 3 IN IP4 203.0.113.9",
  "s=-",
  "c=IN IP4 203.0.113.9",
];
const ALL = [MICROSIP, BARESIP, BROWSER, IPV6, FAX, TALKATIVE];

/** Passed on with ports from 20000; what cannot be relayed has none. */
function pass(sdp: SessionDescription, origin = ORIGIN): string {
  const places = sdp.media.map((media, i) =>
    isRelayed(media) ? { port: 20_000 + 2 * i } : null
  );
  return rewriteSdp(sdp, origin, places);
}

Deno.test("rewriteSdp() passes on what MicroSIP says", () => {
  assert.equal(
    pass(readDescription(MICROSIP)),
    body(
      ...OURS,
      "b=AS:84",
      "t=0 0",
      "a=X-nat:0",
      "m=audio 20000 RTP/AVP 96 8 0 101 102 103",
      "b=TIAS:64000",
      "a=rtcp:20001",
      "a=sendrecv",
      "a=rtpmap:96 speex/16000",
      "a=rtpmap:8 PCMA/8000",
      "a=rtpmap:101 telephone-event/8000",
      "a=fmtp:101 0-16",
      "a=rtpmap:102 telephone-event/16000",
      "a=fmtp:102 0-16",
      "a=rtpmap:103 telephone-event/48000",
      "a=ssrc:1179915113 cname:6b7b0e7c1f5d4a2f",
    ),
  );
});

Deno.test("rewriteSdp() gives each line of a browser a port of its own, without ICE", () => {
  assert.equal(
    pass(readDescription(BROWSER)),
    body(
      ...OURS,
      "t=0 0",
      "a=msid-semantic: WMS *",
      "a=fingerprint:sha-256 AB:CD:EF:01",
      "m=audio 20000 UDP/TLS/RTP/SAVPF 109 101",
      "a=rtcp:20000",
      "a=setup:actpass",
      "a=rtcp-mux",
      "a=rtpmap:109 opus/48000/2",
      "a=rtpmap:101 telephone-event/8000",
      "m=video 20002 UDP/TLS/RTP/SAVPF 120",
      "a=rtcp-mux",
      "a=recvonly",
      "a=rtpmap:120 VP8/90000",
    ),
  );
});

Deno.test("rewriteSdp() refuses a line without a place, and says no more of it", () => {
  const fax = readDescription(FAX);
  const lines = (text: string) => text.slice(text.indexOf("m="));
  assert.equal(
    lines(pass(fax)),
    body(
      "m=audio 0 RTP/AVP 8",
      "m=image 20002 udptl t38",
      "a=T38FaxVersion:0",
      "a=T38MaxBitRate:14400",
    ),
  );
  const none = body("m=audio 0 RTP/AVP 8", "m=image 0 udptl t38");
  assert.equal(lines(rewriteSdp(fax, ORIGIN, [])), none);
  assert.equal(lines(rewriteSdp(fax, ORIGIN, [null, null, null])), none);
  const bare = offer("m=audio 5 RTP/AVP");
  assert.equal(
    lines(rewriteSdp(bare, ORIGIN, [null])),
    "m=audio 0 RTP/AVP 0\r\n",
  );
});

Deno.test("rewriteSdp() lets nothing of the phone's own network through", () => {
  for (const text of ALL) {
    const passed = pass(readDescription(text));
    assert.doesNotMatch(passed, /192\.168|fd00|0\.0\.0\.0|\.local/i);
    assert.doesNotMatch(passed, /candidate|ice-|BUNDLE|a=mid/);
    assert.doesNotMatch(passed, /^[iuepkrz]=/m);
  }
  assert.match(pass(readDescription(TALKATIVE)), /^a=tool:phone 2\.0\r$/m);
  assert.match(pass(readDescription(BARESIP)), /^a=tool:baresip 3\.16\.0\r$/m);
  const named = offer(
    "m=audio 4 RTP/AVP 8",
    "c=IN IP4 Desk7.lan",
    "a=x:DESK7.LAN",
  );
  assert.doesNotMatch(pass(named), /desk7/i);
});

Deno.test("rewriteSdp() writes lines in the order of the grammar, ended by CRLF", () => {
  for (const text of ALL) {
    for (const origin of [ORIGIN, { ...ORIGIN, host: "2001:db8::9" }]) {
      const passed = pass(readDescription(text), origin);
      assert.match(
        passed.replaceAll("\r\n", "\n"),
        /^v=0\no=- 77 3 IN IP[46] \S+\ns=-\nc=IN IP[46] \S+\n(?:b=\S+\n)*t=\d+ \d+\n(?:a=.+\n)*(?:m=\w+ \d+ \S+ .+\n(?:b=\S+\n)*(?:a=.+\n)*)+$/,
      );
      assert.doesNotMatch(passed, /[^\r]\n|\r[^\n]/);
      assert.match(
        passed,
        origin === ORIGIN ? /c=IN IP4 203/ : /c=IN IP6 2001:db8::9\r\n/,
      );
    }
  }
});

Deno.test("rewriteSdp() says a hold by an address of zeros in words", () => {
  const lines = ["m=audio 4000 RTP/AVP 8", "c=IN IP4 0.0.0.0", "a=sendrecv"];
  assert.match(pass(offer(...lines)), /RTP\/AVP 8\r\na=sendonly\r\n$/);
  assert.match(pass(offer(lines[0]!, lines[1]!)), /8\r\na=sendonly\r\n$/);
  const inactive = offer(lines[0]!, lines[1]!, "a=inactive");
  assert.match(pass(inactive), /8\r\na=inactive\r\n$/);
});

Deno.test("rewriteSdp() comes to the same when it is done again", () => {
  for (const text of ALL) {
    const once = pass(readDescription(text));
    assert.equal(pass(readDescription(once)), once);
  }
});

Deno.test("rewriteSdp() never throws, and never lets more lines through than came in", () => {
  let seed = 77;
  const random = (below: number) => {
    seed = (seed * 48271) % 0x7fffffff;
    return seed % below;
  };
  for (let round = 0; round < 3000; round++) {
    let text = ALL[random(ALL.length)]!;
    for (let change = random(4); change >= 0; change--) {
      const at = random(text.length);
      const octet = String.fromCharCode(random(256));
      text = text.slice(0, at) + octet + text.slice(at + random(8));
    }
    const sdp = parseSdp(text);
    if (sdp === null) continue;
    const passed = pass(sdp);
    const again = readDescription(passed);
    assert.equal(again.media.length, sdp.media.length);
    assert.doesNotMatch(passed, /[^\r]\n|\r[^\n]|\0/);
    offerAnew(sdp);
    padMedia(sdp, readDescription(BROWSER));
    const answer = answerOurselves(sdp, () => true);
    assert.ok(answer === null || answer.media.length === sdp.media.length);
    for (const other of ALL) {
      const made = answerFrom(readDescription(other), sdp);
      assert.ok(
        made === null ||
          made.media.length === readDescription(other).media.length,
      );
    }
  }
});

Deno.test("offerAnew() sends and hears everything again", () => {
  const held = readDescription(body(
    "v=0",
    "c=IN IP4 0.0.0.0",
    "t=0 0",
    "a=inactive",
    "m=audio 4000 RTP/AVP 8",
    "a=sendonly",
    "a=ptime:20",
    "m=video 4002 RTP/AVP 99",
    "c=IN IP4 0.0.0.0",
  ));
  const anew = offerAnew(held);
  assert.deepEqual(anew.media.map(({ direction }) => direction), [
    "sendrecv",
    "sendrecv",
  ]);
  assert.doesNotMatch(pass(anew), /sendonly|inactive/);
  assert.match(anew.text, /^a=ptime:20\r$/m);
});

Deno.test("padMedia() keeps lines that were there once, refused", () => {
  const one = readDescription(BARESIP);
  const two = readDescription(BROWSER);
  const padded = padMedia(one, two);
  assert.deepEqual(padded.media.map(({ kind, port }) => [kind, port]), [
    ["audio", 24_680],
    ["video", 0],
  ]);
  assert.equal(padMedia(two, one), two);
  assert.equal(padMedia(one, one), one);
});

/** Two offers of sound: the formats of the answer to the first; null for none. */
const COMMON: readonly (readonly [
  readonly string[],
  readonly string[],
  string | null,
])[] = [
  [["8 0 101", "101 telephone-event/8000"], ["0 8"], "8 0"],
  [
    ["8 101", "101 telephone-event/8000"],
    ["101 8", "101 telephone-event/8000"],
    "8 101",
  ],
  [
    ["101", "101 telephone-event/8000"],
    ["101", "101 telephone-event/8000"],
    null,
  ],
  [["13"], ["13"], null],
  [["8"], ["0"], null],
  [["96", "96 opus/48000/2"], ["96", "96 OPUS/48000/2"], "96"],
  [["96", "96 opus/48000/2"], ["97", "97 opus/48000/2"], null],
  [["96", "96 opus/48000/2"], ["96", "96 speex/16000"], null],
  [["8", "8 PCMA/8000/1"], ["8"], "8"],
];

function sound([formats, ...maps]: readonly string[]): SessionDescription {
  const lines = maps.map((map) => `a=rtpmap:${map}`);
  return offer(`m=audio 4000 RTP/AVP ${formats}`, ...lines);
}

Deno.test("answerFrom() finds the formats that both phones name in the same way", () => {
  for (const [one, other, expected] of COMMON) {
    const answer = answerFrom(sound(one), sound(other));
    const name = `${one} / ${other}`;
    const formats = answer === null ? null : answer.media[0]!.formats.join(" ");
    assert.equal(formats, expected, name);
    const back = answerFrom(sound(other), sound(one));
    assert.equal(back === null, expected === null, name);
  }
});

Deno.test("answerFrom() has the lines of the offer, and the other phone's places", () => {
  const wanted = offer(
    "m=video 4002 RTP/AVP 99",
    "a=rtpmap:99 H264/90000",
    "m=audio 4000 RTP/AVP 8 101",
    "a=rtpmap:101 telephone-event/8000",
    "m=audio 4004 RTP/AVP 8",
    "m=image 4006 udptl t38",
  );
  const other = offer(
    "m=audio 5000 RTP/AVP 0 8 101",
    "c=IN IP4 192.0.2.99",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=rtcp-mux",
  );
  const answer = answerFrom(wanted, other)!;
  assert.equal(
    answer.text.slice(answer.text.indexOf("m=")),
    body(
      "m=video 0 RTP/AVP 99",
      "m=audio 5000 RTP/AVP 8 101",
      "c=IN IP4 192.0.2.99",
      "a=rtpmap:101 telephone-event/8000",
      "a=sendrecv",
      "m=audio 0 RTP/AVP 8",
      "m=image 0 udptl t38",
    ),
  );
  assert.equal(answer.media[1]!.host, "192.0.2.99");
  assert.equal(
    answerFrom(readDescription(BROWSER), readDescription(BARESIP)),
    null,
  );
});

/** What the other phone says of its direction, the offer, and the answer. */
const MEETINGS = [
  ["sendrecv", "sendrecv", "sendrecv"],
  ["sendrecv", "sendonly", "recvonly"],
  ["sendrecv", "recvonly", "sendonly"],
  ["sendrecv", "inactive", "inactive"],
  ["sendonly", "sendrecv", "sendonly"],
  ["sendonly", "sendonly", "inactive"],
  ["recvonly", "sendonly", "recvonly"],
  ["inactive", "sendrecv", "inactive"],
] as const;

Deno.test("answerFrom() and answerOurselves() answer directions (RFC 3264 §6.1)", () => {
  for (const [own, offered, expected] of MEETINGS) {
    const wanted = offer("m=audio 4000 RTP/AVP 8", `a=${offered}`);
    const other = offer("m=audio 4000 RTP/AVP 8", `a=${own}`);
    const answer = answerFrom(wanted, other)!;
    assert.equal(answer.media[0]!.direction, expected, `${own} ${offered}`);
    assert.match(answer.text, new RegExp(`^a=${expected}\r$`, "m"));
    if (own !== "sendrecv") continue;
    const ours = answerOurselves(wanted, () => true)!;
    assert.equal(ours.media[0]!.direction, expected, offered);
  }
});

Deno.test("answerFrom() takes one key of each phone, of the same suite", () => {
  const keys = (name: string, ...suites: readonly string[]) =>
    offer(
      "m=audio 4000 RTP/SAVP 8",
      ...suites.map((suite, i) => `a=crypto:${i + 1} ${suite} inline:${name}`),
    );
  const [one, other] = [
    keys("one", "A_80", "A_32"),
    keys("two", "A_32", "A_80"),
  ];
  const keysIn = (sdp: SessionDescription | null) =>
    sdp!.media[0]!.lines.filter((line) => line.startsWith("a=crypto:"));
  const [toOne, toOther] = [answerFrom(one, other), answerFrom(other, one)];
  const suiteOf = (line: string) => line.split(" ")[1];
  assert.equal(keysIn(toOne).length, 1);
  assert.equal(suiteOf(keysIn(toOne)[0]!), suiteOf(keysIn(toOther)[0]!));
  assert.match(keysIn(toOne)[0]!, /inline:two$/);
  assert.match(keysIn(toOther)[0]!, /inline:one$/);
  assert.equal(answerFrom(keys("one", "A_80"), keys("two", "A_32")), null);
  assert.equal(answerFrom(keys("one"), keys("two")), null, "DTLS");
});

const isTelephone = ({ payloadType }: SdpCodec) =>
  payloadType === 0 || payloadType === 8;

Deno.test("answerOurselves() takes one codec and the digits that go with it", () => {
  const answer = answerOurselves(readDescription(MICROSIP), isTelephone)!;
  assert.equal(
    answer.text,
    body(
      "v=0",
      "t=0 0",
      "m=audio 4000 RTP/AVP 8 101",
      "a=rtpmap:8 PCMA/8000",
      "a=rtpmap:101 telephone-event/8000",
      "a=fmtp:101 0-16",
      "a=sendrecv",
    ),
  );
  const baresip = answerOurselves(readDescription(BARESIP), () => true)!;
  assert.deepEqual(codecsOf(baresip.media[0]!).map(({ name }) => name), [
    "opus/48000/2",
  ]);
  assert.match(baresip.text, /^a=ptime:20\r$/m);
});

Deno.test("answerOurselves() refuses all other lines, and keeps their order", () => {
  const sdp = offer(
    "m=video 4002 RTP/AVP 99",
    "m=audio 4004 RTP/SAVP 8",
    "a=crypto:1 A_80 inline:x",
    "m=audio 4006 RTP/AVP 18",
    "m=audio 4000 RTP/AVP 8",
    "a=crypto:1 A_80 inline:x",
    "m=audio 4008 RTP/AVP 8",
  );
  const answer = answerOurselves(sdp, isTelephone)!;
  assert.deepEqual(answer.media.map(({ port }) => port), [0, 0, 0, 4000, 0]);
  assert.doesNotMatch(answer.text, /crypto/);
  for (const text of [BROWSER, FAX]) {
    assert.equal(answerOurselves(readDescription(text), () => true), null);
  }
  assert.equal(answerOurselves(readDescription(MICROSIP), () => false), null);
});
