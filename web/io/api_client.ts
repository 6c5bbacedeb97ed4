/**
 * Asks the server that runs on a data directory, over its HTTP interface.
 * @module
 */

import { get } from "node:http";
import process from "node:process";
import { OperatorError } from "../../pbx/operator_error.ts";
import { readServerFile, readToken } from "./server_file.ts";

const TIMEOUT_MS = 3000;

/**
 * Gives the server's answer as parsed JSON, or `undefined` where no server runs on the directory.
 * Throws an `OperatorError` where one runs and cannot be asked.
 */
export async function askServer(
  dataDir: string,
  path: string,
): Promise<unknown> {
  const file = readServerFile(dataDir);
  const token = readToken(dataDir);
  if (file === null || !isAlive(file.pid)) return undefined;
  const who = `The server (pid ${file.pid})`;
  if (file.http === null || token === null) {
    throw new OperatorError(
      `${who} is running, but its HTTP interface is off, so it cannot be asked`,
      "Its log says why; set `http` to a free port and start it again",
      1,
    );
  }
  let answer: Answer;
  try {
    answer = await fetchPlain(`http://${toLoopback(file.http)}${path}`, token);
  } catch (error) {
    const hint = `See what holds the port: ss -ltnp 'sport = :${
      file.http.replace(/^.*:/, "")
    }'`;
    throw new OperatorError(
      `${who} does not answer on http://${file.http}: ${causeOf(error)}`,
      hint,
      1,
    );
  }
  if (answer.status === 200) return JSON.parse(answer.body);
  throw new OperatorError(
    `${who} refused http://${file.http}${path} with ${answer.status}: ${
      detailOf(answer.body)
    }`,
    "Perhaps another program took that port; restart the server",
    1,
  );
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Not `fetch`, which would send the token to the proxy that `HTTP_PROXY` names. */
function fetchPlain(url: string, token: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(url, {
      agent: false,
      headers: { "Authorization": `Bearer ${token}` },
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
    request.on("error", reject);
  });
}

/** Whether a process exists; one that belongs to somebody else exists too. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
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
    ? "connection refused"
    : error.message;
}

function detailOf(body: string): string {
  try {
    return String((JSON.parse(body) as { detail?: unknown }).detail);
  } catch {
    return body.slice(0, 80).replace(/\s+/g, " ");
  }
}
