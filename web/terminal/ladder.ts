/**
 * The ladder: one line a message, the phone on the left, the server on the right, an arrow between
 * them. Signs of life are counted and told with the next line. What the network sent is escaped.
 * @module
 */

import type { FragmentsLost, PacketSeen } from "../../diag/wire/packet_fact.ts";
import { cut, escapeText } from "../../pbx/quoted.ts";
import { formatAddress } from "../../sip/flow.ts";
import type { Paint } from "./paint.ts";
import type { ContactView, MessageView } from "../trace_view.ts";

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
/** What a reason or a method may take of a line. */
const LONGEST_WORD = 40;

export class Ladder {
  readonly #paint: Paint;
  readonly #columns: number;
  readonly #counts = new BoundedMap<number>();
  readonly #userAgents = new BoundedMap<true>();
  /** Contacts of REGISTER requests by Call-ID, because an answer lists all phones of a number. */
  readonly #contacts = new BoundedMap<string>();
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
    const what = describeMessage(view);
    const isAgain = this.#count(view) > 1;
    const hints = isAgain ? ["retransmission"] : [];
    hints.push(...this.#hints(view));
    const places = this.#places(at, flow.peer, direction, own);
    const head = this.#colourOf(view, isAgain)(
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
    this.#userAgents.set(key, true);
    const text = `${" ".repeat(13)}${flow.peer} is ${userAgent}`;
    return this.#paint.dim(this.#fit(escapeText(text), this.#columns)) + "\n";
  }

  /** How often the message was seen, this time included (RFC 3261 §17.1.3). */
  #count(
    { message, isRequest, method, status, branch, cseq, callId }: MessageView,
  ): number {
    if (branch === "" && callId === "") return 1;
    const kind = isRequest ? method : `${status} ${method}`;
    const { direction, flow } = message;
    const key = `${direction} ${flow.peer} ${kind} ${cseq} ${branch} ${callId}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }

  #hints(view: MessageView): string[] {
    const { isRequest, method, contacts, message } = view;
    const hints: string[] = [];
    if (view.fault !== "") hints.push(escapeText(view.fault));
    if (message.flow.transport === "tcp") hints.push("TCP");
    if (isRequest && view.hasCredentials) hints.push("credentials");
    else if (isRequest && (method === "REGISTER" || method === "INVITE")) {
      hints.push("no credentials");
    }
    if (view.isStale) hints.push("stale nonce");
    if (method !== "REGISTER" || (!isRequest && view.status !== 200)) {
      return hints;
    }
    if (isRequest && contacts[0] !== undefined) {
      this.#contacts.set(view.callId, contacts[0].uri);
    }
    const own = this.#contacts.get(view.callId);
    const contact = contacts.find(({ uri }) => uri === own) ?? contacts[0];
    hints.push(...describeContacts(isRequest, contacts, contact));
    return hints;
  }

  #colourOf(view: MessageView, isAgain: boolean): (text: string) => string {
    const paint = this.#paint;
    if (view.fault !== "") return paint.red;
    if (isAgain) return paint.yellow;
    if (view.method === "OPTIONS" && view.status < 300) return paint.dim;
    if (view.isRequest) return paint.bold;
    if (view.status < 200) return (text) => text;
    if (view.status < 300) return paint.green;
    const isQuestion = view.status === 401 || view.status === 407;
    return view.status < 400 || isQuestion ? paint.yellow : paint.red;
  }

  #fit(text: string, most: number): string {
    return cut(text, Math.max(1, most));
  }
}

/** Method or status, and of whom. */
function describeMessage(view: MessageView): string {
  const { isRequest, method, status, reason, from, to } = view;
  if (method === "" && status === 0) return "a message that cannot be read";
  const kind = isRequest
    ? cut(method, LONGEST_WORD)
    : `${status} ${cut(reason, LONGEST_WORD)} ${cut(method, LONGEST_WORD)}`;
  const isAlone = method === "REGISTER" || from === to;
  const names = isAlone ? [to || from] : [from, to];
  const whom = names.filter((name) => name !== "")
    .map((name) => cut(name, 24)).join(" to ");
  return escapeText(`${kind} ${whom}`.replace(/\s+/g, " ").trim());
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

function describeContacts(
  isRequest: boolean,
  contacts: readonly ContactView[],
  contact: ContactView | undefined,
): string[] {
  if (contact === undefined) {
    return [isRequest ? "asks for its contacts" : "no contact"];
  }
  const { expiresSeconds } = contact;
  const hints = [];
  if (isRequest && expiresSeconds === 0) hints.push("unregisters");
  else if (expiresSeconds >= 0) hints.push(`expires ${expiresSeconds}`);
  if (contacts.length > 1) hints.push(`${contacts.length} contacts`);
  return hints;
}

/** The local time of day. */
function spellTime(at: number): string {
  const time = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${
    two(time.getSeconds())
  }.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

/** Forgets what was set longest ago. */
class BoundedMap<T> {
  readonly #entries = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= MOST_REMEMBERED) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}
