/**
 * Extensions and their phones, as JSON for scripts and as text for people.
 * @module
 */

import { formatDuration } from "./duration.ts";
import type { Paint } from "./paint.ts";
import { cut, escapeText } from "../pbx/quoted.ts";
import { type Cell, formatTable } from "./table.ts";

/** One phone of an extension; the shape is part of the contract. */
export interface BindingEntry {
  readonly contact: string;
  readonly source: string;
  readonly transport: string;
  readonly expiresSeconds: number;
  readonly userAgent: string;
}

/** One extension; the shape is part of the contract. */
export interface ExtensionEntry {
  readonly number: string;
  readonly name: string;
  readonly registered: boolean;
  readonly bindings: readonly BindingEntry[];
}

/** Puts each binding under its extension. Bindings of numbers that are not listed are left out. */
export function joinBindings(
  extensions: readonly { readonly number: string; readonly name: string }[],
  bindings: readonly ({ readonly number: string } & BindingEntry)[],
): ExtensionEntry[] {
  const byNumber = new Map<string, BindingEntry[]>();
  for (const binding of bindings) {
    const entry: BindingEntry = {
      contact: binding.contact,
      source: binding.source,
      transport: binding.transport,
      expiresSeconds: binding.expiresSeconds,
      userAgent: binding.userAgent,
    };
    const list = byNumber.get(binding.number);
    if (list) list.push(entry);
    else byNumber.set(binding.number, [entry]);
  }
  return extensions.map(({ number, name }) => {
    const own = byNumber.get(number) ?? [];
    return { number, name, registered: own.length > 0, bindings: own };
  });
}

/** A table with one line for each phone, and one for each extension without any. */
export function formatExtensionList(
  entries: readonly ExtensionEntry[],
  paint: Paint,
): string {
  const bold = (text: string): Cell => ({ text, paint: paint.bold });
  const rows: (string | Cell)[][] = [
    ["NUMBER", "NAME", "STATE", "SOURCE", "EXPIRES", "PHONE"].map(bold),
  ];
  for (const entry of entries) {
    const name = cut(escapeText(entry.name), 30);
    if (entry.bindings.length === 0) {
      rows.push([entry.number, name, { text: "no phone", paint: paint.dim }]);
      continue;
    }
    entry.bindings.forEach((binding, index) => {
      rows.push([
        index === 0 ? entry.number : "",
        index === 0 ? name : "",
        { text: "registered", paint: paint.green },
        formatSource(binding),
        formatDuration(binding.expiresSeconds),
        cut(escapeText(binding.userAgent), 40),
      ]);
    });
  }
  return formatTable(rows);
}

/** Everything about one extension. */
export function formatExtension(entry: ExtensionEntry, paint: Paint): string {
  const phones = entry.bindings.length;
  const state = entry.registered
    ? {
      text: phones === 1 ? "registered" : `registered, ${phones} phones`,
      paint: paint.green,
    }
    : { text: "no phone is registered", paint: paint.yellow };
  const rows: (string | Cell)[][] = [
    ["number", { text: entry.number, paint: paint.bold }],
    ["name", escapeText(entry.name)],
    ["state", state],
  ];
  for (const binding of entry.bindings) {
    rows.push(
      ["", ""],
      ["phone", escapeText(binding.userAgent)],
      ["source", formatSource(binding)],
      ["contact", escapeText(binding.contact)],
      ["expires", `in ${formatDuration(binding.expiresSeconds)}`],
    );
  }
  return formatTable(rows);
}

/** What to type into a phone, and the password where it was just made. */
export interface Credentials {
  readonly number: string;
  readonly name: string;
  /** The server as a phone can write it: a name or an address, with the port unless it is 5060. */
  readonly server: string;
  /** The password that was generated; `null` where the administrator gave one. */
  readonly password: string | null;
}

/** Tells what belongs into the fields of a phone. */
export function formatCredentials(
  credentials: Credentials,
  paint: Paint,
): string {
  const { number, server, password } = credentials;
  const secret = password === null
    ? "the one you gave"
    : { text: password, paint: paint.bold };
  return "Into the phone:\n" + formatTable([
    ["server, domain", server],
    ["user, login", number],
    ["password", secret],
    ["transport", "UDP"],
  ], "  ") +
    (password === null
      ? ""
      : "The password is shown only now: the server keeps just a hash of it.\n");
}

function formatSource(binding: BindingEntry): string {
  return `${escapeText(binding.source)} ${binding.transport}`;
}
