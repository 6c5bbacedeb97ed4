/**
 * What attackers tried: to hear a call, to speak in it, and to have a tone sent to others.
 * @module
 */

import assert from "node:assert/strict";
import * as command from "./command_ring.ts";
import { Desk, DTLS, LAN, NAT, STRANGER } from "./sample_desk_test.ts";

const B = "203.0.113.9";
const TO_B = `B ${B}:5000`;

Deno.test("isToneWelcome() ends a tone at a third party that says nothing", () => {
  const desk = new Desk();
  desk.aim(0, STRANGER, 4000, NAT);
  desk.ask(command.TONE, 0, 0, 1, 2, 3);
  desk.sound(0, STRANGER, 4000);
  desk.nowMs += 9_999;
  assert.equal(desk.tone(0), `A ${STRANGER}:4000`);
  desk.nowMs += 1;
  assert.equal(desk.tone(0), "");
  desk.give(0, STRANGER, 4000, DTLS);
  desk.ask(command.RESTART, 0);
  assert.equal(desk.tone(0), "", "only RTP counts");
  desk.sound(0, STRANGER, 4000);
  assert.equal(desk.tone(0), `A ${STRANGER}:4000`);
});

Deno.test("isToneWelcome() believes no RTP of an earlier place", () => {
  const desk = new Desk();
  desk.aim(0, LAN, 4000, NAT);
  desk.ask(command.TONE, 0, 0, 1, 2, 3);
  desk.sound(0, NAT, 4000);
  desk.aim(0, STRANGER, 4000, NAT);
  desk.give(0, STRANGER, 4000, DTLS);
  assert.equal(desk.source(0), `${STRANGER}:4000`);
  assert.equal(desk.tone(0), "");
});

Deno.test("isToneWelcome() ends a tone at whom a phone's own stream points, trusted or not", () => {
  const desk = new Desk();
  desk.aim(0, NAT, 4000, NAT);
  desk.ask(command.TONE, 0, 0, 1, 2, 3);
  desk.sound(0, NAT, 4000);
  desk.nowMs += 2000;
  desk.sound(0, STRANGER, 4000);
  assert.equal(desk.tone(0), `A ${STRANGER}:4000`);
  desk.nowMs += 10_000;
  assert.equal(desk.tone(0), "");
});

Deno.test("isToneWelcome() sends to the host that the phone signals from as long as it likes", () => {
  const desk = new Desk();
  desk.aim(0, NAT, 4000, NAT);
  desk.ask(command.TONE, 0, 0, 1, 2, 3);
  desk.nowMs += 3_600_000;
  assert.equal(desk.tone(0), `A ${NAT}:4000`, "it may be mute");
  desk.aim(0, LAN, 4000, NAT);
  desk.sound(0, NAT, 61000);
  desk.nowMs += 3_600_000;
  assert.equal(desk.tone(0), `A ${NAT}:61000`);
});

Deno.test("isSoundOfPhone() believes no stranger where the phone names its own host", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  for (let i = 0; i < 200; i++) {
    assert.equal(desk.sound(1, STRANGER, 7000), "");
  }
  assert.equal(desk.sound(0, NAT, 61000), TO_B);
});

Deno.test("isSoundOfPhone() gives a stranger's place to the first that is expected", () => {
  for (const [host, port] of [[NAT, 61000], [LAN, 4000]] as const) {
    const desk = new Desk();
    desk.connect();
    for (let i = 0; i < 25; i++) desk.sound(0, STRANGER, 7000);
    assert.equal(desk.source(0), `${STRANGER}:7000`);
    assert.equal(desk.sound(0, host, port, 8), TO_B);
    assert.equal(desk.source(0), `${host}:${port}`);
    assert.equal(desk.sound(0, STRANGER, 7000), "");
  }
});

