/**
 * Extensions and their phones as text for people.
 * @module
 */

import { cut, escapeText } from "../../pbx/quoted.ts";
import { formatDuration } from "../duration.ts";
import type { BindingEntry, ExtensionEntry } from "../extension_entry.ts";
import type { Paint } from "./paint.ts";
import { type Cell, formatTable } from "./table.ts";

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
    const number = escapeText(entry.number);
    const name = cut(escapeText(entry.name), 30);
    if (entry.bindings.length === 0) {
      rows.push([number, name, { text: "no phone", paint: paint.dim }]);
      continue;
    }
    entry.bindings.forEach((binding, index) => {
      rows.push([
        index === 0 ? number : "",
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
    ["number", { text: escapeText(entry.number), paint: paint.bold }],
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
