import assert from "node:assert/strict";
import type { MediaSeen } from "../../pbx/fact.ts";
import {
  answer,
  challenge,
  credentials,
  OTHER,
  PHONE,
  type Place,
  request,
  SERVER,
  Tape,
  type Told,
} from "./replay_sample_test.ts";

const CALLER: Place = { host: PHONE, port: 5062 };
const CALLEE: Place = { host: OTHER, port: 5064 };

interface Sound {
  readonly host: string;
  readonly port: number;
  readonly profile?: string;
  readonly types?: string;
}

function sdp({ host, port, profile = "RTP/AVP", types = "8 0 101" }: Sound) {
  return [
    "v=0",
    `o=- 1 1 IN IP4 ${host}`,
    "s=-",
    `c=IN IP4 ${host}`,
    "t=0 0",
    `m=audio ${port} ${profile} ${types}`,
    "a=rtpmap:101 telephone-event/8000",
    "",
  ].join("\r\n");
}

/** Where each side sends its sound: the server's own ports. */
const TO_CALLER = { host: SERVER, port: 10_000 };
const TO_CALLEE = { host: SERVER, port: 10_002 };

function invite(parts: Parameters<typeof request>[0] = {}): string {
  return request({
    method: "INVITE",
    target: `sip:1002@${SERVER}`,
    to: `<sip:1002@${SERVER}>`,
    headers: [`Contact: <sip:1001@${PHONE}:5062>`],
    body: sdp({ host: PHONE, port: 4000 }),
    ...parts,
  });
}

function inDialog(method: string, parts: Parameters<typeof request>[0] = {}) {
  return request({
    method,
    target: `sip:1002@${SERVER}`,
    to: `<sip:1002@${SERVER}>;tag=to-1`,
    ...parts,
  });
}

/** The INVITE that the server sends to the called phone, as a phone of its own. */
function fork(parts: Parameters<typeof request>[0] = {}): string {
  return invite({
    callId: "leg-2",
    target: `sip:x@${OTHER}:5064`,
    to: `<sip:1002@${OTHER}>`,
    via: `${SERVER}:5060`,
    body: sdp(TO_CALLEE),
    ...parts,
  });
}

/** Up to the ACK of the caller. */
function connect(tape: Tape, toCallee = sdp({ host: OTHER, port: 6000 })) {
  const first = invite();
  const second = invite({ cseq: 2, headers: [credentials("n1")] });
  const out = fork();
  tape.phone(first).server(
    answer(first, 401, "Unauthorized", [challenge("n1")]),
  ).phone(inDialog("ACK"))
    .phone(second).server(answer(second, 100, "Trying"))
    .server(out, CALLEE).phone(answer(out, 180, "Ringing"), CALLEE)
    .server(answer(second, 180, "Ringing"))
    .phone(answer(out, 200, "OK", [], toCallee), CALLEE)
    .server(inDialog("ACK", { callId: "leg-2", via: `${SERVER}:5060` }), CALLEE)
    .server(answer(second, 200, "OK", [], sdp(TO_CALLER)));
  return second;
}

function hangUp(tape: Tape): Tape {
  return tape.phone(inDialog("BYE", { cseq: 9 }));
}

/** One second of sound in packets of 20 ms; every `gap`-th one is missing. */
function speak(tape: Tape, from: Place, to: Place, gap = 0): Tape {
  for (let i = 0; i < 300; i++) {
    tape.wait(10);
    if (gap > 0 && i % gap === 1) continue;
    const packet = new Uint8Array(172);
    const view = new DataView(packet.buffer);
    view.setUint8(0, 0x80);
    view.setUint8(1, 8);
    view.setUint16(2, 65_500 + i);
    view.setUint32(4, i * 160);
    view.setUint32(8, 77);
    tape.send(packet, from, to);
  }
  return tape;
}

function kinds({ facts }: Told): string[] {
  return facts.flatMap((fact) => {
    if (!fact.kind.startsWith("call-")) return [];
    const side = "side" in fact ? ` ${fact.side}` : "";
    const status = fact.kind === "call-answered" ? ` ${fact.status}` : "";
    return [`${fact.kind}${side}${status}`];
  });
}

function media({ facts }: Told): MediaSeen[] {
  return facts.filter((fact) => fact.kind === "media-seen");
}

Deno.test("Replay tells a call through a server that is a phone to both sides", () => {
  const tape = new Tape();
  connect(tape);
  hangUp(tape.phone(inDialog("ACK", { cseq: 2 })).wait(7000));
  const told = tape.play();
  assert.deepEqual(kinds(told), [
    "call-invited caller",
    "call-invited callee",
    "call-answered callee 200",
    "call-answered caller 200",
    "call-acknowledged caller",
    "call-ended",
  ]);
  const call = told.stories[0]!.calls[0]!;
  assert.equal(call.callee, "1002");
  assert.equal(
    call.invited?.offer?.codecs.join(),
    "PCMA/8000,PCMU/8000,telephone-event/8000",
  );
  assert.equal(call.isAcknowledged, true);
  assert.equal(call.ended?.by, "caller");
  assert.equal(call.ended.answeredSeconds, 7);
});

