/**
 * The layout of a database, read from octets that are put together here.
 * @module
 */

import assert from "node:assert/strict";
import {
  HEADER_OCTETS,
  readLayout,
  readLoggedVersion,
} from "./database_layout.ts";

const PAGE = 512;

function makePage(version: number, application = 0): Uint8Array {
  const page = new Uint8Array(PAGE);
  page.set(new TextEncoder().encode("SQLite format 3\0"));
  const view = new DataView(page.buffer);
  view.setUint32(60, version);
  view.setUint32(68, application);
  return page;
}

interface Frame {
  readonly page: number;
  readonly commits: boolean;
  readonly version: number;
  readonly salt?: number;
}

function makeLog(frames: readonly Frame[], magic = 0x377f0683): Uint8Array {
  const log = new Uint8Array(32 + frames.length * (24 + PAGE));
  const view = new DataView(log.buffer);
  view.setUint32(0, magic);
  view.setUint32(8, PAGE);
  view.setUint32(16, 7);
  view.setUint32(20, 8);
  frames.forEach(({ page, commits, version, salt = 7 }, i) => {
    const at = 32 + i * (24 + PAGE);
    view.setUint32(at, page);
    view.setUint32(at + 4, commits ? 9 : 0);
    view.setUint32(at + 8, salt);
    view.setUint32(at + 12, 8);
    log.set(makePage(version), at + 24);
  });
  return log;
}

Deno.test("readLayout() reads the head of a database and of nothing else", () => {
  const page = makePage(4, 0x70627862);
  const layout = { version: 4, application: 0x70627862 };
  assert.deepEqual(readLayout(page.subarray(0, HEADER_OCTETS)), layout);
  assert.equal(readLayout(page.subarray(0, HEADER_OCTETS - 1)), null);
  assert.equal(readLayout(new Uint8Array(PAGE)), null);
});

Deno.test("readLoggedVersion() takes the newest first page that was committed", () => {
  const old = { page: 1, commits: true, version: 4 };
  const other = { page: 2, commits: true, version: 77 };
  const open = { page: 1, commits: false, version: 9 };
  const cases: readonly [readonly Frame[], number | null][] = [
    [[], null],
    [[old], 4],
    [[old, other], 4],
    [[other], null],
    [[old, open], 4],
    [[old, open, other], 9],
    [[old, { ...old, version: 5 }], 5],
    [[old, { ...old, version: 5, salt: 6 }], 4],
  ];
  for (const [frames, version] of cases) {
    assert.equal(
      readLoggedVersion(makeLog(frames)),
      version,
      JSON.stringify(frames),
    );
    assert.equal(readLoggedVersion(makeLog(frames, 0x377f0682)), version);
  }
});

Deno.test("readLoggedVersion() reads nothing from what is no log, or is cut off", () => {
  const frame = { page: 1, commits: true, version: 4 };
  const log = makeLog([frame, { ...frame, version: 5 }]);
  assert.equal(readLoggedVersion(log.subarray(0, log.length - 1)), 4);
  assert.equal(readLoggedVersion(log.subarray(0, 31)), null);
  assert.equal(readLoggedVersion(makeLog([frame], 1)), null);
  const odd = makeLog([frame]);
  new DataView(odd.buffer).setUint32(8, 0);
  assert.equal(readLoggedVersion(odd), null);
});
