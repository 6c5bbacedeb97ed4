/**
 * Dialogs: opened from either side, moved, and the requests inside, whatever a stranger puts into
 * his Contact, his tags and his routes.
 * @module
 */

import assert from "node:assert/strict";
import {
  acceptsCseq,
  confirmDialog,
  type Dialog,
  openDialogByRequest,
  refreshTarget,
  requestParts,
} from "./dialog.ts";
import { STRIDE } from "./message.ts";
import { Outbox } from "./outbox.ts";
import {
  type Changes,
  PHONE,
  read,
  readWell,
  requestText,
  writtenText,
} from "./sample_test.ts";
import { writeRequest } from "./serialize.ts";

const CONTACT = "<sip:1001@10.0.0.7:5062;ob>";
const PROXY = "<sip:proxy.example;lr>";
const EDGE = "<sip:edge.example:5070;transport=tcp;lr>";

function inviteText(changes: Changes = {}): string {
  const to = '"Bob" <sip:1002@pbx.example;user=phone>';
  return requestText(
    { "Contact": CONTACT, "To": to, "CSeq": "7 INVITE", ...changes },
    "INVITE",
    "sip:1002@pbx.example",
  );
}

function open(changes: Changes = {}): Dialog | null {
  return openDialogByRequest(readWell(inviteText(changes)), "ours");
}

function openWell(changes: Changes = {}): Dialog {
  const dialog = open(changes);
  assert.ok(dialog !== null, JSON.stringify(changes));
  return dialog;
}

/** A dialog of our own INVITE that waits for its answer. */
function calling(): Dialog {
  return {
    callId: "call-2",
    localTag: "ours",
    remoteTag: "",
    local: '"Alice" <sip:1001@pbx.example>',
    remote: "<sip:1002@pbx.example>",
    target: "sip:1002@10.0.0.8",
    routes: [PROXY],
    localCseq: 0,
    remoteCseq: -1,
  };
}

function answer(changes: Changes = {}, status = 200) {
  const to = "<sip:1002@pbx.example>;tag=theirs";
  const text = requestText({ "To": to, ...changes }, "INVITE");
  return readWell(text.replace(/^.*/, `SIP/2.0 ${status} Why`));
}

/** A request inside a dialog as it leaves. */
function written(dialog: Dialog, method = "BYE", cseq?: number): string {
  const outbox = new Outbox();
  const branch = "z9hG4bKin";
  const parts = requestParts(
    dialog,
    method,
    PHONE,
    branch,
    "X-One: 1\r\n",
    undefined,
    cseq,
  );
  writeRequest(outbox, parts);
  return writtenText(outbox);
}

Deno.test("openDialogByRequest() takes over what the caller said (RFC 3261 §12.1.1)", () => {
  const routes = `${PROXY}, ${EDGE};x=1`;
  assert.deepEqual(openWell({ "Record-Route": routes }), {
    callId: "call-1",
    localTag: "ours",
    remoteTag: "from1",
    local: "<sip:1002@pbx.example;user=phone>",
    remote: "<sip:1001@pbx.example>",
    target: "sip:1001@10.0.0.7:5062;ob",
    routes: [PROXY, EDGE],
    localCseq: 0,
    remoteCseq: 7,
  });
});

Deno.test("openDialogByRequest() takes routes of several lines in their order", () => {
  const lines = `${PROXY}\r\nRecord-Route: ${EDGE}`;
  assert.deepEqual(openWell({ "Record-Route": lines }).routes, [PROXY, EDGE]);
});

Deno.test("openDialogByRequest() wants exactly one Contact that is a SIP URI", () => {
  for (
    const contact of [
      null,
      "*",
      "<tel:+1>",
      "<mailto:a@b.example>",
      `${CONTACT}, <sip:other@h.example>`,
      `${CONTACT}\r\nContact: <sip:other@h.example>`,
      "<sip:a b@h.example>",
      "<sip:a>b@h.example>",
      "<sip:a\r\n X: y@h.example>",
      `<sip:${"a".repeat(501)}@h.example>`,
    ]
  ) assert.equal(open({ "Contact": contact }), null, String(contact));
  const longest = `sip:${"a".repeat(498)}@h.example`;
  assert.equal(openWell({ "Contact": `<${longest}>` }).target, longest);
});

Deno.test("openDialogByRequest() leaves the headers of a Contact out, and nothing else", () => {
  for (
    const [contact, target] of [
      ["<sip:a@h.example?Subject=x&Replaces=y>", "sip:a@h.example"],
      ["<sip:who?@h.example;p=1?Subject=x>", "sip:who?@h.example;p=1"],
      ["<sip:a%0d%0aX:b@h.example>", null],
      ["<sip:a%0d%0aX@h.example>", "sip:a%0d%0aX@h.example"],
      ["sip:a@h.example;expires=3", "sip:a@h.example"],
    ] as const
  ) {
    const dialog = open({ "Contact": contact });
    if (target === null) assert.ok(!dialog?.target.includes("\r"));
    else assert.equal(dialog?.target, target, contact);
  }
});

