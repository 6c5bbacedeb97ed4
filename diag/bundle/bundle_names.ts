/**
 * Takes the numbers and names of people out of a help bundle: each number and each user part of a
 * SIP URI (RFC 3261 §19.1.1) gets a pseudonym, `n1`, `n2` …, the same one everywhere; names become
 * stars. Addresses, times and what only looks like a number stay.
 * @module
 */

import { readText, toOctets } from "../../sip/octet.ts";
import { unescapeText } from "../../sip/uri.ts";

/** The user part, without the password behind it. */
const URI_USER = /\b(sips?:)([^\s@<>":]{1,256})(:[^\s@<>"]{0,128})?@/gi;
/** A URI whose host is a number, as some phones write it. */
const URI_NUMBER = /\b(sips?:)(\d{1,15})(?![\w.:@-])/gi;
const TEL_URI = /\b(tel:)([+\d][\d.()*#-]{0,31})/gi;
const USERNAME = /\b(username\*?\s*=\s*)("(?:[^"\\]|\\.){0,1024}"|[^\s,;"]+)/gi;
/**
 * First what is no number of a phone: a date, a time or an IPv6 address, an IPv4 address, a
 * parameter. Then a number that stands alone, then one of six digits and more in any word.
 */
const FREE =
  /(?<skipped>\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]{0,15}|\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|\b(?:expires|rport|nc|port|q|ttl|handling)=[\d.]+)|(?<![\w.:])(?<alone>\d{1,15})(?!\w|\.\d)|(?<!\d)(?<inside>\d{6,15})(?!\d)/gi;

