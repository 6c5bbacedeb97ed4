/**
 * Messages as a file that Wireshark reads, made while it is fetched, so that a large one holds
 * nobody up. Its secrets are stars.
 * @module
 */

import {
  MessageCapture,
  type WireMessage,
} from "../../diag/bundle/bundle_message.ts";
import { redactOctets } from "../../diag/redact.ts";

/** How many messages are written between two interruptions. */
const SLICE = 32;

/** @param name of the file, without its ending: letters, digits, `-` and `_`. */
export function answerCapture(
  name: string,
  version: string,
  messages: Iterable<WireMessage>,
): Response {
  return new Response(streamCapture(version, messages), {
    headers: {
      "Content-Type": "application/x-pcapng",
      "Content-Disposition": `attachment; filename="${name}.pcapng"`,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

function streamCapture(
  version: string,
  messages: Iterable<WireMessage>,
): ReadableStream<Uint8Array> {
  const capture = new MessageCapture();
  const left = messages[Symbol.iterator]();
  return new ReadableStream({
    start: (controller) => controller.enqueue(capture.begin(version)),
    pull: (controller) => {
      for (let count = 0; count < SLICE; count++) {
        const { done, value } = left.next();
        if (done) return controller.close();
        const octets = redactOctets(value.octets);
        controller.enqueue(capture.add({ ...value, octets }));
      }
    },
    cancel: () => void left.return?.(),
  });
}
