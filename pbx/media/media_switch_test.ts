/**
 * Where packets go, whose they are taken for, and who is kept out.
 * @module
 */

import assert from "node:assert/strict";
import * as command from "./command_ring.ts";
import { MediaSwitch } from "./media_switch.ts";
import {
  Desk,
  DTLS,
  LAN,
  NAT,
  OWN,
  REPORT,
  STRANGER,
} from "./sample_desk_test.ts";

Deno.test("MediaSwitch.route() carries both ways, once a phone behind a router has spoken", () => {
  const desk = new Desk();
  desk.connect();
  assert.equal(desk.sound(1, "203.0.113.9", 5000), "", "A is not known yet");
  assert.equal(desk.sound(0, NAT, 61000), "B 203.0.113.9:5000");
  assert.equal(desk.sound(1, "203.0.113.9", 5000), `A ${NAT}:61000`);
  assert.equal(desk.source(0), `${NAT}:61000`);
  assert.equal(desk.counts(0).sent, 1);
  assert.equal(desk.counts(1).packets, 2);
});

Deno.test("MediaSwitch.route() sends nothing to a third party that the SDP names", () => {
  const desk = new Desk();
  desk.aim(0, STRANGER, 4000, NAT);
  desk.aim(1, "203.0.113.9", 5000, "203.0.113.9");
  desk.ask(command.CONNECT, 0, 1);
  assert.equal(desk.sound(1, "203.0.113.9", 5000), "");
  assert.equal(desk.report(1, "203.0.113.9", 5001), "");
  // but it may be the phone, if it speaks
  assert.equal(desk.sound(0, STRANGER, 4000), "B 203.0.113.9:5000");
  assert.equal(desk.sound(1, "203.0.113.9", 5000), `A ${STRANGER}:4000`);
});

Deno.test("MediaSwitch.route() keeps strangers out and counts them", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  for (let i = 0; i < 60; i++) {
    assert.equal(desk.sound(0, STRANGER, 7000, 9), "");
    assert.equal(desk.sound(0, NAT, 61002, 9), "", "not even its neighbour");
    assert.equal(desk.give(0, STRANGER, 7000, DTLS), "");
    desk.sound(0, NAT, 61000);
  }
  assert.equal(desk.counts(0).strangers, 180);
  assert.equal(desk.counts(0).packets, 61);
  assert.equal(desk.source(0), `${NAT}:61000`);
});

Deno.test("MediaSwitch.route() believes a stranger after 25 packets of one stream, alone", () => {
  const desk = new Desk();
  desk.connect();
  for (let i = 1; i < 25; i++) assert.equal(desk.sound(0, STRANGER, 7000), "");
  desk.sound(0, STRANGER, 7002);
  for (let i = 1; i < 25; i++) assert.equal(desk.sound(0, STRANGER, 7000), "");
  desk.sound(0, STRANGER, 7000, 8);
  for (let i = 1; i < 25; i++) assert.equal(desk.sound(0, STRANGER, 7000), "");
  assert.equal(desk.sound(0, STRANGER, 7000), "B 203.0.113.9:5000");
  assert.equal(desk.sound(1, "203.0.113.9", 5000), `A ${STRANGER}:7000`);
});

Deno.test("MediaSwitch.route() believes nobody before the phone is known", () => {
  const desk = new Desk();
  desk.ask(command.CONNECT, 0, 1);
  for (let i = 0; i < 40; i++) assert.equal(desk.sound(0, NAT, 61000), "");
  assert.equal(desk.source(0), "");
});

Deno.test("MediaSwitch.route() follows the same stream after two seconds of silence", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000, 7);
  desk.nowMs += 1900;
  assert.equal(desk.sound(0, NAT, 62000, 7), "", "too soon");
  desk.nowMs += 100;
  assert.equal(desk.sound(0, STRANGER, 62000, 8), "", "another stream");
  assert.equal(desk.sound(0, STRANGER, 62000, 7), "B 203.0.113.9:5000");
  assert.equal(desk.source(0), `${STRANGER}:62000`);
  assert.equal(
    desk.sound(0, NAT, 61000, 7),
    "B 203.0.113.9:5000",
    "a place that is expected always has it back",
  );
});

Deno.test("MediaSwitch.route() takes a new stream from the old place", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000, 7);
  assert.equal(desk.sound(0, NAT, 61000, 8), "B 203.0.113.9:5000");
  desk.nowMs += 3000;
  assert.equal(desk.sound(0, NAT, 62000, 7), "", "7 is not the last stream");
});