Deno.test("openDialogByRequest() refuses routes without end and tags that are no tokens", () => {
  const many = (count: number) => new Array(count).fill(PROXY).join(", ");
  const long = `<sip:${"p".repeat(400)}.example;lr>`;
  assert.equal(openWell({ "Record-Route": many(8) }).routes.length, 8);
  for (
    const changes of [
      { "Record-Route": many(9) },
      { "Record-Route": new Array(9).fill(PROXY).join("\r\nRecord-Route: ") },
      { "Record-Route": new Array(6).fill(long).join(", ") },
      { "Record-Route": new Array(6).fill(long).join("\r\nRecord-Route: ") },
      { "Record-Route": "<tel:1>" },
      { "Record-Route": "<sip:proxy" },
      { "From": '<sip:1001@pbx.example>;tag="a;b"' },
      { "From": '<sip:1001@pbx.example>;tag="a> X"' },
      { "From": `<sip:1001@pbx.example>;tag=${"a".repeat(513)}` },
      { "From": `<sip:${"a".repeat(600)}@pbx.example>;tag=a` },
      { "To": `<sip:${"a".repeat(600)}@pbx.example>` },
    ]
  ) assert.equal(open(changes), null, JSON.stringify(changes));
});

Deno.test("openDialogByRequest() repeats no display name and no parameter of a stranger", () => {
  for (
    const from of [
      '"a > b\\" <sip:x@y>" <sip:1001@pbx.example>;tag=t;p=">"',
      "A B <sip:1001@pbx.example>;tag=t",
      "sip:1001@pbx.example;tag=t",
      `"${"n".repeat(1000)}" <sip:1001@pbx.example>;tag=t`,
    ]
  ) {
    const dialog = openWell({ "From": from });
    assert.equal(dialog.remote, "<sip:1001@pbx.example>", from);
    assert.equal(dialog.remoteTag, "t");
  }
});

Deno.test("openDialogByRequest() takes a caller of RFC 2543, who has no tag", () => {
  const dialog = openWell({ "From": "<sip:1001@pbx.example>" });
  assert.match(written(dialog), /^To: <sip:1001@pbx\.example>\r$/m);
});

Deno.test("confirmDialog() turns the routes round and moves the target (RFC 3261 §12.1.2)", () => {
  const dialog = calling();
  const contact = "<sip:1002@10.0.0.9:5066?x=y>";
  const response = answer({
    "Contact": contact,
    "Record-Route": `${PROXY}, ${EDGE}`,
  });
  assert.equal(confirmDialog(dialog, response), true);
  assert.equal(dialog.remoteTag, "theirs");
  assert.equal(dialog.target, "sip:1002@10.0.0.9:5066");
  assert.deepEqual(dialog.routes, [EDGE, PROXY]);
  assert.equal(confirmDialog(dialog, answer()), true);
  assert.equal(dialog.target, "sip:1002@10.0.0.9:5066", "it names no other");
  assert.deepEqual(dialog.routes, [], "the last answer decides");
});

Deno.test("confirmDialog() changes nothing where the answer makes no dialog", () => {
  for (
    const changes of [
      { "To": "<sip:1002@pbx.example>" },
      { "To": '<sip:1002@pbx.example>;tag="a b"' },
      { "To": `<sip:1002@pbx.example>;tag=${"t".repeat(513)}` },
      { "Record-Route": new Array(9).fill(PROXY).join(", ") },
    ]
  ) {
    const dialog = calling();
    const response = answer({ "Contact": "<sip:x@y.example>", ...changes });
    assert.equal(confirmDialog(dialog, response), false);
    assert.deepEqual(dialog, calling());
  }
});

Deno.test("refreshTarget() follows the Contact and keeps the routes", () => {
  const dialog = openWell({ "Record-Route": PROXY });
  const moved = "<sip:1001@10.0.0.7:6000>";
  const text = inviteText({ "Contact": moved, "Record-Route": EDGE });
  refreshTarget(dialog, readWell(text));
  assert.equal(dialog.target, "sip:1001@10.0.0.7:6000");
  assert.deepEqual(dialog.routes, [PROXY]);
  for (const contact of [null, "*", "<tel:1>", `${moved}, ${CONTACT}`]) {
    refreshTarget(dialog, readWell(inviteText({ "Contact": contact })));
    assert.equal(dialog.target, "sip:1001@10.0.0.7:6000", String(contact));
  }
});

