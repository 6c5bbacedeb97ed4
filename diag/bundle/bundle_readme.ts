/**
 * The file of a help bundle that says what the others are, what was taken out, what is missing,
 * and how to look at it.
 * @module
 */

/** What it has to know. */
export interface BundleAbout {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly hasNumbers: boolean;
  readonly missing: readonly string[];
}

const ENTRIES: readonly (readonly [name: string, what: string])[] = [
  ["verdicts.txt", "what is wrong with each phone, and what mends it"],
  ["verdicts.json", "the same for programs"],
  ["checks.json", "what the program tried by itself"],
  ["facts.json", "what was seen of each phone, the oldest first"],
  ["messages.pcapng", "the last SIP messages, for Wireshark"],
  ["messages.txt", "the same as text"],
  ["status.json", "the running server; null where none runs"],
  ["extensions.json", "the numbers that exist"],
  ["config.json", "the configuration that is in force"],
  ["versions.json", "the program and the system"],
  ["counters.txt", "the kernel's counters of datagrams, and our sockets"],
  ["firewall.txt", "the rules of the packet filters"],
  ["log.txt", "the end of the server's log"],
];

/** Writes it. */
export function describeBundle(about: BundleAbout): string {
  const { version, madeAt, hasNumbers, missing } = about;
  const lines = [
    `Help bundle of pbx ${version}, made at ${new Date(madeAt).toISOString()}`,
    "",
    "What is inside",
    ...ENTRIES.map(([name, what]) => `  ${name.padEnd(17)}${what}`),
    "",
    "What was taken out",
    "  Passwords, their hashes, answers to digest challenges, keys of media and tokens: stars",
    "  stand in their place. Addresses are left, because the diagnosis needs them.",
    ...(hasNumbers
      ? ["  Numbers are left; `pbx report --without-numbers` takes them out."]
      : [
        "  Each number and each user part of a SIP URI has a pseudonym (n1, n2, …), the same one",
        "  everywhere; names are stars.",
      ]),
    ...(missing.length > 0
      ? ["", "What is missing", ...missing.map((what) => `  ${what}`)]
      : []),
    "",
    "How to look at it",
    "  pbx explain FILE",
  ];
  return lines.join("\n") + "\n";
}