Deno.test("MediaSwitch.apply() learns a phone anew that names another place", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  desk.aim(0, LAN, 4002, NAT);
  assert.equal(desk.sound(1, "203.0.113.9", 5000), `A ${NAT}:61000`);
  assert.equal(desk.sound(0, NAT, 61000), "B 203.0.113.9:5000", "not yet");
  assert.equal(desk.sound(0, STRANGER, 7000, 9), "");
  assert.equal(desk.sound(0, NAT, 61004, 8), "B 203.0.113.9:5000");
  assert.equal(desk.sound(0, NAT, 61000), "", "now it has moved");
  assert.equal(desk.sound(1, "203.0.113.9", 5000), `A ${NAT}:61004`);
});

Deno.test("MediaSwitch.apply() sends to a new place at once where that is trusted", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  desk.sound(1, "203.0.113.9", 5000);
  desk.aim(1, "203.0.113.9", 5002, "203.0.113.9");
  assert.equal(desk.sound(0, NAT, 61000), "B 203.0.113.9:5002");
  // a phone that goes on from its old place a second later has stayed there
  desk.nowMs += 1000;
  desk.sound(1, "203.0.113.9", 5000);
  assert.equal(desk.sound(0, NAT, 61000), "B 203.0.113.9:5000");
});

Deno.test("MediaSwitch.apply() keeps the phone where the same place is named again", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  desk.aim(0, LAN, 4000, NAT);
  assert.equal(desk.sound(0, NAT, 61004), "");
});

Deno.test("MediaSwitch.apply() sends nothing to a phone that wants nothing", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  for (const [host, port] of [[LAN, 0], ["0.0.0.0", 4000]] as const) {
    desk.aim(0, host, port, NAT);
    assert.equal(desk.sound(1, "203.0.113.9", 5000), "");
    assert.equal(desk.sound(0, NAT, 61000), "B 203.0.113.9:5000");
  }
  desk.aim(0, LAN, 4000, NAT);
  assert.equal(desk.sound(1, "203.0.113.9", 5000), `A ${NAT}:61000`);
});

Deno.test("MediaSwitch.route() takes RTCP from where the sound comes from, from one port", () => {
  const desk = new Desk();
  desk.connect();
  assert.equal(desk.report(0, STRANGER, 61001), "");
  assert.equal(desk.report(0, NAT, 33333), "b 203.0.113.9:5001");
  assert.equal(desk.report(1, "203.0.113.9", 5001), `a ${NAT}:33333`);
  desk.sound(0, NAT, 61000);
  assert.equal(desk.report(0, LAN, 4001), "", "another host than the sound's");
  assert.equal(desk.report(0, NAT, 33333), "b 203.0.113.9:5001");
  assert.equal(desk.counts(0).packets, 1);
  assert.equal(desk.counts(0).strangers, 2);
});

Deno.test("MediaSwitch.route() forwards RTCP that is muxed on the port for RTP, uncounted", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  assert.equal(desk.give(0, NAT, 61000, REPORT), "B 203.0.113.9:5000");
  assert.equal(desk.counts(0).packets, 1);
  assert.equal(desk.counts(1).sent, 1);
  desk.aim(1, "203.0.113.9", 5000, "203.0.113.9", 5000);
  assert.equal(
    desk.report(0, NAT, 61001),
    "B 203.0.113.9:5000",
    "muxed for a phone that wants it so",
  );
});

Deno.test("MediaSwitch.route() forwards what is no RTP, and learns from it where expected", () => {
  const desk = new Desk();
  desk.connect();
  assert.equal(desk.give(0, STRANGER, 61000, DTLS), "");
  assert.equal(desk.give(0, NAT, 61000, DTLS), "B 203.0.113.9:5000");
  assert.equal(desk.source(0), `${NAT}:61000`);
  assert.equal(desk.counts(0).packets, 0);
});

Deno.test("MediaSwitch.route() drops what is empty or too long", () => {
  const desk = new Desk();
  desk.connect();
  const bytes = new Uint8Array(1600).fill(0x80);
  assert.equal(desk.give(0, NAT, 61000, bytes, false, 0), "");
  assert.equal(desk.give(0, NAT, 61000, bytes, false, 1501), "");
  assert.equal(desk.source(0), "");
  assert.notEqual(desk.give(0, NAT, 61000, bytes, false, 1500), "");
});

Deno.test("MediaSwitch.route() turns no packets of our own ports in circles", () => {
  const desk = new Desk();
  for (const slot of [0, 1]) {
    desk.aim(slot, OWN, 10002 - 2 * slot, OWN);
    desk.ask(command.ECHO, slot);
  }
  assert.equal(desk.sound(0, OWN, 10002), "");
  assert.equal(desk.report(0, OWN, 10003), "");
  assert.equal(desk.sound(0, OWN, 10004), "A 203.0.113.1:10004");
});

