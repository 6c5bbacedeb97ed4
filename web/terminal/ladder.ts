/**
 * The ladder: one line a message, the phone on the left, the server on the right, an arrow between
 * them. Signs of life are counted and told with the next line. What the network sent is escaped.
 * @module
 */

import type { FragmentsLost, PacketSeen } from "../../diag/wire/packet_fact.ts";
import { cut, escapeText } from "../../pbx/quoted.ts";
import { formatAddress } from "../../sip/flow.ts";
import { BoundedMap } from "../../diag/bounded_map.ts";
import {
  type LadderHint,
  type LadderLine,
  LadderReader,
  type LadderTone,
} from "../ladder_line.ts";
import type { Paint } from "./paint.ts";
import type { MessageView } from "../trace_view.ts";

export interface LadderOptions {
  readonly paint: Paint;
  /** No line is longer. */
  readonly columns: number;
}

const MOST_REMEMBERED = 8192;
/** Columns of the phones and of the server: at least, and at most for the longest IPv6 address. */
const PEER_WIDTH = 15;
const OWN_WIDTH = 14;
const MOST_WIDTH = 47;

export class Ladder {
  readonly #paint: Paint;
  readonly #columns: number;
  readonly #reader = new LadderReader();
  readonly #userAgents = new BoundedMap<true>(MOST_REMEMBERED);
  /** Signs of life by peer that no line has told yet. */
  #signs = new Map<string, number>();
  #peerWidth = PEER_WIDTH;
  #ownWidth = OWN_WIDTH;

  constructor({ paint, columns }: LadderOptions) {
    this.#paint = paint;
    this.#columns = columns;
  }

  /** The lines of one message, and before it what was counted. */
  line(view: MessageView): string {
    const { at, direction, flow } = view.message;
    const own = formatAddress(flow.localHost, flow.localPort);
    const line = this.#reader.read(view);
    const what = describeLine(line);
    const hints = line.hints.map(describeHint);
    const places = this.#places(at, flow.peer, direction, own);
    const head = this.#colourOf(line.tone)(
      this.#fit(what, this.#columns - places.length),
    );
    const rest = this.#columns - places.length - what.length - 2;
    const tail = hints.length === 0 || rest < 2
      ? ""
      : "  " + this.#paint.dim(this.#fit(hints.join(", "), rest));
    return this.rest() + this.#introduce(view) + places + head + tail + "\n";
  }

  /** The line of a packet that is no message; a sign of life is only counted. */
  sign(fact: PacketSeen | FragmentsLost): string {
    if (fact.kind === "fragments-lost") {
      const places = this.#places(fact.at, fact.host, "in", fact.localHost);
      return this.#note(places, "fragments without the rest", true);
    }
    const peer = formatAddress(fact.host, fact.port);
    const what = describePacket(fact);
    if (what === null) {
      if (fact.class === "keepalive" || fact.class === "stun") {
        this.#signs.set(peer, (this.#signs.get(peer) ?? 0) + 1);
      }
      return "";
    }
    const own = formatAddress(fact.localHost, fact.localPort);
    const places = this.#places(fact.at, peer, fact.direction, own);
    return this.#note(places, what, fact.class !== "syn");
  }

  /** What was counted since the last line. */
  rest(): string {
    if (this.#signs.size === 0) return "";
    const [first] = this.#signs.keys();
    const count = [...this.#signs.values()].reduce((sum, one) => sum + one, 0);
    const whose = this.#signs.size === 1
      ? escapeText(first!)
      : `${this.#signs.size} peers`;
    this.#signs = new Map();
    const signs = count === 1 ? "sign of life" : "signs of life";
    const text = `${" ".repeat(13)}${count} ${signs} from ${whose}`;
    return this.#paint.dim(this.#fit(text, this.#columns)) + "\n";
  }

  #note(places: string, what: string, isLoud: boolean): string {
    const text = this.#fit(what, this.#columns - places.length);
    const paint = isLoud ? this.#paint.yellow : this.#paint.dim;
    return this.rest() + places + paint(text) + "\n";
  }

  /** Time and both ends; the columns only grow, so that the arrows stay under each other. */
  #places(
    at: number,
    peer: string,
    direction: "in" | "out",
    own: string,
  ): string {
    const [left, right] = [peer, own].map((text) =>
      escapeText(cut(text, MOST_WIDTH))
    ) as [string, string];
    this.#peerWidth = Math.max(this.#peerWidth, left.length);
    this.#ownWidth = Math.max(this.#ownWidth, right.length);
    const arrow = direction === "in" ? "→" : "←";
    return `${spellTime(at)} ${left.padEnd(this.#peerWidth)} ${arrow} ${
      right.padEnd(this.#ownWidth)
    } `;
  }

  /** The line that says what a peer is, when that is seen for the first time. */
  #introduce({ message, userAgent }: MessageView): string {
    const { direction, flow } = message;
    const key = `${flow.host} ${userAgent}`;
    if (
      userAgent === "" || direction === "out" ||
      this.#userAgents.get(key) !== undefined
    ) return "";
    this.#userAgents.put(key, true);
    const text = `${" ".repeat(13)}${flow.peer} is ${userAgent}`;
    return this.#paint.dim(this.#fit(escapeText(text), this.#columns)) + "\n";
  }

  #colourOf(tone: LadderTone): (text: string) => string {
    const paint = this.#paint;
    switch (tone) {
      case "fault":
      case "failure":
        return paint.red;
      case "again":
      case "question":
        return paint.yellow;
      case "quiet":
        return paint.dim;
      case "request":
        return paint.bold;
      case "success":
        return paint.green;
      case "progress":
        return (text) => text;
    }
  }

  #fit(text: string, most: number): string {
    return cut(text, Math.max(1, most));
  }
}

/** Method or status, and of whom. */
function describeLine({ what, from, to }: LadderLine): string {
  if (what === "") return "a message that cannot be read";
  const whom = [from, to].filter((name) => name !== "").join(" to ");
  return `${what} ${whom}`.trim();
}

function describeHint([kind, value]: LadderHint): string {
  switch (kind) {
    case "again":
      return "retransmission";
    case "fault":
      return value;
    case "tcp":
      return "TCP";
    case "credentials":
      return "credentials";
    case "no-credentials":
      return "no credentials";
    case "stale-nonce":
      return "stale nonce";
    case "asks-contacts":
      return "asks for its contacts";
    case "no-contact":
      return "no contact";
    case "unregisters":
      return "unregisters";
    case "expires":
      return `expires ${value}`;
    case "contacts":
      return `${value} contacts`;
  }
}

/** What somebody should see of a packet that is no message; null for nothing. */
function describePacket({ class: kind, octets }: PacketSeen): string | null {
  switch (kind) {
    case "tls":
      return "a TLS handshake";
    case "syn":
      return "opens a connection (TCP)";
    case "reset":
      return "connection refused or broken (TCP)";
    case "other":
      return `no SIP, ${octets} octets`;
    default:
      return null;
  }
}

/** The local time of day. */
function spellTime(at: number): string {
  const time = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${
    two(time.getSeconds())
  }.${String(time.getMilliseconds()).padStart(3, "0")}`;
}
