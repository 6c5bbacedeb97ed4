/**
 * What Prometheus is told. Names have the prefix `pbx_`, base units, and `_total` where they only
 * grow. Every sample is there from the start, at 0, so that the first increase is seen as one. No
 * label holds an address, a number, or anything else that somebody sends.
 * @module
 */

import type { CountersSnapshot } from "../../diag/counters.ts";
import { ROUND_TRIP_BOUNDS_MS } from "../../diag/round_trips.ts";
import { Exposition } from "./exposition.ts";

/** What was read for one answer. */
export interface MetricsReading {
  readonly version: string;
  /** When this run began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly office: {
    readonly extensions: number;
    readonly registrations: number;
    readonly calls: number;
  };
  readonly counters: CountersSnapshot;
  readonly process: ProcessReading;
  /** Passwords of the page that were wrong; null where there is no page. */
  readonly signInFailures: number | null;
}

/** What the system says of the process. */
export interface ProcessReading {
  /** Of all threads, in the program and in the kernel for it. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** Sockets count too; null where the system does not say. */
  readonly openFiles: number | null;
  readonly mostFiles: number | null;
}

/** Writes all metrics. */
export function writeMetrics(reading: MetricsReading): string {
  const text = new Exposition();
  addServer(text, reading);
  addRegistrations(text, reading);
  addMessages(text, reading.counters);
  addCalls(text, reading);
  addProcess(text, reading.process);
  return text.toString();
}

function addServer(
  text: Exposition,
  { version, startedAtMs, counters: { server }, signInFailures }:
    MetricsReading,
): void {
  text.addInfo(
    "pbx_build_info",
    "The program that runs; always 1",
    "version",
    version,
  );
  text.addGauge(
    "pbx_start_time_seconds",
    "When this run began, in seconds since 1970",
    startedAtMs / 1000,
  );
  text.addCounter(
    "pbx_store_failures_total",
    "How often the database began to refuse what must be kept",
    server["store-failed"],
  );
  text.addCounter(
    "pbx_media_relay_failures_total",
    "How often the relay for sound failed",
    server["relay-failed"],
  );
  text.addCounter(
    "pbx_clock_jumps_total",
    "How often the clock of the machine jumped",
    server["clock-jumped"],
  );
  text.addCounter(
    "pbx_extension_changes_total",
    "How often changed extensions were taken over",
    server["extensions-changed"],
  );
  if (signInFailures !== null) {
    text.addCounter(
      "pbx_sign_in_failures_total",
      "Wrong passwords for the page",
      signInFailures,
    );
  }
}

function addRegistrations(
  text: Exposition,
  { office, counters: { registrations, pings } }: MetricsReading,
): void {
  text.addGauge(
    "pbx_extensions",
    "Extensions that there are",
    office.extensions,
  );
  text.addGauge(
    "pbx_registrations_active",
    "Phones that are registered",
    office.registrations,
  );
  text.addCounters(
    "pbx_registrations_total",
    "Registrations that succeeded, by what they changed",
    "change",
    registrations.begun,
  );
  text.addCounters(
    "pbx_registrations_ended_total",
    "Registrations that ended, by reason",
    "reason",
    registrations.ended,
  );
  text.addCounters(
    "pbx_registrations_stopped_total",
    "Attempts to register that were stopped, by the stage where that was",
    "stage",
    registrations.stopped,
  );
  text.addCounter(
    "pbx_registration_queries_total",
    "REGISTER requests that only asked",
    registrations.fetched,
  );
  text.addCounter(
    "pbx_pings_sent_total",
    "Questions to phones whether they are there",
    pings.sent,
  );
  text.addCounter(
    "pbx_pings_answered_total",
    "Such questions that were answered",
    pings.answered,
  );
  text.addCounter(
    "pbx_pings_unanswered_total",
    "Such questions that stayed without an answer",
    pings.unanswered,
  );
  text.addHistogram(
    "pbx_ping_round_trip_seconds",
    "From such a question to its answer",
    {
      bounds: ROUND_TRIP_BOUNDS_MS.map((ms) => ms / 1000),
      counts: pings.roundTrips,
      sum: pings.roundTripsMs / 1000,
    },
  );
}

