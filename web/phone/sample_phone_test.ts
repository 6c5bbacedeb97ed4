/**
 * An office of two extensions without a database, for the tests of what belongs into phones.
 * @module
 */

import { Hono } from "hono";
import type { DeskAnswer, ExtensionDesk } from "../extension_desk.ts";
import type { App, AppEnv } from "../page/page_app.ts";
import type { PageView } from "../page/page_view.ts";
import type { LostName } from "./lost_name.ts";
import type { PhoneDesk } from "./phone_desk.ts";
import { ProvisionLinks } from "./provision_links.ts";

export const PAGE: PageView = {
  language: "en",
  theme: "auto",
  path: "/extensions",
  assets: "/assets",
  isSecure: true,
  isSignedIn: true,
  nowMs: 0,
  version: "0.1.0",
};

interface SampleExtension {
  name: string;
  password: string;
}

export class SampleOffice {
  readonly extensions = new Map<string, SampleExtension>([
    ["1001", { name: "Ali", password: "secret-1" }],
    ["1002", { name: "<b>Olim</b>", password: "secret-2" }],
  ]);
  readonly links = new ProvisionLinks();
  nowMs = 0;
  server = "pbx.example";
  lostName: LostName | null = null;
  outside: string | null = "http://pbx.example:8060";
  #random = 0;

  readonly phones: PhoneDesk = ((office: SampleOffice) => ({
    links: this.links,
    nowMs: () => this.nowMs,
    random: (octets: number) => new Uint8Array(octets).fill(++this.#random),
    isPassword: (number: string, password: string) =>
      this.extensions.get(number)?.password === password,
    get outside() {
      return office.outside;
    },
    opening: {
      setting: 'http = "0.0.0.0:8060"',
      file: "/etc/pbx/pbx.toml",
      port: 8060,
      command: "pbx serve --data /srv/pbx --http 0.0.0.0:8060",
    },
    accountOf: (number: string) => {
      const name = this.extensions.get(number)?.name;
      if (name === undefined) return null;
      const password = this.links.find(number, this.nowMs)?.password ?? null;
      const { server, lostName } = office;
      const transport = "udp" as const;
      return { number, name, server, transport, password, lostName };
    },
  }))(this);

  readonly desk: ExtensionDesk = {
    add: ({ number, name, password }) => {
      if (this.extensions.has(number)) return refuse("number-taken");
      if (!/^\d+$/.test(number)) return refuse("wrong-number");
      return this.#set(number, name, password);
    },
    rename: (number, name) => {
      if (name.includes("!")) return refuse("wrong-name");
      this.extensions.get(number)!.name = name;
      return { isDone: true, password: null };
    },
    setPassword: (number, password) =>
      this.#set(number, this.extensions.get(number)!.name, password),
    remove: (number) => {
      this.extensions.delete(number);
      return { isDone: true, password: null };
    },
  };

  list() {
    return [...this.extensions].map(([number, { name }]) => ({ number, name }));
  }

  find(number: string) {
    const name = this.extensions.get(number)?.name;
    return name === undefined ? null : { number, name };
  }

  #set(number: string, name: string, wanted: string | null): DeskAnswer {
    const password = wanted ?? "generated";
    this.extensions.set(number, { name, password });
    this.links.keep(number, password, this.nowMs);
    return { isDone: true, password: wanted === null ? password : null };
  }
}

function refuse(why: "number-taken" | "wrong-number" | "wrong-name") {
  return { isDone: false as const, why, detail: why };
}

/** An app behind whose door everybody is. */
export function makeSampleApp(page: PageView = PAGE): App {
  const app = new Hono<AppEnv>();
  app.use((context, next) => {
    context.set("page", { ...page, path: context.req.path });
    context.set("admin", { kind: "token" });
    return next();
  });
  return app;
}

/** Asks the app, from an address. */
export async function askApp(
  app: App,
  path: string,
  init: RequestInit & { readonly peer?: string } = {},
): Promise<Response> {
  const request = new Request(`http://127.0.0.1:8060${path}`, init);
  const peer = init.peer ?? "127.0.0.1";
  return await app.fetch(request, { peer, isSecure: false });
}

/** Sends a form. */
export function sendForm(
  app: App,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Response> {
  return askApp(app, path, {
    method: "POST",
    body: new URLSearchParams(fields),
  });
}
