/**
 * A door for tests: password and sessions in memory, hashes that are none, a clock that is moved
 * by hand, and an application whose pages say only who asked.
 * @module
 */

import { Hono } from "hono";
import type { App, AppEnv } from "../page/page_app.ts";
import { addAccountPage } from "../page/account_page.tsx";
import { addLoginPage } from "../page/login_page.tsx";
import { addSetupPage } from "../page/setup_page.tsx";
import { readPageRequest } from "../page/page_request.ts";
import { Access } from "./access.ts";
import type {
  AccessEvent,
  AccessKeeper,
  PasswordHasher,
} from "./access_parts.ts";
import { guard } from "./guard.ts";
import type { Session } from "./session.ts";

export const TOKEN = "t".repeat(64);
export const PASSWORD = "seven green lamps";

export class MemoryKeeper implements AccessKeeper {
  record: string | null = null;
  readonly sessions = new Map<string, Session>();
  notes = 0;

  password(): string | null {
    return this.record;
  }
  setFirst(record: string): boolean {
    if (this.record !== null) return false;
    this.record = record;
    return true;
  }
  replace(old: string, record: string): boolean {
    if (this.record !== old) return false;
    this.record = record;
    this.sessions.clear();
    return true;
  }
  findSession(hash: string): Session | null {
    return this.sessions.get(hash) ?? null;
  }
  hasSession(id: string, nowMs: number): boolean {
    return this.listSessions(nowMs).some(({ hash }) => hash.startsWith(id));
  }
  addSession(session: Session, record: string): boolean {
    if (this.record !== record) return false;
    this.sessions.set(session.hash, session);
    return true;
  }
  noteSession(session: Session): void {
    this.notes++;
    this.sessions.set(session.hash, session);
  }
  listSessions(nowMs: number): readonly Session[] {
    return [...this.sessions.values()].filter(({ expiresMs }) =>
      expiresMs > nowMs
    );
  }
  endSession(hash: string): void {
    for (const known of [...this.sessions.keys()]) {
      if (known.startsWith(hash)) this.sessions.delete(known);
    }
  }
  endAllSessions(): void {
    this.sessions.clear();
  }
}

/** Counts what it was asked, and answers when the test says so. */
export class SampleHasher implements PasswordHasher {
  verified = 0;
  /** What each verification waits for. */
  gate: Promise<void> = Promise.resolve();

  hash(password: string): Promise<string> {
    return Promise.resolve(`hash of ${password}`);
  }
  verify(password: string, record: string): Promise<boolean> {
    this.verified++;
    return this.gate.then(() => record === `hash of ${password}`);
  }
}

/** A door with its parts in the open. */
export class SampleDoor {
  readonly keeper = new MemoryKeeper();
  readonly hasher = new SampleHasher();
  readonly events: AccessEvent[] = [];
  nowMs = 1_750_000_000_000;
  readonly access: Access;
  readonly spellAdmin = (what: string) => `./pbx admin ${what} --data data`;
  #drawn = 0;

  /** @param isSetUp whether a password is set. */
  constructor(isSetUp = true) {
    if (isSetUp) this.keeper.record = `hash of ${PASSWORD}`;
    this.access = new Access({
      keeper: this.keeper,
      hasher: this.hasher,
      // each draw is another one, and always the same in the same test
      random: (octets) => new Uint8Array(octets).fill(++this.#drawn),
      nowMs: () => this.nowMs,
      onEvent: (event) => this.events.push(event),
    });
  }

  /** Signs in; gives the cookie. */
  async signIn(source = "192.0.2.7"): Promise<string> {
    const visitor = { source, userAgent: "curl/8" };
    const result = await this.access.signIn(PASSWORD, visitor, null);
    if (result.kind !== "in") throw new Error(result.kind);
    return result.cookie;
  }

  /** The guard, the pages about access, and a page at every other path. */
  app(): App {
    const app: App = new Hono<AppEnv>();
    const nowMs = () => this.nowMs;
    app.use(readPageRequest({ assets: "/assets/0", version: "0.1.0", nowMs }));
    app.use(guard({
      token: TOKEN,
      domains: ["pbx.example"],
      isOwnAddress: (host) => host === "127.0.0.1",
      access: this.access,
    }));
    addLoginPage(app, this);
    addSetupPage(app, this);
    addAccountPage(app, this);
    app.all(
      "*",
      (context) => context.json(context.get("admin") ?? "nobody"),
    );
    return app;
  }
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly peer?: string;
  readonly isTls?: boolean;
  readonly cookie?: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** Asks as a browser of another machine does that came by address, unless told otherwise. */
export async function ask(
  app: App,
  path: string,
  question: Question = {},
): Promise<Response> {
  const { isTls = false, cookie, form } = question;
  const method = question.method ?? (form === undefined ? "GET" : "POST");
  const scheme = isTls ? "https" : "http";
  const name = isTls ? "__Host-pbx_session" : "pbx_session";
  const headers = {
    "Host": "192.0.2.1:8060",
    ...(cookie !== undefined && { "Cookie": `a=b; ${name}=${cookie}` }),
    ...(method !== "GET" && { "Origin": `${scheme}://192.0.2.1:8060` }),
    ...question.headers,
  };
  const request = new Request(`${scheme}://192.0.2.1:8060${path}`, {
    method,
    headers,
    body: form === undefined ? null : new URLSearchParams(form),
  });
  const peer = question.peer ?? "192.0.2.7";
  return await app.fetch(request, { peer, isSecure: isTls });
}
