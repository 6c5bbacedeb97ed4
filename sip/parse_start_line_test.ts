/**
 * Request lines and status lines, good and broken, with what is said to the sender and where.
 * @module
 */

import assert from "node:assert/strict";
import { readBadly, readWell, requestText } from "./sample_test.ts";

/** A request with another first line. */
function withLine(line: string, method = "OPTIONS"): string {
  return requestText({}, method).replace(/^.*\r\n/, () => `${line}\r\n`);
}

Deno.test("readStartLine() reads method and Request-URI as they are", () => {
  for (
    const [line, method, uri] of [
      ["OPTIONS sip:pbx.example SIP/2.0", "OPTIONS", "sip:pbx.example"],
      ["options sip:h sip/2.0", "options", "sip:h"], // case-sensitive
      ["!A.b-%*_+`'~9 tel:1 SIP/2.0", "!A.b-%*_+`'~9", "tel:1"],
      ["OPTIONS <sip:h> SIP/2.0", "OPTIONS", "<sip:h>"],
    ] as const
  ) {
    const message = readWell(withLine(line, method));
    assert.ok(message.isRequest);
    assert.equal(message.method, method);
    assert.equal(message.requestUri, uri);
  }
});

const NO_METHOD = "no method in the start line";
const BLANKS = "blanks around the Request-URI";
const NO_VERSION = "start line does not end in SIP/2.0";
const OTHER_VERSION = "SIP version is not 2.0";
const NO_STATUS = "status line is not one";

/** Line, fault, octet, status. */
const BROKEN: readonly (readonly [string, string, number, number])[] = [
  ["OPTIONS", NO_METHOD, 7, 0],
  [" OPTIONS sip:h SIP/2.0", NO_METHOD, 0, 0],
  ["OPT@IONS sip:h SIP/2.0", NO_METHOD, 3, 0],
  ["OPT\x00IONS sip:h SIP/2.0", NO_METHOD, 3, 0],
  ["OPTIONS\tsip:h SIP/2.0", NO_METHOD, 7, 0],
  ["\xd0\xbf sip:h SIP/2.0", NO_METHOD, 0, 0],
  ["OPTIONS  sip:h SIP/2.0", BLANKS, 8, 400],
  ["OPTIONS \tsip:h SIP/2.0", BLANKS, 8, 400],
  ["OPTIONS ", BLANKS, 8, 400],
  ["OPTIONS sip:h", NO_VERSION, 13, 400],
  ["OPTIONS sip:h ", NO_VERSION, 13, 400],
  ["OPTIONS sip:h  SIP/2.0", NO_VERSION, 13, 400],
  ["OPTIONS sip:h\tSIP/2.0\t", NO_VERSION, 13, 400],
  ["OPTIONS sip:h SIP/2.0 ", NO_VERSION, 13, 400],
  ["OPTIONS sip:h SIP/2.0\r", NO_VERSION, 13, 400],
  ["OPTIONS sip:h;a b SIP/2.0", NO_VERSION, 15, 400],
  ["OPTIONS sip:h HTTP/1.1", NO_VERSION, 13, 400],
  ["OPTIONS sip:h SIP/2", NO_VERSION, 13, 400],
  ["OPTIONS sip:h SIP/.0", NO_VERSION, 13, 400],
  ["OPTIONS sip:h SIP/2.", NO_VERSION, 13, 400],
  ["OPTIONS sip:h SIP/2.0.0", NO_VERSION, 13, 400],
  ["OPTIONS sip:h SIP/2.x", NO_VERSION, 13, 400],
  ["OPTIONS sip:h SIP/1.0", OTHER_VERSION, 14, 505],
  ["OPTIONS sip:h SIP/7.0", OTHER_VERSION, 14, 505],
  ["OPTIONS sip:h sip/2.1", OTHER_VERSION, 14, 505],
  ["OPTIONS sip:h SIP/02.0", OTHER_VERSION, 14, 505],
  ["SIP/2.0 99 Low", NO_STATUS, 0, 0],
  ["SIP/2.0 099 Low", NO_STATUS, 0, 0],
  ["SIP/2.0 700 High", NO_STATUS, 0, 0],
  ["SIP/2.0 2000 Long", NO_STATUS, 0, 0],
  ["SIP/2.0 20x OK", NO_STATUS, 0, 0],
  ["SIP/2.0 +20 OK", NO_STATUS, 0, 0],
  ["SIP/2.0  200 OK", NO_STATUS, 0, 0],
  ["SIP/2.0\t200 OK", NO_STATUS, 0, 0],
  ["SIP/2.0 200\tOK", NO_STATUS, 0, 0],
  ["SIP/2.0 20", NO_STATUS, 0, 0],
  ["SIP/2.0", NO_STATUS, 0, 0],
  ["SIP/3.0 200 OK", NO_STATUS, 0, 0],
  ["SIP/", NO_STATUS, 0, 0],
];

for (const [line, what, at, status] of BROKEN) {
  Deno.test(`readStartLine() refuses ${JSON.stringify(line)}`, () => {
    const malformed = readBadly(withLine(line));
    assert.deepEqual([malformed.what, malformed.at, malformed.status], [
      what,
      at,
      status,
    ]);
  });
}

Deno.test("readStartLine() counts octets from the start of the message", () => {
  const malformed = readBadly(`\r\n\r\n${withLine("OPTIONS  sip:h SIP/2.0")}`);
  assert.equal(malformed.at, 4 + 8);
});
