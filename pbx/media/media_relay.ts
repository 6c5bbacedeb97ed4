/**
 * What the call logic asks of the relay that carries sound. The relay itself (sockets, a worker)
 * lives in `io/`; the call logic never sees a packet.
 *
 * An *end* is a pair of ports on one address of ours (RTP on an even port, RTCP on the next,
 * RFC 3550 §11): one for each media line of each phone. Ends are connected in pairs, and can be
 * connected anew while a call goes on.
 * @module
 */

/** What is told where the worker failed and no other one goes on. */
export const NO_MORE_CALLS = "no more calls until the server is started again";

/** A pair of ports that one phone sends to and hears from. */
export interface MediaEnd {
  readonly id: number;
  /** The address that the ports are bound to, without brackets. */
  readonly host: string;
  /** The port for RTP; RTCP has the next one. */
  readonly port: number;
}

/** Where a phone says that it is (its SDP), and where its signalling comes from. */
export interface MediaAim {
  /** From `c=`; "" where none is known. */
  readonly host: string;
  /** From `m=`; 0 where it wants nothing. */
  readonly port: number;
  /** From `a=rtcp`, else the next port; the same port with `a=rtcp-mux`. */
  readonly rtcpPort: number;
  /** The address that the phone signals from: sound from there is believed at once. */
  readonly signalled: string;
  /** Samples a second by payload type, for the jitter (RFC 3550 §6.4.1). */
  readonly rates: ReadonlyMap<number, number>;
}

/** What came from the phone at an end since `restart()`, or since it was opened. */
export interface MediaCounts {
  readonly packets: number;
  readonly octets: number;
  /** By sequence numbers (RFC 3550 §A.3); never negative. */
  readonly lost: number;
  /** Interarrival jitter (RFC 3550 §6.4.1). */
  readonly jitterMs: number;
  /** Since the last RTP packet, or since the count began. */
  readonly silentMs: number;
  /** Packets of others than the phone, dropped. */
  readonly strangers: number;
  /** Packets that were sent on to the phone at this end. */
  readonly sent: number;
  /** Where its sound comes from; "" where none came yet. */
  readonly source: string;
}

/** Carries sound. Nothing waits: what is asked takes effect at the next `flush()`. */
export interface MediaRelay {
  /**
   * Opens an end on an address of ours.
   *
   * @returns null where no pair of ports is left, or the address is not ours.
   */
  open(localHost: string): MediaEnd | null;
  /** Says where the phone at an end is; a changed place is learned anew (symmetric RTP, RFC 4961). */
  aim(end: MediaEnd, aim: MediaAim): void;
  /** What comes in at the one leaves at the other, both ways. Ends earlier connections of both. */
  connect(a: MediaEnd, b: MediaEnd): void;
  /** What comes in goes back to where it came from. */
  echo(end: MediaEnd): void;
  /** Sends a tone, in PCMU (0) or PCMA (8). */
  tone(end: MediaEnd, payloadType: 0 | 8): void;
  /** Nothing leaves at this end any more until it is connected again. */
  disconnect(end: MediaEnd): void;
  /** Counts begin anew: the call was answered. */
  restart(end: MediaEnd): void;
  /** The counts of an end that is open. */
  counts(end: MediaEnd): MediaCounts;
  /** Gives the ports back. */
  close(end: MediaEnd): void;
  /** Hands over what was asked since the last time; called once after each batch. */
  flush(): void;
}