Deno.test("MediaSwitch.apply() echoes RTP and no RTCP", () => {
  const desk = new Desk();
  desk.connect();
  desk.ask(command.ECHO, 0);
  assert.equal(desk.sound(0, NAT, 61000), `A ${NAT}:61000`);
  assert.equal(desk.report(0, NAT, 61001), "");
  assert.equal(desk.give(0, NAT, 61000, REPORT), "");
  assert.equal(desk.sound(1, "203.0.113.9", 5000), "", "B is alone");
});

Deno.test("MediaSwitch.apply() has a tone wait for its phone", () => {
  const desk = new Desk();
  desk.aim(0, LAN, 4000, NAT);
  desk.ask(command.TONE, 0, 0, 1, 2, 3);
  assert.deepEqual([...desk.media.tones], [0]);
  assert.equal(desk.tone(0), "");
  desk.sound(0, NAT, 61000);
  assert.equal(desk.tone(0), `A ${NAT}:61000`);
  desk.ask(command.DISCONNECT, 0);
  assert.equal(desk.media.tones.size, 0);
});

Deno.test("MediaSwitch.apply() ends earlier connections of both", () => {
  const desk = new Desk();
  desk.connect();
  desk.open(2);
  desk.aim(2, "203.0.113.8", 6000, "203.0.113.8");
  desk.sound(0, NAT, 61000);
  desk.ask(command.CONNECT, 2, 0);
  assert.equal(desk.sound(0, NAT, 61000), "C 203.0.113.8:6000");
  assert.equal(desk.sound(1, "203.0.113.9", 5000), "");
  assert.equal(desk.sound(2, "203.0.113.8", 6000), `A ${NAT}:61000`);
  desk.ask(command.DISCONNECT, 0);
  assert.equal(desk.sound(2, "203.0.113.8", 6000), "", "nothing leaves at A");
  assert.equal(desk.sound(0, NAT, 61000), "C 203.0.113.8:6000");
  desk.ask(command.CLOSE, 2);
  assert.equal(desk.sound(0, NAT, 61000), "");
  assert.equal(desk.sound(2, "203.0.113.8", 6000), "", "closed");
});

Deno.test("MediaSwitch.apply() opens an end anew without what was there before", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  desk.ask(command.CLOSE, 0);
  desk.open(0);
  assert.equal(desk.source(0), "");
  assert.equal(desk.counts(0).packets, 0);
  assert.equal(desk.sound(0, NAT, 61000), "", "nobody is expected");
  assert.equal(desk.sound(1, "203.0.113.9", 5000), "", "nobody is connected");
});

Deno.test("MediaSwitch.apply() ignores what makes no sense", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  desk.ask(command.CONNECT, 0, 0);
  desk.ask(command.CONNECT, 0, 2);
  desk.ask(command.CONNECT, 0, 999);
  desk.ask(command.ECHO, 999);
  desk.ask(command.AIM, 2, 1);
  desk.ask(77, 0);
  assert.equal(desk.sound(0, NAT, 61000), "B 203.0.113.9:5000");
});

Deno.test("MediaSwitch goes on with a table that another one left", () => {
  const desk = new Desk();
  desk.connect();
  desk.sound(0, NAT, 61000);
  desk.media = new MediaSwitch(desk.table);
  assert.equal(desk.sound(0, NAT, 61000), "B 203.0.113.9:5000");
  assert.equal(desk.sound(0, OWN, 10002), "");
  desk.ask(command.TONE, 0, 0, 1, 2, 3);
  assert.deepEqual([...new MediaSwitch(desk.table).tones], [0]);
});

Deno.test("MediaSwitch.route() knows IPv6 hosts by all their octets", () => {
  const desk = new Desk("2001:db8::1");
  desk.aim(0, "2001:db8:a::1", 4000, "2001:db8:a::1");
  desk.aim(1, "fe80::5", 5000, "fe80::5%3");
  desk.ask(command.CONNECT, 0, 1);
  assert.equal(desk.sound(0, "2001:db8:a::2", 4000), "");
  assert.equal(desk.sound(0, "2001:db8:a::1", 4000), "B [fe80::5%3]:5000");
  assert.equal(
    desk.sound(1, "fe80::5%3", 5000),
    "A [2001:db8:a::1]:4000",
  );
  desk.aim(0, NAT, 4000, NAT);
  assert.equal(desk.sound(0, "2001:db8:a::9", 4000), "", "IPv4 is of no use");
});
