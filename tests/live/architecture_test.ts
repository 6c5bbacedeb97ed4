/**
 * Holds the house to its plan: rooms import downhill only, pure files do no I/O and know no
 * clock, and every file says what it is. Runs `deno info` and reads every source file.
 * @module
 */

import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);
/** From the top of the hill down; a room imports itself and what stands behind it. */
const ROOMS = ["main", "web", "diag", "pbx", "sip"];
const MOST_LINES = 400;

/** What only `io/` files, `main.ts` and tests may say. */
const IMPURE: readonly RegExp[] = [
  /\bawait\b/,
  /\basync\b/,
  /\bDeno\s*\./,
  /\bDate\s*\.\s*now\b/,
  /\bnew\s+Date\s*\(\s*\)/,
  /\bMath\s*\.\s*random\b/,
  /\bcrypto\s*\.\s*(?:getRandomValues|randomUUID)\b/,
  /\bperformance\s*\.\s*now\b/,
  /\bset(?:Timeout|Interval)\b/,
  /\bconsole\s*\./,
  /\bfetch\s*\(/,
];

/** Where a slash begins no regular expression: behind a value. */
const VALUE_BEFORE = /(?:[\w$)\]}]|\+\+|--)$/;
const KEYWORD_BEFORE = /\b(?:return|typeof|case|in|of|void|delete|throw|else)$/;

interface ModuleInfo {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

/** Every source file of the project, as a path from its root, sorted. */
function listSources(folder: string = ""): string[] {
  const paths: string[] = [];
  for (const entry of Deno.readDirSync(new URL(folder, ROOT))) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) {
      const isOurs = folder !== "" || [...ROOMS, "tests"].includes(entry.name);
      if (isOurs) paths.push(...listSources(`${path}/`));
    } else if (/\.tsx?$/.test(entry.name)) {
      paths.push(path);
    }
  }
  return paths.sort();
}