/** A header field with its folded lines. */
const FIELD = /[^\n]+(?:\n[ \t][^\n]*)*(?:\n|$)/g;
const FIELD_NAME = /^([\w.!%*+`'~-]+)[ \t]*:[ \t]*/;
/** Header fields whose digits are no number of a phone. */
const PLAIN_FIELDS = new Set(
  "via v cseq expires max-forwards content-length l content-type c min-expires retry-after date timestamp session-expires x min-se rseq rack allow supported k accept www-authenticate proxy-authenticate"
    .split(" "),
);
const QUOTED_NAME = /"(?:[^"\\]|\\[^\n]){0,256}"(?=\s*<)/g;
const PLAIN_NAME = /(^|,)(\s*)([^"<>,;:\s][^"<>,;:]{0,256}?)(?=\s*<)/g;
/** Fields of JSON documents that hold a number or a list of them. */
const NUMBER_FIELDS = new Set(["number", "numbers", "callee", "extension"]);
/** The same in any text, before a URI. */
const ANY_NAME =
  /("(?:[^"\\]|\\[^\n]){0,256}"|(?<=^|[,:`'"]\s?)[^"<>,;:`\s][^"<>,;:`]{0,256}?)(?=\s*<(?:sips?|tel):)/gim;
const STARS = "***";

export class Pseudonyms {
  readonly #names = new Map<string, string>();

  /** The pseudonym of a number, or of the user part of a URI; "" stays. */
  of(user: string): string {
    if (user === "") return "";
    let name = this.#names.get(user);
    if (name === undefined) {
      name = `n${this.#names.size + 1}`;
      this.#names.set(user, name);
    }
    return name;
  }

  /** A text of any kind: user parts of URIs, and numbers that are known. */
  text(text: string): string {
    const unnamed = text.replace(
      ANY_NAME,
      (name) => name.startsWith('"') ? `"${STARS}"` : STARS,
    );
    return this.#replaceKnown(this.#replaceUsers(unnamed));
  }

  /** Rules of a packet filter: only their comments, because everything else is addresses. */
  comments(rules: string): string {
    return rules.replace(
      /"[^"\n]{0,512}"|--comment \S+/g,
      (comment) => this.text(comment),
    );
  }

  /** A JSON document: every text in it. */
  value(value: unknown, field = ""): unknown {
    if (typeof value === "string") {
      return NUMBER_FIELDS.has(field) ? this.of(value) : this.text(value);
    }
    if (Array.isArray(value)) {
      return value.map((entry) => this.value(entry, field));
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map((
        [name, entry],
      ) => [name, this.value(entry, name)]),
    );
  }

  /** A message; its Content-Length follows its body. */
  message(octets: Uint8Array): Uint8Array {
    const text = readText(octets, 0, octets.length);
    const gap = /\r?\n\r?\n/.exec(text);
    const end = gap === null ? text.length : gap.index + gap[0].length;
    const lineEnd = text.indexOf("\n");
    const start = lineEnd < 0 || lineEnd >= end ? end : lineEnd + 1;
    const body = text.slice(end);
    const newBody = this.#body(body);
    const head = text.slice(start, end).replace(FIELD, (field) => {
      const name = FIELD_NAME.exec(field);
      if (name === null) return this.text(field);
      const value = field.slice(name[0].length);
      return name[0] +
        this.#value(name[1]!.toLowerCase(), value, body.length, newBody.length);
    });
    return toOctets(this.#startLine(text.slice(0, start)) + head + newBody);
  }

  /** Learns the numbers of a message, so that they are known when texts are read. */
  learn(octets: Uint8Array): void {
    const text = readText(octets, 0, octets.length);
    for (const [, , user] of text.matchAll(URI_USER)) {
      const number = unescapeText(user!);
      if (/^\d{1,15}$/.test(number)) this.of(number);
    }
  }

  #startLine(line: string): string {
    const status = /^SIP\/2\.0 \d{3} /i.exec(line)?.[0] ?? "";
    return status + this.text(line.slice(status.length));
  }

  /** The value of a header field, its line end included. */
  #value(
    name: string,
    field: string,
    bodyLength: number,
    newBodyLength: number,
  ): string {
    if (name === "content-length" || name === "l") {
      return Number.parseInt(field, 10) === bodyLength
        ? field.replace(/^\d+/, String(newBodyLength))
        : field;
    }
    if (PLAIN_FIELDS.has(name)) return this.#replaceUsers(field);
    const unnamed = field.replace(QUOTED_NAME, `"${STARS}"`)
      .replace(
        PLAIN_NAME,
        (_, before: string, space: string) => before + space + STARS,
      );
    return this.text(unnamed);
  }

  /** Of SDP (RFC 8866 §5) the lines that name somebody, and URIs; of anything else all. */
  #body(body: string): string {
    if (!/^v=0\r?\n/.test(body)) return this.text(body);
    return this.#replaceUsers(body).replace(
      /^o=([^\s-]\S*)/gm,
      (_, user: string) => `o=${this.of(user)}`,
    ).replace(
      /^([siuep]=)([^\r\n]*)/gm,
      (line, key: string, value: string) =>
        value === "-" ? line : key + (key === "s=" ? "-" : STARS),
    );
  }

  #replaceUsers(text: string): string {
    return text.replace(
      URI_USER,
      (_, scheme: string, user: string, password: string | undefined) =>
        `${scheme}${this.of(unescapeText(user))}${
          password === undefined ? "" : `:${STARS}`
        }@`,
    ).replace(
      URI_NUMBER,
      (whole, scheme: string, number: string) =>
        this.#names.has(number) ? scheme + this.of(number) : whole,
    ).replace(
      TEL_URI,
      (_, scheme: string, number: string) => scheme + this.of(number),
    ).replace(
      USERNAME,
      (_, name: string, value: string) =>
        value.startsWith('"')
          ? `${name}"${this.of(value.slice(1, -1))}"`
          : name + this.of(value),
    );
  }

  #replaceKnown(text: string): string {
    return text.replace(
      FREE,
      (whole, ...rest: unknown[]) => {
        const { alone, inside } = rest.at(-1) as Record<string, string>;
        const number = alone ?? inside;
        return number === undefined ? whole : this.#names.get(number) ??
          this.#names.get(`+${number}`) ?? whole;
      },
    );
  }
}
