/**
 * The layers of the configuration: what the options, the environment and the file each say, and
 * which of them counts.
 * @module
 */

import type { Read, Wrong } from "./config_value.ts";

/** One thing that is wrong. */
export interface ConfigFault {
  /** `/etc/pbx/pbx.toml:3`, `--sip` or `PBX_SIP`. */
  readonly where: string;
  /** `sip[0]`, `registration.minimum_seconds`. */
  readonly path: string;
  readonly what: string;
  readonly hint: string;
}

/**
 * The keys that are text, under the names of the file; the environment has them too, and so have
 * the options, but for those in a table.
 */
export const TEXT_KEYS = [
  "sip",
  "http",
  "data",
  "domain",
  "public_address",
  "rtp",
  "log_level",
  "log_format",
  "stun_server",
  "tls.certificate",
  "tls.key",
] as const;
export type TextKey = (typeof TEXT_KEYS)[number];

/** The keys that are numbers and stand in the file only: least, most, default. */
export const NUMBER_KEYS = {
  "registration.default_seconds": [1, 604800, 3600],
  "registration.minimum_seconds": [1, 604800, 60],
  "registration.maximum_seconds": [1, 604800, 7200],
  "registration.contacts": [1, 100, 10],
  "nat.ping_seconds": [0, 3600, 20],
  "tcp.connections": [1, 100000, 1024],
  "calls.keep_days": [1, 3650, 365],
  "calls.ring_seconds": [5, 600, 60],
  "calls.session_seconds": [90, 86400, 1800],
  "calls.limit": [1, 100000, 1000],
} as const;
export type NumberKey = keyof typeof NUMBER_KEYS;

/** The keys that are on or off, with their defaults; the environment has them too. */
export const FLAG_KEYS = { capture: true } as const;
export type FlagKey = keyof typeof FLAG_KEYS;

export type Key = TextKey | NumberKey | FlagKey;

/** Those keys that may have several values. */
export function isList(key: string): boolean {
  return key === "sip" || key === "domain";
}

/** One value as one source gives it, before anybody looked at its meaning. */
export interface RawValue {
  readonly key: Key;
  readonly path: string;
  readonly where: string;
  readonly value: string | number | boolean;
}

type Options = Readonly<Record<string, string | readonly string[] | undefined>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** What the command line says. */
export function readOptions(options: Options): readonly RawValue[] {
  return TEXT_KEYS.flatMap((key) => {
    const given = options[
      key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
    ];
    if (given === undefined) {
      return [];
    }
    const where = `--${key.replaceAll("_", "-")}`;
    const texts = typeof given === "string" ? [given] : given;
    return isList(key)
      ? splitList(key, where, texts)
      : texts.slice(-1).map((value) => ({
        key,
        path: key,
        where,
        value: value.trim(),
      }));
  });
}

/** What the environment says; an empty variable says nothing. */
export function readEnvironment(environment: Environment): readonly RawValue[] {
  return ENVIRONMENT_KEYS.flatMap((key): readonly RawValue[] => {
    const where = variableOf(key);
    const value = environment[where]?.trim() ?? "";
    if (value === "") return [];
    return isList(key)
      ? splitList(key, where, [value])
      : [{ key, path: key, where, value }];
  });
}

const ENVIRONMENT_KEYS: readonly (TextKey | FlagKey)[] = [
  ...TEXT_KEYS,
  ...Object.keys(FLAG_KEYS) as FlagKey[],
];

/** The variables of the environment that are configuration. */
export const CONFIG_VARIABLES: readonly string[] = ENVIRONMENT_KEYS.map(
  variableOf,
);

/** The variable of the environment for a key: `PBX_LOG_LEVEL`, `PBX_TLS_KEY`. */
export function variableOf(key: string): string {
  return `PBX_${key.toUpperCase().replaceAll(".", "_")}`;
}

function splitList(
  key: Key,
  where: string,
  texts: readonly string[],
): RawValue[] {
  return texts.flatMap((text) => text.trim().split(/\s*,\s*|\s+/))
    .map((value, i) => ({ key, path: `${key}[${i}]`, where, value }));
}

/** What the highest layer that has the key says. Not sound: it was there and could not be read. */
export interface Picked<T> {
  readonly key: Key;
  readonly entries: readonly { readonly value: T; readonly raw: RawValue }[];
  readonly isSound: boolean;
}

/** Reads a key in every layer, and takes the highest one that has it. */
export function pick<T>(
  layers: readonly (readonly RawValue[])[],
  key: Key,
  read: (value: RawValue["value"]) => Read<T>,
  faults: ConfigFault[],
): Picked<T> {
  let picked: Picked<T> | null = null;
  for (const layer of layers) {
    const raws = layer.filter((raw) => raw.key === key);
    if (raws.length === 0) continue;
    const entries: { value: T; raw: RawValue }[] = [];
    for (const raw of raws) {
      const result = read(raw.value);
      if ("value" in result) entries.push({ value: result.value, raw });
      else faults.push(faultOf(raw, result));
    }
    picked ??= { key, entries, isSound: entries.length === raws.length };
  }
  return picked ?? { key, entries: [], isSound: true };
}

/** The values alone. */
export function valuesOf<T>(picked: Picked<T>): readonly T[] {
  return picked.entries.map((entry) => entry.value);
}

/** The number, or its default. */
export function numberOf(picked: Picked<number>): number {
  return picked.entries[0]?.value ?? NUMBER_KEYS[picked.key as NumberKey][2];
}

function faultOf(raw: RawValue, wrong: Wrong): ConfigFault {
  const note = wrong.note === undefined ? "" : `. ${wrong.note}`;
  const hint = `Write \`${spell(raw, wrong.instead)}\`${note}`;
  return { where: raw.where, path: raw.path, what: wrong.what, hint };
}

/** A value as its source would write it. */
export function spell(
  { key, where }: Pick<RawValue, "key" | "where">,
  value: string,
): string {
  const option = `--${key.replaceAll("_", "-")}`;
  if (where.startsWith("--")) return `${option} ${value}`;
  if (/^PBX_[A-Z_]+$/.test(where)) return `${variableOf(key)}=${value}`;
  const name = key.slice(key.lastIndexOf(".") + 1);
  if (Object.hasOwn(NUMBER_KEYS, key) || Object.hasOwn(FLAG_KEYS, key)) {
    return `${name} = ${value}`;
  }
  return isList(key) ? `${name} = ["${value}"]` : `${name} = "${value}"`;
}

/** Options first, then the environment, then the file line by line. */
export function sortFaults(
  faults: readonly ConfigFault[],
): readonly ConfigFault[] {
  const rank = ({ where }: ConfigFault) => {
    if (where.startsWith("--")) return 0;
    const line = /:(\d+)$/.exec(where);
    return line === null ? 1 : 1 + Number(line[1]);
  };
  return faults.toSorted((one, other) => rank(one) - rank(other));
}
