/**
 * Which vertical lines a ladder has: those of phones left and right, and between them that of the
 * server.
 * @module
 */

import type { MessageView } from "../trace_view.ts";

/** A phone whose place is known. */
export interface LadderParty {
  /** `host:port`, as `flow.peer` has it. */
  readonly address: string;
  /** What it is called: a number, or a role in a call. */
  readonly name: string;
  readonly side: "left" | "right";
}

/** One vertical line; `address` is "" for the server and for all that have none of their own. */
export interface Lane {
  readonly kind: "phone" | "own" | "others";
  readonly name: string;
  readonly address: string;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  /** The place of the server's line. */
  readonly own: number;
  /** The place of a peer's line. */
  placeOf(peer: string): number;
}

/** More lines than these can nobody follow; the server's and that of others come on top. */
const MOST_PHONES = 4;

/**
 * Arranges the lines. Peers that are no party stand on the right where parties are known; else a
 * peer stands there that we called before it wrote to us. Of too many the last ones keep a line.
 */
export function arrangeLanes(
  messages: readonly MessageView[],
  own: string,
  parties: readonly LadderParty[],
): Lanes {
  const sides = new Map<string, "left" | "right">();
  const lastAt = new Map<string, number>();
  messages.forEach((view, index) => {
    const { peer } = view.message.flow;
    if (!sides.has(peer)) sides.set(peer, sideOf(view, parties));
    lastAt.set(peer, index);
  });
  const isParty = (peer: string) =>
    parties.some(({ address }) => address === peer);
  const kept = new Set(
    [...sides.keys()].sort((a, b) =>
      Number(isParty(b)) - Number(isParty(a)) || lastAt.get(b)! - lastAt.get(a)!
    ).slice(0, MOST_PHONES),
  );
  const phonesOf = (side: "left" | "right") =>
    [...sides.keys()].filter((peer) =>
      kept.has(peer) && sides.get(peer) === side
    ).map((address): Lane => ({
      kind: "phone",
      name: parties.find((party) => party.address === address)?.name ?? "",
      address,
    }));
  const left = phonesOf("left");
  const lanes: Lane[] = [
    ...left,
    { kind: "own", name: own, address: "" },
    ...phonesOf("right"),
  ];
  if (kept.size < sides.size) {
    lanes.push({ kind: "others", name: "", address: "" });
  }
  const places = new Map(
    lanes.map(({ address }, place) => [address, place]),
  );
  return {
    lanes,
    own: left.length,
    placeOf: (peer) => places.get(peer) ?? lanes.length - 1,
  };
}

function sideOf(
  { message, isRequest, method }: MessageView,
  parties: readonly LadderParty[],
): "left" | "right" {
  const party = parties.find(({ address }) => address === message.flow.peer);
  if (party !== undefined) return party.side;
  if (parties.length > 0) return "right";
  const isCalled = message.direction === "out" && isRequest &&
    method === "INVITE";
  return isCalled ? "right" : "left";
}
