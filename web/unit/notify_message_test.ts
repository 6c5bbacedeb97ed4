/**
 * Where systemd wants to hear of the service, and how often.
 * @module
 */

import assert from "node:assert/strict";
import { readNotification } from "./notify_message.ts";

const PID = 77;

function addressOf(socket: string): string | null {
  const found = readNotification({ NOTIFY_SOCKET: socket }, PID);
  return found === null ? null : String.fromCharCode(...found.address);
}

Deno.test("readNotification() reads a path and a name without a file", () => {
  assert.equal(addressOf("/run/systemd/notify"), "\x01\0/run/systemd/notify");
  assert.equal(addressOf("@notify/7"), "\x01\0\0notify/7");
});

Deno.test("readNotification() gives null where nobody listens in this way", () => {
  const long = `/${"a".repeat(107)}`;
  for (const socket of ["", "/", "@", "run/notify", "vsock:2:1234", long]) {
    assert.equal(addressOf(socket), null, socket);
  }
  assert.equal(readNotification({}, PID), null);
});

Deno.test("readNotification() takes the watchdog that watches this process", () => {
  const watchdogOf = (usec: string | undefined, pid?: string) =>
    readNotification({
      NOTIFY_SOCKET: "/run/n",
      WATCHDOG_USEC: usec,
      WATCHDOG_PID: pid,
    }, PID)?.watchdogMs;
  assert.equal(watchdogOf("20000000", "77"), 20_000);
  assert.equal(watchdogOf("20000000"), 20_000);
  assert.equal(watchdogOf("20000000", "78"), null);
  assert.equal(watchdogOf(undefined, "77"), null);
  for (const usec of ["0", "-1", "soon", "1.5"]) {
    assert.equal(watchdogOf(usec), null, usec);
  }
});