Deno.test("isSoundOfPhone() lets no stranger into a call on hold", () => {
  for (const [host, port] of [["0.0.0.0", 4000], [LAN, 0]] as const) {
    const desk = new Desk();
    desk.connect();
    desk.sound(0, NAT, 61000);
    desk.aim(0, host, port, NAT);
    desk.nowMs += 2000;
    for (let i = 0; i < 60; i++) {
      assert.equal(desk.sound(0, STRANGER, 7000, 9), "");
      assert.equal(desk.sound(0, NAT, 7000, 9), "", "nor its neighbour");
    }
    assert.equal(desk.source(0), `${NAT}:61000`);
    assert.equal(desk.sound(0, NAT, 62000, 7), TO_B, "the phone itself moved");
    assert.equal(desk.source(0), `${NAT}:62000`);
  }
});

Deno.test("isSoundOfPhone() lets no stranger in before a phone on hold has spoken", () => {
  const desk = new Desk();
  desk.connect();
  desk.aim(0, "0.0.0.0", 4000, NAT);
  for (let i = 0; i < 60; i++) {
    assert.equal(desk.sound(0, STRANGER, 7000), "");
  }
  assert.equal(desk.sound(0, NAT, 61000), TO_B);
});

Deno.test("isSoundOfPhone() lets no stranger in when a silent phone names another place", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  desk.aim(0, LAN, 4002, NAT);
  desk.nowMs += 2000;
  for (let i = 0; i < 60; i++) {
    assert.equal(desk.sound(0, STRANGER, 7000, 9), "");
  }
  assert.equal(desk.sound(0, NAT, 61002, 8), TO_B);
});

Deno.test("isSoundOfPhone() gives the place to the very port that the SDP names", () => {
  // trusted, and not
  for (const signalled of [B, NAT]) {
    const desk = new Desk();
    desk.connect();
    desk.sound(0, NAT, 61000);
    desk.aim(1, B, 5000, signalled);
    assert.equal(desk.sound(1, B, 6666, 9), `A ${NAT}:61000`);
    assert.equal(desk.sound(0, NAT, 61000), `B ${B}:6666`);
    assert.equal(desk.sound(1, B, 5000), `A ${NAT}:61000`);
    assert.equal(desk.sound(0, NAT, 61000), TO_B);
    assert.equal(desk.sound(1, B, 6666, 9), "", "and not back");
  }
});

Deno.test("isControlOfPhone() keeps one port, unless it is quiet for 15 s", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  desk.report(0, NAT, 61001);
  desk.nowMs += 14_999;
  assert.equal(desk.report(0, NAT, 33333), "");
  assert.equal(desk.report(1, B, 5001), `a ${NAT}:61001`);
  assert.equal(desk.report(0, NAT, 61001), `b ${B}:5001`);
  desk.nowMs += 15_000;
  assert.equal(desk.report(0, NAT, 33333), `b ${B}:5001`);
  assert.equal(desk.report(1, B, 5001), `a ${NAT}:33333`);
});

Deno.test("isControlOfPhone() gives the place to the very port that the SDP names", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(1, B, 5000);
  desk.report(1, B, 6667);
  desk.sound(0, NAT, 61000);
  assert.equal(desk.report(0, NAT, 61001), `b ${B}:6667`);
  desk.report(1, B, 5001);
  assert.equal(desk.report(0, NAT, 61001), `b ${B}:5001`);
  desk.report(1, B, 6667);
  assert.equal(desk.report(0, NAT, 61001), `b ${B}:5001`);
});

Deno.test("isSoundOfPhone() keeps a phone on hold where it was before it named another place", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  desk.aim(0, LAN, 4002, NAT);
  desk.aim(0, "0.0.0.0", 4002, NAT);
  assert.equal(desk.sound(0, NAT, 7000, 9), "");
  assert.equal(desk.sound(0, NAT, 61000), TO_B);
});

Deno.test("isControlOfPhone() keeps the port of a phone on hold", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  desk.report(0, NAT, 61001);
  desk.aim(0, "0.0.0.0", 4000, NAT);
  assert.equal(desk.report(0, NAT, 33333), "");
  assert.equal(desk.report(0, NAT, 61001), `b ${B}:5001`);
});