function addMessages(text: Exposition, counters: CountersSnapshot): void {
  text.addCounters(
    "pbx_udp_datagrams_total",
    "Datagrams received, by what they are before anybody reads them as SIP",
    "class",
    counters.udpDatagrams,
  );
  text.addCounter(
    "pbx_udp_kernel_drops_total",
    "Datagrams that the kernel dropped because the buffer of the socket was full",
    counters.kernelDrops,
  );
  text.addCounter(
    "pbx_tcp_messages_total",
    "SIP messages received over TCP",
    counters.tcpMessages,
  );
  text.addCounter(
    "pbx_tcp_connections_opened_total",
    "TCP connections that were opened",
    counters.connections.opened,
  );
  text.addCounter(
    "pbx_tcp_connections_closed_total",
    "TCP connections that were closed",
    counters.connections.closed,
  );
  text.addCounters(
    "pbx_transport_troubles_total",
    "Reports of trouble with sockets, by kind",
    "kind",
    counters.transportTrouble,
  );
  text.addCounters(
    "pbx_sip_requests_total",
    "New requests, by method",
    "method",
    counters.requests,
  );
  text.addCounters(
    "pbx_sip_responses_total",
    "Responses, by whether somebody waited for them",
    "kind",
    counters.responses,
  );
  text.addCounter(
    "pbx_sip_retransmissions_total",
    "Requests that came again",
    counters.retransmissions,
  );
  text.addCounter(
    "pbx_sip_malformed_total",
    "Messages that break the grammar",
    counters.malformed,
  );
  text.addCounters(
    "pbx_sip_challenges_total",
    "Requests that were asked for a password, by reason",
    "reason",
    counters.challenges,
  );
  text.addCounters(
    "pbx_sip_refusals_total",
    "Requests that were refused for good, by reason",
    "reason",
    counters.refusals.byReason,
  );
}

function addCalls(
  text: Exposition,
  { office, counters: { calls } }: MetricsReading,
): void {
  text.addGauge("pbx_calls_active", "Calls that live", office.calls);
  text.addCounter(
    "pbx_calls_started_total",
    "Calls that were let in",
    calls.started,
  );
  text.addCounter(
    "pbx_calls_answered_total",
    "Calls that were answered",
    calls.answered,
  );
  text.addCounters(
    "pbx_calls_ended_total",
    "Calls that are over, by how they ended",
    "reason",
    calls.ended,
  );
  text.addCounter(
    "pbx_call_invitations_total",
    "Phones that were asked to ring",
    calls.rung,
  );
  text.addCounter(
    "pbx_call_talk_seconds_total",
    "How long people talked, in calls that are over",
    calls.talkSeconds,
  );
  text.addCounter(
    "pbx_media_packets_total",
    "Packets of sound from phones, as far as they were counted by now",
    calls.soundPackets,
  );
  text.addCounter(
    "pbx_media_packets_lost_total",
    "Packets of sound that were missing on the way from phones",
    calls.soundLost,
  );
}

function addProcess(text: Exposition, process: ProcessReading): void {
  text.addCounter(
    "pbx_process_cpu_seconds_total",
    "Time that processors spent on the program",
    process.cpuSeconds,
  );
  text.addGauge(
    "pbx_process_resident_memory_bytes",
    "Memory that the program occupies",
    process.residentBytes,
  );
  text.addGauge(
    "pbx_process_heap_bytes",
    "Memory that its objects occupy",
    process.heapBytes,
  );
  if (process.openFiles !== null) {
    text.addGauge(
      "pbx_process_open_fds",
      "Files and sockets that are open",
      process.openFiles,
    );
  }
  if (process.mostFiles !== null) {
    text.addGauge(
      "pbx_process_max_fds",
      "Files and sockets that may be open",
      process.mostFiles,
    );
  }
}
