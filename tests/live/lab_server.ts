/**
 * The server under test, its data directory, and what `extension list` says about it.
 * @module
 */

import type { Lab } from "./lab.ts";
import { pbxCommand, pbxEnvironment, runPbx } from "./lab_command.ts";
import { openUdpSocket } from "./lab_namespace.ts";
import { type Running, until } from "./lab_process.ts";

const encoder = new TextEncoder();

/** One element of `extension list --json`. */
export interface ExtensionRow {
  readonly number: string;
  readonly name: string;
  readonly registered: boolean;
  readonly bindings: readonly BindingRow[];
}

export interface BindingRow {
  readonly contact: string;
  readonly source: string;
  readonly transport: string;
  readonly expiresSeconds: number;
  readonly userAgent: string;
}

export interface ServerOptions {
  /** The namespace it runs in, or null for this one. */
  readonly namespace: string | null;
  /** What it listens on, each `HOST:PORT`. The first is asked whether the server is up. */
  readonly sip: readonly string[];
  /** The data directory; a new one in the lab's directory when left out. */
  readonly data?: string;
  /** A configuration file. */
  readonly config?: string;
  /** The port of the page on 127.0.0.1. */
  readonly httpPort?: number;
  /** Whether it has no HTTP at all. */
  readonly isMute?: boolean;
  readonly logLevel?: "warning" | "debug";
  /** What starts the program, such as one that deceives it about the time. */
  readonly prefix?: readonly string[];
  /** Extensions that are there from the start, number to password. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** A server and its data directory; it can be ended and started again. */
export class Server {
  readonly data: string;
  /** The running program. */
  process: Running;
  readonly #lab: Lab;
  readonly #options: ServerOptions;

  private constructor(
    lab: Lab,
    options: ServerOptions,
    data: string,
    process: Running,
  ) {
    this.#lab = lab;
    this.#options = options;
    this.data = data;
    this.process = process;
  }

  /** Makes the extensions, starts the server and waits for its first answer. */
  static async start(lab: Lab, options: ServerOptions): Promise<Server> {
    const data = options.data ?? `${lab.directory}/data`;
    const extensions = Object.entries(options.extensions ?? {});
    if (extensions.length > 0) {
      const rows = extensions.map(([number, password]) =>
        `${number},${password},Phone ${number}`
      );
      await runPbx(
        lab,
        ["extension", "import", "-", "--data", data],
        `number,password,name\n${rows.join("\n")}\n`,
      );
    }
    const server = new Server(lab, options, data, launch(lab, options, data));
    await server.ready();
    return server;
  }

  /** Starts it again on the same data. */
  async restart(): Promise<void> {
    this.process = launch(this.#lab, this.#options, this.data);
    await this.ready();
  }

  /** Ends it by a signal and waits until it is gone. */
  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<number> {
    this.process.signal(signal);
    return await this.process.wait(10_000);
  }

  /** Runs another command on the same data directory; throws when it fails. */
  cli(args: readonly string[], input = ""): Promise<string> {
    return runPbx(this.#lab, [...args, "--data", this.data], input);
  }

  /** `extension list --json`. */
  async list(): Promise<ExtensionRow[]> {
    return JSON.parse(
      await this.cli(["extension", "list", "--json"]),
    ) as ExtensionRow[];
  }

  /** The bindings of one extension. */
  async bindings(number: string): Promise<readonly BindingRow[]> {
    return (await this.list()).find((row) => row.number === number)?.bindings ??
      [];
  }

  /** Waits until an extension has bindings that satisfy `isRight`. */
  async waitForBindings(
    number: string,
    what: string,
    isRight: (bindings: readonly BindingRow[]) => boolean,
  ): Promise<readonly BindingRow[]> {
    let last: readonly BindingRow[] = [];
    try {
      return await until(`${number}: ${what}`, async () => {
        last = await this.bindings(number);
        return isRight(last) && last;
      });
    } catch (error) {
      throw new Error(
        `${String(error)}, but ${JSON.stringify(last)}\n${this.process.output}`,
      );
    }
  }

  /** Asks by OPTIONS until the server answers, then for HTTP where a test chose its port. */
  async ready(): Promise<void> {
    const first = this.#options.sip[0]!;
    const port = Number(first.slice(first.lastIndexOf(":") + 1));
    const named = first.slice(0, first.lastIndexOf(":"));
    const host = named === "0.0.0.0"
      ? "127.0.0.1"
      : named.replace(/^\[(.*)\]$/, "$1");
    const isV6 = host.includes(":");
    const ownHost = isV6
      ? "::"
      : host.startsWith("127.")
      ? "127.0.0.1"
      : "0.0.0.0";
    const socket = openUdpSocket(this.#options.namespace, ownHost);
    try {
      let isAnswered = false;
      const answer = socket.receive().then(
        () => isAnswered = true,
        () => false,
      );
      await until("the server answers OPTIONS", async () => {
        if (this.process.exitCode !== null) return true;
        await socket.send(question(host), {
          transport: "udp",
          hostname: host,
          port,
        }).catch(
          () => {},
        );
        return isAnswered;
      }, 15_000);
      if (this.process.exitCode !== null) {
        throw new Error(`the server ended:\n${this.process.output}`);
      }
      await answer;
    } finally {
      socket.close();
    }
    await this.#readyForHttp();
  }

  /** SIP is answered before HTTP is loaded. */
  async #readyForHttp(): Promise<void> {
    const { namespace, httpPort: port } = this.#options;
    if (namespace !== null || port === undefined) return;
    await until("the server takes HTTP connections", async () => {
      if (this.process.exitCode !== null) return true;
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port })).close();
        return true;
      } catch {
        return false;
      }
    }, 15_000);
  }
}

/** The command line of `pbx serve` for these options. */
export function serveArguments(options: ServerOptions, data: string): string[] {
  return [
    "serve",
    "--data",
    data,
    ...options.sip.flatMap((address) => ["--sip", address]),
    "--http",
    options.isMute ? "off" : `127.0.0.1:${options.httpPort ?? 8060}`,
    "--log-level",
    options.logLevel ?? "debug",
  ];
}

function launch(lab: Lab, options: ServerOptions, data: string): Running {
  const command = [
    ...options.prefix ?? [],
    ...pbxCommand(),
    ...serveArguments(options, data),
  ];
  if (options.config !== undefined) {
    const file = `${lab.directory}/pbx.toml`;
    Deno.writeTextFileSync(file, options.config);
    command.push("--config", file);
  }
  return lab.spawn(options.namespace, {
    command,
    env: pbxEnvironment(),
    clearEnv: true,
  });
}

function question(host: string): Uint8Array<ArrayBuffer> {
  const id = crypto.randomUUID();
  const named = host.includes(":") ? `[${host}]` : host;
  return encoder.encode(
    `OPTIONS sip:${named} SIP/2.0\r\nVia: SIP/2.0/UDP ${named}:9;rport;branch=z9hG4bK${id}\r\n` +
      `From: <sip:lab@${named}>;tag=${id}\r\nTo: <sip:${named}>\r\nCall-ID: ${id}\r\n` +
      "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
  );
}
