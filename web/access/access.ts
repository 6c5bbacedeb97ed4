/**
 * Who may see the page: the admin password, the setup token of the first visit, sessions, and how
 * often one may guess. Knows no HTTP; the answers are values that a page puts into words.
 * @module
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import type { AccessEvent, AccessParts } from "./access_parts.ts";
import type { Admin } from "./admin.ts";
import {
  judgePassword,
  LONGEST_PASSWORD,
  normalizePassword,
  type PasswordFault,
} from "./admin_password.ts";
import { type Guess, type Lockout, LoginLimiter } from "./login_limiter.ts";
import {
  isLive,
  makeSession,
  seeSession,
  type Session,
  type Visitor,
} from "./session.ts";
import { COOKIE_OCTETS, hashCookie } from "./session_cookie.ts";
import { isSetupToken, makeSetupToken, TOKEN_OCTETS } from "./setup_token.ts";
import { networkOf } from "./source_network.ts";
import { WorkQueue } from "./work_queue.ts";

/** Each takes 32 MiB and a tenth of a second of another thread. */
const HASHES_AT_ONCE = 2;
const HASHES_WAITING = 8;
const KEY_OCTETS = 32;
/** Where somebody comes from who is on this machine, or reaches it by ssh. */
const OWN: ReadonlySet<string> = new Set(["127.0.0.1", "::1"]);

/** Why somebody was not let in. */
export type Refused =
  | {
    readonly kind: "wrong";
    /** How often one may try again at once; 0: not before a minute is over. */
    readonly triesLeft: number;
  }
  /** No tries left before that time. */
  | {
    readonly kind: "locked";
    readonly untilMs: number;
    /** How long that is from now. */
    readonly waitSeconds: number;
  }
  /** Too many others are being looked at. */
  | { readonly kind: "busy" }
  /** There is no password to sign in with, or none to be set any more. */
  | { readonly kind: "gone" };

/** Somebody is in; `cookie` goes to his browser. */
export interface LetIn {
  readonly kind: "in";
  readonly cookie: string;
}

/** A password that cannot be taken. */
export type Unfit =
  | { readonly kind: "unfit"; readonly fault: PasswordFault }
  /** It was typed in two ways. */
  | { readonly kind: "differs" };

export interface NewPassword {
  readonly password: string;
  readonly again: string;
}

type Wrong = Extract<Refused, { readonly kind: "wrong" }>;
type Proof = Refused | { readonly kind: "right"; readonly record: string };

/** What is told of a wrong guess, and of the last one. */
const TOLD: Readonly<
  Record<
    Guess,
    {
      readonly wrong: AccessEvent["kind"];
      readonly locked: AccessEvent["kind"];
    }
  >
> = {
  password: { wrong: "wrong-password", locked: "locked-out" },
  metrics: { wrong: "wrong-metrics-password", locked: "metrics-locked-out" },
  token: { wrong: "wrong-token", locked: "locked-out" },
};

export class Access {
  readonly #parts: AccessParts;
  readonly #limiter = new LoginLimiter();
  /** Who reads the metrics has tries of his own: neither he nor the page locks out the other. */
  readonly #scrapes = new LoginLimiter();
  readonly #queue = new WorkQueue(HASHES_AT_ONCE, HASHES_WAITING);
  readonly #key: Uint8Array;
  #setupToken: string | null = null;
  /** The password as it was stored when somebody tried last. */
  #record: string | null;
  /** What was right by Basic, as a keyed hash, and for which password. */
  #remembered: { readonly hash: Uint8Array; readonly record: string } | null =
    null;

  constructor(parts: AccessParts) {
    this.#parts = parts;
    this.#key = parts.random(KEY_OCTETS);
    this.#record = parts.keeper.password();
  }

  hasPassword(): boolean {
    return this.#parts.keeper.password() !== null;
  }

