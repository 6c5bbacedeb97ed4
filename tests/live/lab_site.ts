/**
 * The page of a real server, asked as a browser asks.
 * @module
 */

import assert from "node:assert/strict";
import { request } from "node:http";
import type { Lab } from "./lab.ts";
import { pbxCommand, pbxEnvironment, runPbx } from "./lab_command.ts";
import type { Running } from "./lab_process.ts";

/** A password that is taken. */
export const PASSWORD = "seven green lamps";
export const OTHER = "eight blue boats";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookie?: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** A running server whose ports the system chose. */
export class Site {
  readonly data: string;
  readonly process: Running;
  readonly #host: string;

  private constructor(data: string, process: Running) {
    this.data = data;
    this.process = process;
    const { http } = JSON.parse(Deno.readTextFileSync(`${data}/server.json`));
    this.#host = http;
  }

  static async start(
    lab: Lab,
    data: string,
    options: readonly string[] = [],
  ): Promise<Site> {
    const ports = ["--sip", "127.0.0.1:0", "--http", "127.0.0.1:0"];
    const process = lab.spawn(null, {
      command: [...pbxCommand(), "serve", "--data", data, ...ports, ...options],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    await process.waitFor(/See how it is|HTTP is off/);
    return new Site(data, process);
  }

  /** Where the page listens on 127.0.0.1. */
  get port(): number {
    return Number(this.#host.slice(this.#host.lastIndexOf(":") + 1));
  }

  /** Asks as a browser does whose page is ours; not `fetch`, which sets Host itself. */
  ask(path: string, question: Question = {}): Promise<Answer> {
    const { cookie, form } = question;
    const method = question.method ?? (form === undefined ? "GET" : "POST");
    const body = form === undefined ? "" : String(new URLSearchParams(form));
    const headers = {
      ...(method !== "GET" && { "Origin": `http://${this.#host}` }),
      ...(cookie !== undefined && { "Cookie": `pbx_session=${cookie}` }),
      ...(form !== undefined && {
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": String(body.length),
      }),
      ...question.headers,
    };
    return new Promise((resolve, reject) => {
      const options = { method, headers, agent: false };
      const asked = request(
        `http://${this.#host}${path}`,
        options,
        (answer) => {
          let text = "";
          answer.setEncoding("utf8");
          answer.on("data", (chunk: string) => text += chunk);
          answer.on("error", reject);
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: text,
            }));
        },
      );
      asked.on("error", reject);
      asked.end(body);
    });
  }

  /** The status of an answer to the one who has a cookie. */
  async statusOf(path: string, cookie: string): Promise<number> {
    return (await this.ask(path, { cookie })).status;
  }

  async signIn(password: string): Promise<string> {
    const answer = await this.ask("/login", { form: { password } });
    assert.equal(answer.status, 303, answer.body);
    return cookieIn(answer);
  }
}

/** The session cookie that an answer sets. */
export function cookieIn({ headers }: Answer): string {
  const cookies = String(headers["set-cookie"]);
  const value = /pbx_session=([0-9a-f]{64});/.exec(cookies)?.[1];
  assert.ok(value !== undefined, cookies);
  return value;
}

/** Sets the password of the page by the command line; gives what it printed. */
export function setPassword(
  lab: Lab,
  data: string,
  password: string,
): Promise<string> {
  const args = [
    "admin",
    "passwd",
    "--password-stdin",
    "--json",
    "--data",
    data,
  ];
  return runPbx(lab, args, `${password}\n`);
}