Deno.test("acceptsCseq() wants larger numbers, but for ACK and CANCEL (RFC 3261 §12.2.2)", () => {
  const dialog = openWell();
  const accepts = (cseq: number, method: string) =>
    acceptsCseq(
      dialog,
      readWell(requestText({ "CSeq": `${cseq} ${method}` }, method)),
    );
  assert.equal(accepts(7, "INFO"), false);
  assert.equal(accepts(6, "BYE"), false);
  assert.equal(accepts(7, "ACK"), true);
  assert.equal(accepts(7, "CANCEL"), true);
  assert.equal(accepts(8, "INFO"), true);
  assert.equal(accepts(8, "INFO"), false);
  assert.equal(accepts(2147483647, "BYE"), true);
  assert.equal(acceptsCseq(calling(), readWell(inviteText())), true);
});

Deno.test("requestParts() numbers the requests, but not an ACK", () => {
  const dialog = openWell();
  assert.match(written(dialog, "INFO"), /^CSeq: 1 INFO\r$/m);
  assert.match(written(dialog, "INVITE"), /^CSeq: 2 INVITE\r$/m);
  assert.match(written(dialog, "ACK", 2), /^CSeq: 2 ACK\r$/m);
  assert.match(written(dialog, "BYE"), /^CSeq: 3 BYE\r$/m);
});

Deno.test("requestParts() goes over loose routers with the target as it is", () => {
  const dialog = openWell({ "Record-Route": `${EDGE}, ${PROXY}` });
  assert.equal(
    written(dialog),
    "BYE sip:1001@10.0.0.7:5062;ob SIP/2.0\r\n" +
      "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKin;rport\r\n" +
      `Route: ${EDGE}\r\nRoute: ${PROXY}\r\nMax-Forwards: 70\r\n` +
      "From: <sip:1002@pbx.example;user=phone>;tag=ours\r\n" +
      "To: <sip:1001@pbx.example>;tag=from1\r\n" +
      "Call-ID: call-1\r\nCSeq: 1 BYE\r\nX-One: 1\r\n" +
      "Content-Length: 0\r\n\r\n",
  );
});

Deno.test("requestParts() gives a strict router the Request-URI (RFC 3261 §12.2.1.1)", () => {
  for (
    const [strict, uri] of [
      ["<sip:old.example>", "sip:old.example"],
      ["<sip:a;lr;b@old.example>", "sip:a;lr;b@old.example"],
      ["<sip:old.example;lrx=1>", "sip:old.example;lrx=1"],
      ["<sip:old.example;x=lr>;lr", "sip:old.example;x=lr"],
    ] as const
  ) {
    const dialog = openWell({ "Record-Route": `${strict}, ${PROXY}` });
    const request = readWell(written(dialog));
    assert.equal(request.requestUri, uri);
    const target = "<sip:1001@10.0.0.7:5062;ob>";
    assert.deepEqual(request.values("route"), [PROXY, target]);
  }
  for (const loose of [PROXY, "<sip:p.example;LR=on;x=1>"]) {
    const dialog = openWell({ "Record-Route": loose });
    assert.equal(readWell(written(dialog)).requestUri, dialog.target);
  }
});

Deno.test("requestParts() carries a body", () => {
  const body = { type: "text/plain", text: "h\xc3\xa9" };
  const parts = requestParts(
    openWell(),
    "MESSAGE",
    PHONE,
    "z9hG4bKin",
    "",
    body,
  );
  assert.deepEqual(parts.body, body);
});

Deno.test("requestParts() of whatever a stranger opened reads well", () => {
  const pieces = [
    ..."<>\"'\\;,:@?=&%[] \t\x00\x7f\xffaz09",
    "\r\n ",
    "sip:",
    ";tag=",
    "%0d%0a",
  ];
  let seed = 11;
  const draw = (most: number) => {
    seed = (seed * 48271) % 0x7fffffff;
    return seed % most;
  };
  let opened = 0;
  for (let round = 0; round < 3000; round++) {
    const values = [
      CONTACT,
      '"A" <sip:1001@pbx.example>;tag=t',
      `${PROXY}, <sip:old.example>`,
    ].map((value) => {
      for (let i = draw(2); i > 0; i--) {
        const at = draw(value.length);
        const piece = pieces[draw(pieces.length)]!;
        value = value.slice(0, at) + piece + value.slice(at + draw(2));
      }
      return value;
    });
    const text = inviteText({
      "Contact": values[0]!,
      "From": values[1]!,
      "Record-Route": values[2]!,
    });
    const message = read(text);
    if (message.kind === "malformed") continue;
    const dialog = openDialogByRequest(message, "ours");
    if (dialog === null) continue;
    opened++;
    const request = readWell(written(dialog));
    assert.ok(request.target !== null, text);
    assert.equal(request.fromTag, "ours", text);
    assert.equal(request.toTag, dialog.remoteTag, text);
    const headers = request.indexEnd / STRIDE;
    assert.equal(headers, 8 + dialog.routes.length, text);
  }
  assert.ok(opened > 500, `${opened}`);
});
