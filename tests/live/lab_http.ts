/**
 * A server on ports of the system's choice, and its HTTP interface asked with the token in its
 * data directory.
 * @module
 */

import type { Lab } from "./lab.ts";
import { pbxCommand, pbxEnvironment, runPbx } from "./lab_command.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { ScriptPhone } from "./lab_phone.ts";
import { until } from "./lab_process.ts";

const API_LOADS_MS = 20_000;

export interface WebQuestion {
  readonly method?: string;
  readonly json?: unknown;
  /** Without the token. */
  readonly isStranger?: true;
}

/** The server; it ends with the lab. */
export class WebServer {
  readonly data: string;
  /** Where HTTP is, as `http://HOST:PORT`. */
  readonly url: string;
  readonly #sip: { readonly host: string; readonly port: number };
  readonly #token: string;

  private constructor(
    data: string,
    url: string,
    sip: { readonly host: string; readonly port: number },
    token: string,
  ) {
    this.data = data;
    this.url = url;
    this.#sip = sip;
    this.#token = token;
  }

  /** Starts it, with extensions number to password, and waits until HTTP answers. */
  static async start(
    lab: Lab,
    extensions: Readonly<Record<string, string>> = {},
    options: readonly string[] = [],
  ): Promise<WebServer> {
    const data = `${lab.directory}/data`;
    for (const [number, password] of Object.entries(extensions)) {
      const add = ["extension", "add", number, "--password-stdin"];
      await runPbx(lab, [...add, "--data", data], `${password}\n`);
    }
    const ports = ["--sip", "127.0.0.1:0", "--http", "127.0.0.1:0"];
    const program = lab.spawn(null, {
      command: [...pbxCommand(), "serve", "--data", data, ...ports, ...options],
      env: pbxEnvironment(),
      clearEnv: true,
    });
    const file = await until("HTTP is served", async () => {
      if (program.exitCode !== null) throw new Error(program.output);
      const text = await Deno.readTextFile(`${data}/server.json`)
        .catch(() => null);
      return text === null ? null : JSON.parse(text);
    }, API_LOADS_MS);
    const token = (await Deno.readTextFile(`${data}/api-token`)).trim();
    const [host = "", port = ""] = String(file.sip[0]).split(":");
    const sip = { host, port: Number(port) };
    return new WebServer(data, `http://${file.http}`, sip, token);
  }

  ask(path: string, question: WebQuestion = {}): Promise<Response> {
    const { method = "GET", json, isStranger } = question;
    return fetch(`${this.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(!isStranger && { "Authorization": `Bearer ${this.#token}` }),
        ...(json !== undefined && { "Content-Type": "application/json" }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
  }

  /** A phone of this machine; close it before the lab closes. */
  openPhone(number: string, password: string): ScriptPhone {
    const socket = openUdpSocket(null, "127.0.0.1");
    return new ScriptPhone({ socket, server: this.#sip, number, password });
  }
}
