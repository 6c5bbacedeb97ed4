/**
 * A message that breaks the grammar, as a value: parsing never throws.
 * @module
 */

import type { Message } from "./message.ts";

/** What broke the grammar, with the answer that it deserves. */
export interface Malformed {
  readonly kind: "malformed";
  readonly what: string;
  /** Octet, counted from the start of the message. */
  readonly at: number;
  readonly rfc: string;
  /** 0: dropped, because it is no request, an ACK, or cannot be answered. */
  readonly status: number;
  /** What could be read of it, to answer with. */
  readonly message: Message | null;
}

/**
 * Makes one.
 *
 * @param at octet of the buffer; it is told counted from the start of the message.
 * @param status what the sender deserves to hear, 0 for nothing.
 */
export function malformed(
  message: Message,
  at: number,
  what: string,
  rfc: string,
  status = 400,
): Malformed {
  return {
    kind: "malformed",
    what,
    at: at - message.start,
    rfc,
    status,
    message,
  };
}
