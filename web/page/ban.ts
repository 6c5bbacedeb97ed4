/**
 * Who is kept out, and by what.
 * @module
 */

export interface Ban {
  /** An address or a network; it is what `release` takes. */
  readonly source: string;
  /** What he is kept out of: the sign-in of the page, `/metrics`, or SIP. */
  readonly kind: "page" | "metrics" | "sip";
  /** What he did: `password`, `metrics` or `token` at the page, a reason of refusal for SIP. */
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Milliseconds since 1970; 0: until somebody lifts it. */
  readonly until: number;
  /** Extensions that were tried from there. */
  readonly numbers: readonly string[];
}

export interface BanSource {
  /** Those that hold now, the newest first. */
  list(nowMs: number): readonly Ban[];
  /** Lets him in again; false where nothing kept him out. */
  release(source: string): boolean;
}

/** Joins several into one. */
export function joinBans(sources: readonly BanSource[]): BanSource {
  return {
    list: (nowMs) =>
      sources.flatMap((source) => source.list(nowMs))
        .sort((a, b) => b.since - a.since),
    release: (address) =>
      sources.map((source) => source.release(address)).includes(true),
  };
}
