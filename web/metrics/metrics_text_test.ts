/**
 * What Prometheus is told of a server, without one.
 * @module
 */

import assert from "node:assert/strict";
import { STAGES } from "../../sip/stage.ts";
import { Counters } from "../../diag/counters.ts";
import { Flow } from "../../sip/flow.ts";
import { type MetricsReading, writeMetrics } from "./metrics_text.ts";

const HOST = "198.51.100.7";
const NUMBER = "1002";

function makeReading(): MetricsReading {
  const counters = new Counters();
  const seen = {
    at: 0,
    flow: new Flow("udp", 0, "192.0.2.1", 5060, HOST, 40000),
    method: "REGISTER",
    number: NUMBER,
    callId: "a",
    userAgent: "MicroSIP/3.21.6",
  };
  counters.add({
    ...seen,
    kind: "refused",
    stage: "auth",
    status: 403,
    why: "wrong-password",
    detail: "",
  });
  counters.add({
    ...seen,
    kind: "transport-trouble",
    stage: "socket",
    what: "kernel-drops",
    count: 17,
    detail: "",
  });
  return {
    version: "0.1.0",
    startedAtMs: 1_700_000_000_500,
    office: { extensions: 5, registrations: 3, calls: 1 },
    counters: counters.snapshot(),
    process: {
      cpuSeconds: 1.25,
      residentBytes: 1000,
      heapBytes: 500,
      openFiles: 23,
      mostFiles: 1024,
    },
    signInFailures: 2,
  };
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

Deno.test("writeMetrics() says what was counted", () => {
  const lines = linesOf(writeMetrics(makeReading()));
  for (
    const line of [
      'pbx_build_info{version="0.1.0"} 1',
      "pbx_start_time_seconds 1700000000.5",
      "pbx_registrations_active 3",
      "pbx_calls_active 1",
      'pbx_registrations_stopped_total{stage="auth"} 1',
      'pbx_sip_refusals_total{reason="wrong-password"} 1',
      "pbx_udp_kernel_drops_total 17",
      "pbx_process_cpu_seconds_total 1.25",
      "pbx_process_open_fds 23",
      "pbx_sign_in_failures_total 2",
    ]
  ) assert.ok(lines.includes(line), line);
});

Deno.test("writeMetrics() has every stage and every class from the start", () => {
  const counters = new Counters().snapshot();
  const text = writeMetrics({ ...makeReading(), counters });
  for (const stage of STAGES) {
    const line = `pbx_registrations_stopped_total{stage="${stage}"} 0`;
    assert.ok(text.includes(`${line}\n`), line);
  }
  for (const kind of ["sip", "keepalive", "stun", "empty", "garbage"]) {
    assert.ok(text.includes(`pbx_udp_datagrams_total{class="${kind}"} 0\n`));
  }
});

Deno.test("writeMetrics() explains each family once, under one prefix", () => {
  const lines = linesOf(writeMetrics(makeReading()));
  const families: string[] = [];
  for (const [i, line] of lines.entries()) {
    const name = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line)?.[1];
    if (name === undefined) continue;
    families.push(name);
    assert.match(
      lines[i - 1]!,
      new RegExp(`^# HELP ${name} [A-Z].*[A-Za-z0-9]$`),
    );
    assert.match(lines[i + 1]!, new RegExp(`^${name}(_bucket)?[ {]`));
    assert.match(name, /^pbx_[a-z_]+$/);
    assert.equal(name.endsWith("_total"), line.endsWith(" counter"), name);
  }
  assert.equal(new Set(families).size, families.length);
  assert.ok(families.length > 35, `${families.length}`);
});

Deno.test("writeMetrics() tells nobody who somebody is", () => {
  const text = writeMetrics(makeReading());
  for (const secret of [HOST, NUMBER, "MicroSIP", "192.0.2.1"]) {
    assert.ok(!text.includes(secret), secret);
  }
});

Deno.test("writeMetrics() leaves out what is not known", () => {
  const reading = makeReading();
  const text = writeMetrics({
    ...reading,
    process: { ...reading.process, openFiles: null, mostFiles: null },
    signInFailures: null,
  });
  assert.doesNotMatch(text, /fds|sign_in|null|NaN/);
});
