/**
 * Writes a rule of `nft -j` the way `nft list ruleset` does, so that a person finds it again. The
 * counter is left out: its numbers differ from one reading to the next.
 * @module
 */

/** What JSON may hold. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; null where it is none. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : null;
}

/** The value as a list; a single value is a list of one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A text of JSON; "" where it is none. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The one key of a statement or an expression, and its value. */
export function unwrap(value: unknown): readonly [key: string, value: unknown] {
  const object = asObject(value);
  return object === null ? ["", value] : Object.entries(object)[0] ?? ["", {}];
}

/** Rules of people are short; sets in them need not be shown whole. */
const MOST_ITEMS = 8;
const LONGEST = 240;
const DEEPEST = 8;

/** One rule without its place. */
export function writeRule(statements: readonly unknown[]): string {
  const text = statements.map(writeStatement).filter((part) => part !== "")
    .join(" ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** One value: an address, a port, a prefix, a set. */
export function writeValue(value: unknown, depth: number = 0): string {
  if (depth > DEEPEST) return "…";
  const write = (inner: unknown) => writeValue(inner, depth + 1);
  if (Array.isArray(value)) return value.map(write).join(",");
  if (asObject(value) === null) return String(value);
  const [key, inner] = unwrap(value);
  const part = asObject(inner) ?? {};
  switch (key) {
    case "prefix":
      return `${write(part.addr)}/${write(part.len)}`;
    case "range":
      return asList(inner).map(write).join("-");
    case "elem":
      return write(part.val);
    case "concat":
      return asList(inner).map(write).join(" . ");
    case "set":
      return writeSet(asList(inner).map(write));
    case "payload":
      return part.protocol === undefined
        ? `@${write(part.base)},${write(part.offset)},${write(part.len)}`
        : `${write(part.protocol)} ${write(part.field)}`;
    case "meta":
      return /^[io]if/.test(asText(part.key))
        ? asText(part.key)
        : `meta ${write(part.key)}`;
    case "ct":
      return `ct ${part.dir === undefined ? "" : `${write(part.dir)} `}${
        write(part.key)
      }`;
    case "fib":
      return `fib ${asList(part.flags).map(write).join(" . ")} ${
        write(part.result)
      }`;
    case "&":
    case "|":
    case "^":
      return asList(inner).map(write).join(` ${key} `);
    default:
      return asObject(inner) === null
        ? `${key} ${write(inner)}`
        : [key, ...Object.values(part).map(write)].join(" ");
  }
}

function writeSet(items: readonly string[]): string {
  const shown = items.slice(0, MOST_ITEMS);
  if (shown.length < items.length) shown.push("…");
  return `{ ${shown.join(", ")} }`;
}

function writeStatement(statement: unknown): string {
  const [key, value] = unwrap(statement);
  const part = asObject(value) ?? {};
  switch (key) {
    case "counter":
      return "";
    case "match":
      return writeMatch(part);
    case "vmap":
      return `${writeValue(part.key)} vmap ${writeMap(part.data)}`;
    case "jump":
    case "goto":
      return `${key} ${writeValue(part.target)}`;
    case "reject":
      return writeReject(part);
    case "limit":
      return `limit rate ${part.inv === true ? "over " : ""}${
        writeValue(part.rate)
      }${
        part.rate_unit === undefined ? "" : ` ${writeValue(part.rate_unit)}`
      }/${writeValue(part.per)}`;
    case "log":
      return part.prefix === undefined
        ? "log"
        : `log prefix "${writeValue(part.prefix)}"`;
    case "mangle":
      return `${writeValue(part.key)} set ${writeValue(part.value)}`;
    case "dnat":
    case "snat":
    case "redirect":
      return writeTranslation(key, part);
    case "ct count":
      return `ct count ${part.inv === true ? "over " : ""}${
        writeValue(part.val)
      }`;
    case "set":
      return `${writeValue(part.op)} ${writeValue(part.set)} { ${
        writeValue(part.elem)
      } }`;
    case "xt":
      return `xt ${writeValue(part.type)} ${writeValue(part.name)}`;
    default:
      return value === null ? key : writeValue({ [key]: value });
  }
}

function writeMatch({ op, left, right }: JsonObject): string {
  const sign = op === "==" || op === "in" || op === undefined
    ? ""
    : `${writeValue(op)} `;
  const [key, parts] = unwrap(left);
  const isBitwise = ["&", "|", "^"].includes(key);
  if (key === "fib" && typeof right === "boolean") {
    return `${writeValue(left)} ${right ? "exists" : "missing"}`;
  }
  if (key === "&" && isFlags(asList(parts)[0])) {
    const [field, mask] = asList(parts);
    return `${writeValue(field)} ${sign}${writeValue(right)} / ${
      writeValue(mask)
    }`;
  }
  const name = /^[io]if/.test(asText(asObject(asObject(left)?.meta)?.key));
  const value = writeValue(right);
  const comparison = isBitwise && sign === "" ? "== " : sign;
  return `${writeValue(left)} ${comparison}${
    name && typeof right === "string" && !right.startsWith("@")
      ? `"${value}"`
      : value
  }`;
}

function isFlags(value: unknown): boolean {
  return asObject(asObject(value)?.payload)?.field === "flags";
}

function writeMap(data: unknown): string {
  const set = asObject(data)?.set;
  if (!Array.isArray(set)) return writeValue(data);
  return writeSet(
    set.slice(0, MOST_ITEMS + 1).map((pair) => {
      const [item, verdict] = asList(pair);
      return `${writeValue(item)} : ${writeStatement(verdict)}`;
    }),
  );
}

function writeReject({ type, expr }: JsonObject): string {
  if (type === undefined) return "reject";
  const code = expr === undefined ? "" : ` ${writeValue(expr)}`;
  return `reject with ${writeValue(type)}${code}`;
}

function writeTranslation(key: string, part: JsonObject): string {
  const address = part.addr === undefined ? "" : writeValue(part.addr);
  const port = part.port === undefined ? "" : `:${writeValue(part.port)}`;
  const target = address + port;
  return target === "" ? key : `${key} to ${target}`;
}