function readSource(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

function isTest(path: string): boolean {
  return path.startsWith("tests/") || /_(?:test|bench)\.tsx?$/.test(path);
}

function isIo(path: string): boolean {
  return path.includes("/io/");
}

function roomOf(path: string): string {
  return path.includes("/")
    ? path.slice(0, path.indexOf("/"))
    : path.replace(/\.ts$/, "");
}

/** What is wrong with one file importing another one, or null. */
function judgeImport(from: string, to: string): string | null {
  if (isTest(from)) return null;
  if (isTest(to)) return `${from} imports the test ${to}`;
  const [upper, lower] = [
    ROOMS.indexOf(roomOf(from)),
    ROOMS.indexOf(roomOf(to)),
  ];
  if (upper < 0 || lower < 0) return null;
  if (lower < upper) return `${from} imports uphill: ${to}`;
  if (from !== "main.ts" && !isIo(from) && isIo(to)) {
    return `${from} is pure and imports ${to}`;
  }
  return null;
}

/** The source with what stands in comments, strings and regular expressions blanked out. */
function blankText(source: string): string {
  let code = "";
  let at = 0;
  /** How many braces are open inside each `${` that is not closed yet. */
  const templates: number[] = [];
  while (at < source.length) {
    const rest = source.slice(at, at + 2);
    const letter = source[at]!;
    if (rest === "//") at = endOr(source, source.indexOf("\n", at));
    else if (rest === "/*") at = endOr(source, source.indexOf("*/", at)) + 2;
    else if (letter === '"' || letter === "'") {
      at = skipQuoted(source, at, letter);
      code += '""';
    } else if (letter === "`" || (letter === "}" && templates.at(-1) === 0)) {
      if (letter === "}") templates.pop();
      at = skipTemplate(source, at + 1);
      if (source[at - 1] === "{") templates.push(0);
      code += '"" ';
    } else if (letter === "/" && beginsExpression(code)) {
      at = skipExpression(source, at);
      code += '""';
    } else {
      const depth = templates.length - 1;
      if (depth >= 0 && letter === "{") templates[depth]!++;
      if (depth >= 0 && letter === "}") templates[depth]!--;
      code += letter;
      at++;
    }
  }
  return code;
}

function endOr(source: string, found: number): number {
  return found < 0 ? source.length : found;
}

function beginsExpression(code: string): boolean {
  const before = code.slice(-20).trimEnd();
  return !VALUE_BEFORE.test(before) || KEYWORD_BEFORE.test(before);
}

function skipQuoted(source: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < source.length && source[at] !== quote && source[at] !== "\n") {
    at += source[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

/** Behind the backtick that ends the template, or behind the `${` that interrupts it. */
function skipTemplate(source: string, start: number): number {
  let at = start;
  while (at < source.length && source[at] !== "`") {
    if (source.startsWith("${", at)) return at + 2;
    at += source[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

function skipExpression(source: string, start: number): number {
  let isClass = false;
  let at = start + 1;
  for (; at < source.length && source[at] !== "\n"; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "[") isClass = true;
    else if (source[at] === "]") isClass = false;
    else if (source[at] === "/" && !isClass) break;
  }
  return at + 1;
}

/** Citations of a section that are not of the form `RFC 3261 §17.1.1.2`. */
function findBadCites(source: string): string[] {
  const wrong = [
    /\bRFC\d{3,5}\b/g,
    /\bRFC[- ]?\d{3,5},?\s+(?:[Ss]ection|[Ss]ec\.|[Cc]hapter|§\s)[^\n]{0,12}/g,
    /\bRFC \d{3,5}(?:,|:|\()\s*§[\d.]+/g,
    /\b[Ss]ection \d+(?:\.\d+)* of (?:\[?RFC ?\d+)/g,
    /\brfc ?\d{4} ?§/g,
  ];
  return wrong.flatMap((form) => source.match(form) ?? []);
}

async function readGraph(entries: readonly string[]): Promise<ModuleInfo[]> {
  const modules = new Map<string, ModuleInfo>();
  for (const entry of entries) {
    if (modules.has(new URL(entry, ROOT).href)) continue;
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: ["info", "--json", entry],
        cwd: ROOT,
        env: { NO_COLOR: "1" },
      },
    ).output();
    assert.ok(
      success,
      `deno info ${entry}: ${new TextDecoder().decode(stderr)}`,
    );
    const graph = JSON.parse(new TextDecoder().decode(stdout));
    for (const module of graph.modules as ModuleInfo[]) {
      modules.set(module.specifier, module);
    }
  }
  return [...modules.values()];
}

function pathOf(specifier: string | undefined): string | null {
  return specifier?.startsWith(ROOT.href)
    ? specifier.slice(ROOT.href.length)
    : null;
}

const SOURCES = listSources();
const HOUSE = SOURCES.filter((path) => !isTest(path));

Deno.test("rooms import downhill only, and pure files import no io", async () => {
  // main.ts first: one call of deno info then brings nearly everything
  const entries = HOUSE.toSorted((a, b) =>
    Number(b === "main.ts") - Number(a === "main.ts")
  );
  const faults = new Set<string>();
  for (const module of await readGraph(entries)) {
    const from = pathOf(module.specifier);
    if (from === null) continue;
    for (const { code, type } of module.dependencies ?? []) {
      const to = pathOf(code?.specifier ?? type?.specifier);
      const fault = to === null ? null : judgeImport(from, to);
      if (fault !== null) faults.add(fault);
    }
  }
  assert.deepEqual([...faults].sort(), []);
});

Deno.test("judgeImport() names what runs uphill", () => {
  assert.equal(judgeImport("main.ts", "sip/io/udp.ts"), null);
  assert.equal(judgeImport("pbx/registrar.ts", "sip/parse.ts"), null);
  assert.equal(judgeImport("sip/io/udp.ts", "sip/flow.ts"), null);
  assert.equal(judgeImport("pbx/io/exchange.ts", "sip/io/transport.ts"), null);
  assert.match(judgeImport("sip/a.ts", "pbx/b.ts") ?? "", /uphill/);
  assert.match(judgeImport("web/a.ts", "main.ts") ?? "", /uphill/);
  assert.match(judgeImport("sip/a.ts", "sip/io/b.ts") ?? "", /pure/);
  assert.match(judgeImport("pbx/a.ts", "tests/b.ts") ?? "", /test/);
});

Deno.test("pure files have no await, clock, chance, timer, console or Deno", () => {
  const faults: string[] = [];
  for (const path of HOUSE) {
    if (isIo(path) || path === "main.ts") continue;
    const lines = blankText(keepLines(readSource(path))).split("\n");
    for (const [number, line] of lines.entries()) {
      for (const word of IMPURE) {
        const found = word.exec(line);
        if (found !== null) faults.push(`${path}:${number + 1}: ${found[0]}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

/** Comments over several lines become comments on each line, so that line numbers stay right. */
function keepLines(source: string): string {
  return source.replace(
    /^[ \t]*\/\*[\s\S]*?\*\//gm,
    (comment) => comment.replace(/[^\n]/g, " "),
  );
}

Deno.test("blankText() keeps code and drops what is only text", () => {
  const code = blankText([
    "const a = 'await'; // await",
    'const b = /["`]await/.test(x) /* await */ ? "\\"await" : 1 / 2;',
    "const c = `await ${Date.now() + `${{ a: 1 }.a} await`} await`;",
  ].join("\n"));
  assert.doesNotMatch(code, /await/);
  assert.match(code, /Date\.now\(\)/);
  assert.match(code, /1 \/ 2/);
});

Deno.test("every source file begins with what it is and names itself a module", () => {
  const faults = HOUSE.filter((path) => {
    const source = readSource(path).replace(/^#![^\n]*\n/, "");
    const comment = /^\/\*\*[\s\S]*?\*\//.exec(source)?.[0] ?? "";
    return !/@module\b/.test(comment);
  });
  assert.deepEqual(faults, []);
});

Deno.test("no source file has more than 400 lines", () => {
  const faults = SOURCES
    .map((path) => ({
      path,
      lines: readSource(path).trimEnd().split("\n").length,
    }))
    .filter(({ lines }) => lines > MOST_LINES)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
  assert.deepEqual(faults, []);
});

Deno.test("sections of an RFC are cited in one form", () => {
  const self = "tests/live/architecture_test.ts";
  const faults = SOURCES.filter((path) => path !== self)
    .flatMap((path) =>
      findBadCites(readSource(path)).map((cite) => `${path}: ${cite}`)
    );
  assert.deepEqual(faults, []);
  assert.deepEqual(
    findBadCites("RFC 3261 §17.1.1.2, RFC 3581 and RFC 4475"),
    [],
  );
  assert.equal(findBadCites("RFC3261 §8").length, 1);
  assert.equal(findBadCites("RFC 3261, section 8").length, 1);
  assert.equal(findBadCites("section 8.1 of RFC 3261").length, 1);
});

Deno.test("nothing but tests exports by default", () => {
  const faults = HOUSE.filter((path) =>
    /^export default\b/m.test(readSource(path))
  );
  assert.deepEqual(faults, []);
});
