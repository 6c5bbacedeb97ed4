/**
 * `MicroSIP.ini`, as MicroSIP reads it at its start: with the profile functions of Windows, in
 * UTF-16LE behind a byte order mark (it turns any other file into that as if it were in the code
 * page of the machine, which spoils names in other letters). It takes a plain password and writes
 * it back encrypted.
 *
 * The profile functions cut blanks off both ends of a value, and one pair of quotation marks
 * around it: a value that begins or ends with those gets a pair of its own.
 * @module
 */

import { flatten } from "./file_text.ts";
import { spellServer, type WholeAccount } from "./phone_card.ts";

const LINE_END = "\r\n";
/** It reads a value into a buffer of 256 letters, a password into one of 1041. */
const LONGEST_PASSWORD = 1000;

/** The file as text, without the byte order mark. */
export function writeMicrosipIni(account: WholeAccount): string {
  const { number, password, transport } = account;
  const server = spellServer(account.server);
  const name = flatten(account.name);
  const lines: readonly (readonly [string, string])[] = [
    ["label", name === "" ? number : `${number} ${name}`],
    ["server", server],
    ["proxy", ""],
    ["domain", server],
    ["username", number],
    ["password", flattenPassword(password)],
    ["authID", number],
    ["displayName", name],
    ["transport", transport],
    ["publicAddr", ""],
    ["SRTP", ""],
    ["registerRefresh", "300"],
    ["keepAlive", "15"],
    ["publish", "0"],
    ["ICE", "0"],
    ["allowRewrite", "0"],
  ];
  return [
    "[Settings]",
    "accountId=1",
    "[Account1]",
    ...lines.map(([key, value]) => `${key}=${protect(value)}`),
    "",
  ].join(LINE_END);
}

/** The file as octets. */
export function encodeMicrosipIni(text: string): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(2 + 2 * text.length);
  const view = new DataView(octets.buffer);
  view.setUint16(0, 0xfeff, true);
  for (let i = 0; i < text.length; i++) {
    view.setUint16(2 + 2 * i, text.charCodeAt(i), true);
  }
  return octets;
}

/** Blanks in a password count. */
function flattenPassword(password: string): string {
  return password.replace(/[\u0000-\u001f\u007f]/g, "").slice(
    0,
    LONGEST_PASSWORD,
  );
}

function protect(value: string): string {
  return /^[\s"']|\s$/.test(value) ? `"${value}"` : value;
}
