/**
 * The configuration file: TOML text to raw values, each with the line it stands on. Imported
 * only where there is a file, because its parser and its schema take longer to load than the
 * rest of the configuration.
 * @module
 */

import { parse, TomlError } from "smol-toml";
import * as v from "valibot";
import type { ConfigFile } from "./config.ts";
import type { ConfigFault } from "./config_layer.ts";
import {
  FLAG_KEYS,
  isList,
  NUMBER_KEYS,
  type RawValue,
  TEXT_KEYS,
} from "./config_layer.ts";
import { findNearest } from "./nearest_word.ts";
import { quote } from "./quoted.ts";
import { at, findLine, type Path } from "./toml_line.ts";

const FLAGS = Object.keys(FLAG_KEYS);
const KEYS: readonly string[] = [
  ...TEXT_KEYS,
  ...FLAGS,
  ...Object.keys(NUMBER_KEYS),
];

const EXAMPLES = {
  sip: "0.0.0.0:5060",
  http: "127.0.0.1:8060",
  data: "/var/lib/pbx",
  domain: "sip.example.com",
  public_address: "203.0.113.10",
  rtp: "10000-19999",
  log_level: "info",
  log_format: "auto",
  stun_server: "stun.example.org:3478",
  "tls.certificate": "/etc/pbx/fullchain.pem",
  "tls.key": "/etc/pbx/privkey.pem",
};

const Integer = v.optional(v.pipe(v.number(), v.integer()));
const Text = v.optional(v.string());
const Texts = v.optional(
  v.lazy((input) => Array.isArray(input) ? v.array(v.string()) : v.string()),
);
const Document = v.objectWithRest({
  sip: Texts,
  http: Text,
  data: Text,
  domain: Texts,
  public_address: Text,
  rtp: Text,
  log_level: Text,
  log_format: Text,
  stun_server: Text,
  capture: v.optional(v.boolean()),
  registration: v.optional(v.objectWithRest({
    default_seconds: Integer,
    minimum_seconds: Integer,
    maximum_seconds: Integer,
    contacts: Integer,
  }, v.never())),
  nat: v.optional(v.objectWithRest({ ping_seconds: Integer }, v.never())),
  tcp: v.optional(v.objectWithRest({ connections: Integer }, v.never())),
  tls: v.optional(
    v.objectWithRest({ certificate: Text, key: Text }, v.never()),
  ),
  calls: v.optional(v.objectWithRest({
    keep_days: Integer,
    ring_seconds: Integer,
    session_seconds: Integer,
    limit: Integer,
  }, v.never())),
}, v.never());

/** Reads the text of a file; `path` is its name, for people. Never throws. */
export function readConfigFile(path: string, text: string): ConfigFile {
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { values: [], faults: [describeSyntax(path, error)] };
  }
  const faults: ConfigFault[] = [];
  const wrong = new Set<string>();
  for (const issue of v.safeParse(Document, document).issues ?? []) {
    const place = (issue.path ?? []).map((item) => item.key as string | number);
    wrong.add(spellPath(place));
    const where = `${path}:${findLine(text, place, document)}`;
    faults.push(
      describeIssue(where, place, issue.expected === "never", issue.input),
    );
  }
  const values: RawValue[] = [];
  for (const key of KEYS as readonly RawValue["key"][]) {
    const place = key.split(".");
    const found = at(document, place);
    const places: Path[] = Array.isArray(found)
      ? found.map((_, i) => [...place, i])
      : [place];
    if (key === "sip" && places.length === 0) {
      const where = `${path}:${findLine(text, place, document)}`;
      const hint = 'Write `sip = ["0.0.0.0:5060"]`';
      faults.push({ where, path: key, what: "the list is empty", hint });
    }
    for (const each of places) {
      const value = at(document, each);
      if (
        wrong.has(key) || wrong.has(spellPath(each)) ||
        !["string", "number", "boolean"].includes(typeof value)
      ) {
        continue;
      }
      const where = `${path}:${findLine(text, each, document)}`;
      values.push({
        key,
        path: spellPath(each),
        where,
        value: isFile(key)
          ? besideFile(path, String(value))
          : value as RawValue["value"],
      });
    }
  }
  return { values, faults };
}

