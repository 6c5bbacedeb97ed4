/**
 * Which messages somebody wants to see on the page: those of a number, those of an address, or
 * those of both.
 * @module
 */

import { readWish, TraceFilter } from "../trace_filter.ts";
import type { MessageView } from "../trace_view.ts";

/** As it was typed, without blanks around it; "" for all. */
export interface RowWish {
  readonly number: string;
  readonly address: string;
}

export type RowFilter = (view: MessageView) => boolean;

const LONGEST = 64;

/** Reads what was typed; the fields that cannot be read are named in `faults`. */
export function readRowWish(
  number: string | undefined,
  address: string | undefined,
): { readonly wish: RowWish; readonly faults: readonly (keyof RowWish)[] } {
  const wish = {
    number: (number ?? "").trim().slice(0, LONGEST),
    address: (address ?? "").trim().slice(0, LONGEST),
  };
  const faults: (keyof RowWish)[] = [];
  if (wish.number !== "" && readNumber(wish.number) === null) {
    faults.push("number");
  }
  if (wish.address !== "" && readWish(wish.address)?.kind !== "address") {
    faults.push("address");
  }
  return { wish, faults };
}

/** A filter that sees the messages in their order; what cannot be read lets nothing through. */
export function makeRowFilter({ number, address }: RowWish): RowFilter {
  const filters: TraceFilter[] = [];
  if (number !== "") {
    const wanted = readNumber(number);
    if (wanted === null) return () => false;
    filters.push(new TraceFilter({ kind: "number", number: wanted }));
  }
  if (address !== "") {
    const wish = readWish(address);
    if (wish?.kind !== "address") return () => false;
    filters.push(new TraceFilter(wish));
  }
  // each has to see each message, because they learn from them
  return (view) => filters.map((filter) => filter.accepts(view)).every(Boolean);
}

/** The same for the same wish. */
export function keyOfWish({ number, address }: RowWish): string {
  return `${number} ${address}`;
}

/** The query of a page with this filter; "" for all. */
export function writeWishQuery({ number, address }: RowWish): string {
  const query = new URLSearchParams();
  if (number !== "") query.set("number", number);
  if (address !== "") query.set("address", address);
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function readNumber(text: string): string | null {
  const wish = readWish(text);
  if (wish === null) return null;
  return wish.kind === "number" ? wish.number : null;
}
