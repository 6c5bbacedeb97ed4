/**
 * Follows the events of a running server.
 * @module
 */

import { request } from "node:http";
import { EventReader, type StreamEvent } from "../api/event_reader.ts";
import type { ReachableServer } from "./api_client.ts";

/** A stream that is being followed. */
export interface FollowedEvents {
  /** Resolves when the stream is over, with why: "" after `close()`. */
  readonly ended: Promise<string>;
  close(): void;
}

/** Follows `path`, calling for each event; never throws. */
export function followEvents(
  { http, token }: ReachableServer,
  path: string,
  onEvent: (event: StreamEvent) => void,
): FollowedEvents {
  const { promise, resolve } = Promise.withResolvers<string>();
  const reader = new EventReader();
  let isClosed = false;
  const end = (why: string) => resolve(isClosed ? "" : why);
  const asked = request(`http://${http}${path}`, {
    agent: false,
    headers: { "Authorization": `Bearer ${token}` },
  }, (response) => {
    if (response.statusCode !== 200) {
      response.resume();
      return end(`refused with ${response.statusCode}`);
    }
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      for (const event of reader.push(chunk)) if (!isClosed) onEvent(event);
    });
    response.on("end", () => end("the server has stopped"));
    response.on("error", (error: Error) => end(error.message));
    response.on("close", () => end("the server has stopped"));
  });
  asked.on("error", (error: Error) => end(error.message));
  asked.end();
  return {
    ended: promise,
    close: () => {
      isClosed = true;
      asked.destroy();
      resolve("");
    },
  };
}