/** Whether a key names a file, which may be written relative to the configuration. */
function isFile(key: string): boolean {
  return key === "tls.certificate" || key === "tls.key";
}

function besideFile(path: string, name: string): string {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return name === "" || /^[/~]/.test(name) ? name : folder + name;
}

function describeSyntax(path: string, error: TomlError): ConfigFault {
  const what = error.message.split("\n")[0]!.replace(
    /^Invalid TOML document: /,
    "",
  );
  return {
    where: `${path}:${error.line}`,
    path: "",
    what: `the file is no TOML (column ${error.column}): ${what}`,
    hint:
      'A line is `key = "text"`, `key = 1`, `key = ["text", "text"]` or `[table]`',
  };
}

function describeIssue(
  where: string,
  place: Path,
  isUnknown: boolean,
  value: unknown,
) {
  const path = spellPath(place);
  const key = place.filter((step) => typeof step === "string").join(".");
  if (isUnknown) {
    return {
      where,
      path,
      what: `${quote(path)} is no known key`,
      hint: suggestKey(key),
    };
  }
  const name = key.slice(key.lastIndexOf(".") + 1);
  if (!KEYS.includes(key)) {
    return {
      where,
      path,
      what: `${spellValue(value)} is no table`,
      hint: `Write \`[${key}]\``,
    };
  }
  if (Object.hasOwn(NUMBER_KEYS, key)) {
    const usual = NUMBER_KEYS[key as keyof typeof NUMBER_KEYS][2];
    const what = `${spellValue(value)} is no whole number`;
    return { where, path, what, hint: `Write \`${name} = ${usual}\`` };
  }
  if (Object.hasOwn(FLAG_KEYS, key)) {
    const usual = FLAG_KEYS[key as keyof typeof FLAG_KEYS];
    const what = `${spellValue(value)} is neither true nor false`;
    return { where, path, what, hint: `Write \`${name} = ${usual}\`` };
  }
  const text = EXAMPLES[key as keyof typeof EXAMPLES];
  const example = isList(key) ? `${name} = ["${text}"]` : `${name} = "${text}"`;
  return {
    where,
    path,
    what: `${spellValue(value)} is no text`,
    hint: `Write \`${example}\``,
  };
}

/** A word for an unknown key: the same one in another table, the nearest one, or all. */
function suggestKey(key: string): string {
  const split = key.lastIndexOf(".");
  const table = key.slice(0, Math.max(split, 0));
  const leaf = key.slice(split + 1).toLowerCase().replaceAll("-", "_");
  const moved = KEYS.find((known) =>
    known !== key && known.split(".").at(-1) === leaf
  );
  if (moved !== undefined && moved !== leaf && !moved.startsWith(`${table}.`)) {
    return `\`${leaf}\` belongs under \`[${
      moved.slice(0, moved.lastIndexOf("."))
    }]\``;
  }
  if (moved === leaf && table !== "") {
    return `\`${leaf}\` belongs above the first \`[table]\``;
  }
  const tables = KEYS.flatMap((known) =>
    known.includes(".") ? [known.split(".")[0]!] : []
  );
  const siblings = table === ""
    ? [
      ...TEXT_KEYS.filter((known) => !known.includes(".")),
      ...FLAGS,
      ...tables,
    ]
    : KEYS.flatMap((known) =>
      known.startsWith(`${table}.`) ? [known.slice(split + 1)] : []
    );
  const nearest = findNearest(leaf, siblings);
  if (nearest !== null) return `Did you mean \`${nearest}\`?`;
  return `Known: ${
    [...new Set(siblings)].map((name) => "`" + name + "`").join(", ")
  }`;
}

function spellPath(place: Path): string {
  return place.map((step, i) =>
    typeof step === "number" ? `[${step}]` : i > 0 ? `.${step}` : step
  )
    .join("");
}

function spellValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return quote(value.toISOString());
  return typeof value === "object" ? "a table" : quote(String(value));
}