  /** The token of the first visit, made when it is asked for first; null where a password is set. */
  makeSetupToken(): string | null {
    if (this.hasPassword()) return null;
    return this.#setupToken ??= makeSetupToken(
      this.#parts.random(TOKEN_OCTETS),
    );
  }

  /** Lets in who knows the password. `replaced` is the cookie he came with. */
  signIn(
    password: string,
    visitor: Visitor,
    replaced: string | null,
  ): Promise<LetIn | Refused> {
    return this.#prove(password, visitor.source, "password").then((proof) => {
      if (proof.kind !== "right") return proof;
      const entry = this.#enter(proof.record, visitor);
      if (entry.kind !== "in") return entry;
      if (replaced !== null) this.signOut(replaced);
      this.#tell("signed-in", visitor.source);
      return entry;
    });
  }

  /** Sets the first password for who has the token, and lets him in. */
  setUp(
    token: string,
    fresh: NewPassword,
    visitor: Visitor,
  ): Promise<LetIn | Refused | Unfit> {
    const { source } = visitor;
    const expected = this.#setupToken;
    if (expected === null || this.hasPassword()) {
      return Promise.resolve({ kind: "gone" });
    }
    const locked = this.#take(source, "token");
    if (locked !== null) return Promise.resolve(locked);
    if (!isSetupToken(token, expected)) {
      return Promise.resolve(this.#refuse(source, "token"));
    }
    this.#limiter.release(source);
    return this.#hash(fresh).then((made) => {
      if (made.kind !== "made") return made;
      const isFirst = this.#parts.keeper.setFirst(made.record);
      this.#setupToken = null;
      if (!isFirst) return { kind: "gone" };
      this.#tell("password-set", source);
      return this.#enter(made.record, visitor);
    });
  }

  /** Sets another password for who knows the old one, ends all sessions, and lets him in again. */
  changePassword(
    old: string,
    fresh: NewPassword,
    visitor: Visitor,
  ): Promise<LetIn | Refused | Unfit> {
    return this.#prove(old, visitor.source, "password").then((proof) => {
      if (proof.kind !== "right") return proof;
      return this.#hash(fresh).then((made) => {
        if (made.kind !== "made") return made;
        if (!this.#parts.keeper.replace(proof.record, made.record)) {
          return this.#sayWrong(visitor.source, "password");
        }
        this.#tell("password-changed", visitor.source);
        return this.#enter(made.record, visitor);
      });
    });
  }

  /**
   * Whether a password that came for the metrics is right; one that was is not hashed again. Its
   * tries are counted apart.
   */
  checkPassword(
    password: string,
    source: string,
  ): Promise<Refused | { readonly kind: "right" }> {
    const record = this.#readRecord();
    if (record === null) return Promise.resolve({ kind: "gone" });
    const hash = createHmac("sha256", this.#key)
      .update(normalizePassword(password)).digest();
    const remembered = this.#remembered;
    if (
      remembered?.record === record && timingSafeEqual(remembered.hash, hash)
    ) {
      // a try, or its answer would tell a guesser at full speed
      const locked = this.#take(source, "metrics");
      if (locked !== null) return Promise.resolve(locked);
      this.#scrapes.giveBack(source);
      return Promise.resolve({ kind: "right" });
    }
    return this.#prove(password, source, "metrics").then((proof) => {
      if (proof.kind !== "right") return proof;
      this.#remembered = { hash, record: proof.record };
      return { kind: "right" };
    });
  }

  /** The session of a cookie, which is seen by this; null where it opens nothing. */
  findSession(cookie: string): Session | null {
    const nowMs = this.#parts.nowMs();
    const session = this.#parts.keeper.findSession(hashCookie(cookie));
    if (session === null || !isLive(session, nowMs)) return null;
    const seen = seeSession(session, nowMs);
    if (seen !== null) this.#parts.keeper.noteSession(seen);
    return seen ?? session;
  }

  /** Whether somebody who was let in still would be; for what goes on for long. */
  isStillIn(admin: Admin): boolean {
    return admin.kind === "token" ||
      this.#parts.keeper.hasSession(admin.id, this.#parts.nowMs());
  }

  listSessions(): readonly Session[] {
    return this.#parts.keeper.listSessions(this.#parts.nowMs());
  }

  /** Ends the session of a cookie. */
  signOut(cookie: string): void {
    this.#parts.keeper.endSession(hashCookie(cookie));
  }

  /** Ends a session by what `sessionId` gives. */
  endSession(id: string): void {
    if (/^[0-9a-f]{16}$/.test(id)) this.#parts.keeper.endSession(id);
  }

  signOutEverywhere(): void {
    this.#parts.keeper.endAllSessions();
  }

  /** The addresses that guessed wrong too often, for the page about security. */
  listLockouts(): readonly Lockout[] {
    this.#readRecord();
    const nowMs = this.#parts.nowMs();
    return [this.#limiter, this.#scrapes]
      .flatMap((limiter) => limiter.list(nowMs))
      .toSorted((one, other) => other.sinceMs - one.sinceMs);
  }

  /** Gives an address (as `listLockouts` names it) its tries back; false where it had lost none. */
  releaseLockout(source: string): boolean {
    return [this.#limiter, this.#scrapes]
      .map((limiter) => limiter.release(source)).includes(true);
  }

  #prove(
    password: string,
    source: string,
    what: "password" | "metrics",
  ): Promise<Proof> {
    const record = this.#readRecord();
    if (record === null) return Promise.resolve({ kind: "gone" });
    const locked = this.#take(source, what);
    if (locked !== null) return Promise.resolve(locked);
    if (password.length > 4 * LONGEST_PASSWORD) {
      return Promise.resolve(this.#refuse(source, what));
    }
    const limiter = this.#limiterOf(what);
    const proof = this.#queue.run(
      () => this.#parts.hasher.verify(normalizePassword(password), record),
      this.#isKnown(source),
    );
    if (proof === null) {
      limiter.giveBack(source);
      return Promise.resolve({ kind: "busy" });
    }
    return proof.then((isRight) => {
      if (!isRight) return this.#refuse(source, what);
      limiter.release(source);
      return { kind: "right", record };
    });
  }

  /**
   * The password as it is stored. Another one than before lifts every lock-out: who sets it by the
   * command line does so because he is kept out.
   */
  #readRecord(): string | null {
    const record = this.#parts.keeper.password();
    if (record !== this.#record) {
      this.#record = record;
      this.#limiter.releaseAll();
      this.#scrapes.releaseAll();
    }
    return record;
  }

  /** Whether somebody signed in from there: who guesses from everywhere does not keep him out. */
  #isKnown(source: string): boolean {
    const network = networkOf(source);
    return OWN.has(source) ||
      this.listSessions().some((session) =>
        networkOf(session.source) === network
      );
  }

  #hash(
    { password, again }: NewPassword,
  ): Promise<Unfit | Refused | { kind: "made"; record: string }> {
    // first, or a slip in both would be told as one in what he never meant
    if (password !== again) return Promise.resolve({ kind: "differs" });
    const fault = judgePassword(password);
    if (fault !== null) return Promise.resolve({ kind: "unfit", fault });
    const made = this.#queue.run(() =>
      this.#parts.hasher.hash(normalizePassword(password))
    );
    return made?.then((record) => ({ kind: "made", record })) ??
      Promise.resolve({ kind: "busy" });
  }

  /** A password that was changed meanwhile opens nothing any more. */
  #enter(record: string, visitor: Visitor): LetIn | Refused {
    const cookie = this.#parts.random(COOKIE_OCTETS).toHex();
    const session = makeSession(
      hashCookie(cookie),
      this.#parts.nowMs(),
      visitor,
    );
    return this.#parts.keeper.addSession(session, record)
      ? { kind: "in", cookie }
      : this.#sayWrong(visitor.source, "password");
  }

  #take(source: string, why: Guess): Refused | null {
    const nowMs = this.#parts.nowMs();
    const locked = this.#limiterOf(why).take(source, why, nowMs);
    if (locked === null) return null;
    const { untilMs } = locked;
    const waitSeconds = Math.max(1, Math.ceil((untilMs - nowMs) / 1000));
    return { kind: "locked", untilMs, waitSeconds };
  }

  #refuse(source: string, what: Guess): Refused {
    const told = TOLD[what];
    this.#tell(told.wrong, source);
    const wrong = this.#sayWrong(source, what);
    if (wrong.triesLeft === 0) this.#tell(told.locked, source);
    return wrong;
  }

  #sayWrong(source: string, what: Guess): Wrong {
    const triesLeft = this.#limiterOf(what)
      .triesLeft(source, this.#parts.nowMs());
    return { kind: "wrong", triesLeft };
  }

  #limiterOf(what: Guess): LoginLimiter {
    return what === "metrics" ? this.#scrapes : this.#limiter;
  }

  #tell(kind: AccessEvent["kind"], source: string): void {
    this.#parts.onEvent({ kind, source });
  }
}
