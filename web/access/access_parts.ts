/**
 * What access to the page needs from outside: where the password and the sessions are kept, how
 * passwords are hashed, and who is told.
 * @module
 */

import type { Session } from "./session.ts";

/** Where the password and the sessions are kept; asked anew each time, as others change it too. */
export interface AccessKeeper {
  /** The password as it is stored, hashed; null where none is set. */
  password(): string | null;
  /** Sets the first password; false where there is one. */
  setFirst(record: string): boolean;
  /** Sets another password and ends all sessions; false where `old` is not the one any more. */
  replace(old: string, record: string): boolean;
  findSession(hash: string): Session | null;
  /** Keeps a session, and drops old ones; false where `record` is not the password any more. */
  addSession(session: Session, record: string): boolean;
  /** Whether there is a session with a hash that begins so and that has not expired. */
  hasSession(id: string, nowMs: number): boolean;
  /** Notes when a session was seen. */
  noteSession(session: Session): void;
  /** Those that have not expired, the one that was seen last first. */
  listSessions(nowMs: number): readonly Session[];
  /** Ends the session with this hash, or with a hash that begins so. */
  endSession(hash: string): void;
  endAllSessions(): void;
}

/** Hashes passwords without holding up anything else. */
export interface PasswordHasher {
  /** The hash with its salt and parameters, as one text. */
  hash(password: string): Promise<string>;
  verify(password: string, record: string): Promise<boolean>;
}

/** What happened at the door; never with a secret. */
export interface AccessEvent {
  readonly kind:
    | "signed-in"
    | "wrong-password"
    | "wrong-token"
    | "locked-out"
    | "wrong-metrics-password"
    | "metrics-locked-out"
    | "password-set"
    | "password-changed";
  /** The address of the one who did it. */
  readonly source: string;
}

export interface AccessParts {
  readonly keeper: AccessKeeper;
  readonly hasher: PasswordHasher;
  random(octets: number): Uint8Array;
  /** The wall clock. */
  nowMs(): number;
  onEvent(event: AccessEvent): void;
}