Deno.test("Replay tells a call through a proxy, which keeps the Call-ID", () => {
  const first = invite();
  const out = fork({ callId: "call-1", branch: "z9hG4bK-proxy" });
  const bye = inDialog("BYE", { number: "1002", branch: "z9hG4bK-b" });
  const told = new Tape().phone(first).server(answer(first, 100, "Trying"))
    .server(out, CALLEE).phone(answer(out, 200, "OK"), CALLEE)
    .server(answer(first, 200, "OK")).phone(inDialog("ACK"))
    .wait(2000).phone(bye, CALLEE).play();
  assert.deepEqual(kinds(told), [
    "call-invited caller",
    "call-invited callee",
    "call-answered callee 200",
    "call-answered caller 200",
    "call-acknowledged caller",
    "call-ended",
  ]);
  const ended = told.facts.find(({ kind }) => kind === "call-ended");
  assert.ok(ended?.kind === "call-ended");
  assert.equal(ended.by, "callee");
});

Deno.test("Replay counts sound by direction, with what is lost", () => {
  const tape = new Tape();
  connect(tape);
  tape.phone(inDialog("ACK", { cseq: 2 }));
  speak(tape, { host: PHONE, port: 4000 }, TO_CALLER, 10);
  speak(tape, { host: OTHER, port: 6000 }, TO_CALLEE);
  const told = hangUp(tape).play();
  const [caller, callee] = media(told);
  assert.equal(caller?.side, "caller");
  assert.equal(caller.packets, 270);
  assert.equal(caller.lost, 30);
  assert.equal(callee?.packets, 300);
  assert.equal(callee.lost, 0);
  assert.equal(callee.jitterMs < 1, true);
  assert.deepEqual(told.codes, ["packet-loss"]);
});

Deno.test("Replay hears that one side is silent, where the file has sound at all", () => {
  const tape = new Tape();
  connect(tape);
  tape.phone(inDialog("ACK", { cseq: 2 }));
  speak(tape, { host: OTHER, port: 6000 }, TO_CALLEE);
  const told = hangUp(tape).play();
  assert.deepEqual(media(told).map(({ packets }) => packets), [0, 300]);
  assert.deepEqual(told.codes, ["one-way-audio"]);
});

Deno.test("Replay says nothing of sound that a file does not have", () => {
  const tape = new Tape();
  connect(tape);
  const told = hangUp(tape.phone(inDialog("ACK", { cseq: 2 })).wait(9000))
    .play();
  assert.deepEqual(media(told), []);
  assert.deepEqual(told.codes, []);
});

Deno.test("Replay tells a called phone that says nothing", () => {
  const first = invite();
  const out = fork();
  const tape = new Tape().phone(first).server(answer(first, 100, "Trying"));
  for (const ms of [0, 500, 1000, 2000, 4000]) {
    tape.wait(ms).server(out, CALLEE);
  }
  const told = tape.server(answer(first, 408, "Request Timeout")).play();
  assert.deepEqual(kinds(told), [
    "call-invited caller",
    "call-invited callee",
    "call-answered callee 0",
    "call-answered caller 408",
  ]);
  assert.deepEqual(told.codes, ["callee-silent"]);
});

Deno.test("Replay counts answers that no ACK comes to", () => {
  const tape = new Tape();
  const second = connect(tape);
  for (const ms of [500, 1000, 2000, 4000]) {
    tape.wait(ms).server(answer(second, 200, "OK", [], sdp(TO_CALLER)));
  }
  const told = tape.play();
  assert.equal(told.phones[0]?.story.calls[0]?.answer?.repeats, 4);
  assert.deepEqual(told.codes, ["no-ack"]);
});

Deno.test("Replay sees encryption on one side only", () => {
  const tape = new Tape();
  const first = invite({
    body: sdp({ host: PHONE, port: 4000, profile: "RTP/SAVP" }),
  });
  const out = fork();
  tape.phone(first).server(answer(first, 100, "Trying")).server(out, CALLEE)
    .phone(answer(out, 488, "Not Acceptable Here"), CALLEE)
    .server(answer(first, 488, "Not Acceptable Here"));
  assert.deepEqual(tape.play().codes, ["srtp-mismatch"]);
});

Deno.test("Replay takes 404 for a number that was registered as nobody there", () => {
  const told = (number: string) => {
    const register = request({
      number,
      callId: "reg-2",
      headers: [`Contact: <sip:${number}@${OTHER}:5064>;expires=1`],
    });
    const first = invite();
    return new Tape().phone(register, CALLEE)
      .server(answer(register, 200, "OK"), CALLEE).wait(2000)
      .phone(first).server(answer(first, 404, "Not Found")).play();
  };
  assert.equal(told("1002").codes[0], "callee-not-registered");
  assert.equal(told("1003").codes[0], "no-such-number");
});

Deno.test("Replay ends a call that is cancelled", () => {
  const first = invite();
  const cancel = request({
    method: "CANCEL",
    target: `sip:1002@${SERVER}`,
    to: `<sip:1002@${SERVER}>`,
    branch: "z9hG4bK-call-1-INVITE-1",
  });
  const told = new Tape().phone(first).server(answer(first, 180, "Ringing"))
    .wait(3000).phone(cancel, CALLER).server(answer(cancel, 200, "OK"))
    .server(answer(first, 487, "Request Terminated")).play();
  const ended = told.facts.find(({ kind }) => kind === "call-ended");
  assert.ok(ended?.kind === "call-ended");
  assert.equal(ended.why, "cancelled");
});
