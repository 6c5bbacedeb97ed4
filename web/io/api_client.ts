/**
 * Asks the server that runs on a data directory, over its HTTP interface.
 * @module
 */

import { request } from "node:http";
import process from "node:process";
import type { Config } from "../../pbx/config.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quoteForShell } from "../terminal/invocation.ts";
import { readServerFile, readToken } from "./server_file.ts";

const TIMEOUT_MS = 3000;
const REFUSED = "connection refused";

/** A server that runs and can be asked. */
export interface ReachableServer {
  readonly pid: number;
  /** `host:port` on which it is asked. */
  readonly http: string;
  readonly token: string;
}

/** A server that runs and answered that it does not do what was asked. */
export class ServerRefusal extends OperatorError {
  /** Of HTTP. */
  readonly status: number;

  constructor(message: string, hint: string, status: number) {
    super(message, hint, 1);
    this.status = status;
  }
}

/**
 * Finds the server that runs on a data directory; null where none does. Throws an
 * `OperatorError` where one runs and cannot be asked.
 */
export function findServer(dataDir: string): ReachableServer | null {
  const file = readServerFile(dataDir);
  const token = readToken(dataDir);
  if (file === null || !isAlive(file.pid)) return null;
  if (file.http === null || token === null) {
    throw new OperatorError(
      `${
        nameServer(file.pid)
      } is running, but its HTTP interface is off, so it cannot be asked`,
      "Its log says why; set `http` to a free port and start it again",
      1,
    );
  }
  return { pid: file.pid, http: toLoopback(file.http), token };
}

/** The process of the server on a data directory, whether it can be asked or not; 0 for none. */
export function findServerPid(dataDir: string): number {
  const file = readServerFile(dataDir);
  return file !== null && isAlive(file.pid) ? file.pid : 0;
}

/**
 * The configuration with what the running server was started with: where it serves phones, and the
 * ports of its sound. Unchanged where no server runs, or where nobody may see whether one does.
 */
export function readServedConfig(config: Config): Config {
  try {
    const file = readServerFile(config.dataDir);
    if (file === null || !isAlive(file.pid)) return config;
    const sip = file.sip.length > 0 ? file.sip : config.sip;
    return { ...config, sip, rtp: file.rtp ?? config.rtp };
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return config;
    throw error;
  }
}

/**
 * Gives the server's answer as parsed JSON, or `undefined` where no server runs on the directory.
 * Throws an `OperatorError` where one runs and cannot be asked.
 */
export async function askServer(
  dataDir: string,
  path: string,
): Promise<unknown> {
  return await sendServer(dataDir, "GET", path);
}

/** The same with any method and a body of JSON; `undefined` also where the answer has no body. */
export async function sendServer(
  dataDir: string,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const server = findReadable(dataDir);
  if (server === null) return undefined;
  let answer: Answer;
  try {
    answer = await exchangePlain(server, method, path, body);
  } catch (error) {
    const cause = causeOf(error);
    const port = server.http.replace(/^.*:/, "");
    throw new OperatorError(
      `${
        nameServer(server.pid)
      } does not answer on http://${server.http}: ${cause}`,
      cause === REFUSED
        ? `It has ended, it seems; start it: pbx serve --data ${
          quoteForShell(dataDir)
        }`
        : `See what holds the port: ss -ltnp 'sport = :${port}'`,
      1,
    );
  }
  if (answer.status === 204) return undefined;
  if (answer.status >= 200 && answer.status < 300) {
    return JSON.parse(answer.body);
  }
  throw new ServerRefusal(
    `${
      nameServer(server.pid)
    } refused http://${server.http}${path} with ${answer.status}: ${
      detailOf(answer.body)
    }`,
    // what was asked for cannot be, and the server has said why
    answer.status === 400 || answer.status === 409
      ? ""
      : "Perhaps another program took that port; restart the server",
    answer.status,
  );
}

function findReadable(dataDir: string): ReachableServer | null {
  try {
    return findServer(dataDir);
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new OperatorError(
      `No permission for \`${dataDir}\``,
      "Run the command as root, or as the user of the service",
      1,
    );
  }
}

function nameServer(pid: number): string {
  return `The server (pid ${pid})`;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Not `fetch`, which would send the token to the proxy that `HTTP_PROXY` names. */
function exchangePlain(
  { http, token }: ReachableServer,
  method: string,
  path: string,
  body: unknown,
): Promise<Answer> {
  const octets = new TextEncoder().encode(
    body === undefined ? "" : JSON.stringify(body),
  );
  return new Promise((resolve, reject) => {
    const asked = request(`http://${http}${path}`, {
      method,
      agent: false,
      headers: {
        "Authorization": `Bearer ${token}`,
        "Content-Length": octets.length,
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => body += chunk);
      response.on(
        "end",
        () => resolve({ status: response.statusCode ?? 0, body }),
      );
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(octets);
  });
}

/**
 * Whether a process runs; one that belongs to somebody else does too, one that has ended and only
 * waits for its parent does not.
 */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as { code?: string }).code !== "EPERM") return false;
  }
  return !hasEnded(pid);
}

/** Reads the state behind the name of the program, which may have brackets of its own. */
function hasEnded(pid: number): boolean {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return /^\) [ZX]/.test(text.slice(text.lastIndexOf(")")));
  } catch {
    // where processes are hidden from one another nothing speaks against it
    return false;
  }
}

/** A server that listens on every address is asked on the loopback one. */
function toLoopback(address: string): string {
  return address.replace(/^0\.0\.0\.0:/, "127.0.0.1:").replace(
    /^\[::\]:/,
    "[::1]:",
  );
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || error.name === "AbortError") {
    return `no answer within ${TIMEOUT_MS / 1000} s`;
  }
  return /ECONNREFUSED|connection refused/i.test(error.message)
    ? REFUSED
    : error.message;
}

function detailOf(body: string): string {
  try {
    return String((JSON.parse(body) as { detail?: unknown }).detail);
  } catch {
    return body.slice(0, 80).replace(/\s+/g, " ");
  }
}
