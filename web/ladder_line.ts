/**
 * One line of a ladder without its words: what a message is, whether it came before, what of it
 * tells something, and how loudly it is to be shown. Terminal and page put it into words.
 * @module
 */

import { cut, escapeText } from "../pbx/quoted.ts";
import { BoundedMap } from "../diag/bounded_map.ts";
import { RepeatCounter } from "./repeat_counter.ts";
import type { MessageView } from "./trace_view.ts";

/** Something that a message tells, and its value where it has one. */
export type LadderHint =
  | readonly [
    | "again"
    | "tcp"
    | "credentials"
    | "no-credentials"
    | "stale-nonce"
    | "asks-contacts"
    | "no-contact"
    | "unregisters",
  ]
  /** In the words of the parser. */
  | readonly ["fault", string]
  /** In seconds. */
  | readonly ["expires", number]
  | readonly ["contacts", number];

export type LadderTone =
  | "fault"
  | "again"
  /** A question whether a phone is there, and its answer. */
  | "quiet"
  | "request"
  | "progress"
  | "success"
  | "question"
  | "failure";

export interface LadderLine {
  /** Method or status; "" where the message cannot be read. */
  readonly what: string;
  /** Whom it is about: the caller and the called one, or one number; "" for nobody. */
  readonly from: string;
  readonly to: string;
  readonly tone: LadderTone;
  readonly hints: readonly LadderHint[];
}

const MOST_REMEMBERED = 8192;
/** What a reason or a method may take of a line. */
const LONGEST_WORD = 40;
const LONGEST_NAME = 24;

/** Reads the messages in their order. */
export class LadderReader {
  readonly #repeats = new RepeatCounter();
  /** Contacts of REGISTER requests by Call-ID, because an answer lists all phones of a number. */
  readonly #contacts = new BoundedMap<string>(MOST_REMEMBERED);

  read(view: MessageView): LadderLine {
    const isAgain = this.#repeats.count(view) > 1;
    return {
      what: nameMessage(view),
      ...namePeople(view),
      tone: toneOf(view, isAgain),
      hints: [
        ...(isAgain ? [["again"] as const] : []),
        ...listHints(view),
        ...this.#listContacts(view),
      ],
    };
  }

  #listContacts(view: MessageView): LadderHint[] {
    const { isRequest, method, contacts, callId } = view;
    if (method !== "REGISTER" || (!isRequest && view.status !== 200)) return [];
    if (isRequest && contacts[0] !== undefined) {
      this.#contacts.put(callId, contacts[0].uri);
    }
    const own = this.#contacts.get(callId);
    const contact = contacts.find(({ uri }) => uri === own) ?? contacts[0];
    if (contact === undefined) {
      return [[isRequest ? "asks-contacts" : "no-contact"]];
    }
    const { expiresSeconds } = contact;
    const hints: LadderHint[] = [];
    if (isRequest && expiresSeconds === 0) hints.push(["unregisters"]);
    else if (expiresSeconds >= 0) hints.push(["expires", expiresSeconds]);
    if (contacts.length > 1) hints.push(["contacts", contacts.length]);
    return hints;
  }
}

function listHints(view: MessageView): LadderHint[] {
  const { isRequest, method, message } = view;
  const hints: LadderHint[] = [];
  if (view.fault !== "") hints.push(["fault", escapeText(view.fault)]);
  if (message.flow.transport === "tcp") hints.push(["tcp"]);
  // only a phone is asked for a password, and never in an ACK (RFC 3261 §22.1)
  if (isRequest && message.direction === "in" && method !== "ACK") {
    if (view.hasCredentials) hints.push(["credentials"]);
    else if (method === "REGISTER" || method === "INVITE") {
      hints.push(["no-credentials"]);
    }
  }
  if (view.isStale) hints.push(["stale-nonce"]);
  return hints;
}

function nameMessage(view: MessageView): string {
  const { isRequest, method, status, reason } = view;
  if (method === "" && status === 0) return "";
  const kind = cut(method, LONGEST_WORD);
  return spell(
    isRequest ? kind : `${status} ${cut(reason, LONGEST_WORD)} ${kind}`,
  );
}

function namePeople(
  { method, from, to }: MessageView,
): Pick<LadderLine, "from" | "to"> {
  const isAlone = method === "REGISTER" || from === to || from === "";
  return isAlone ? { from: "", to: spell(cut(to || from, LONGEST_NAME)) } : {
    from: spell(cut(from, LONGEST_NAME)),
    to: spell(cut(to, LONGEST_NAME)),
  };
}

function spell(text: string): string {
  return escapeText(text.replace(/\s+/g, " ").trim());
}

function toneOf(view: MessageView, isAgain: boolean): LadderTone {
  if (view.fault !== "") return "fault";
  if (isAgain) return "again";
  if (view.method === "OPTIONS" && view.status < 300) return "quiet";
  if (view.isRequest) return "request";
  if (view.status < 200) return "progress";
  if (view.status < 300) return "success";
  const isQuestion = view.status === 401 || view.status === 407;
  return view.status < 400 || isQuestion ? "question" : "failure";
}
