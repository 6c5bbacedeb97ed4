/** @module */

import assert from "node:assert/strict";
import {
  judgeSigner,
  judgeTree,
  readRequest,
  type ReleaseRequest,
  type Tree,
} from "./release_request.ts";

const REQUEST = readRequest([]) as ReleaseRequest;
const TREE: Tree = {
  version: "0.2.0",
  commit: "aaaa",
  changed: [],
  taggedCommit: "",
};

Deno.test("readRequest() reads the options", () => {
  assert.deepEqual(REQUEST, {
    tag: "",
    machines: ["x86_64", "aarch64"],
    isSigned: true,
    allowsDirty: false,
    isChecked: false,
    output: "dist/release",
  });
  // deno-fmt-ignore
  const words = ["--unsigned", "--only", "aarch64", "--tag", "v0.2.0", "--dirty",
    "--check", "--output", "/x"];
  assert.deepEqual(readRequest(words), {
    tag: "v0.2.0",
    machines: ["aarch64"],
    isSigned: false,
    allowsDirty: true,
    isChecked: true,
    output: "/x",
  });
});

Deno.test("readRequest() names what it does not know", () => {
  for (
    const words of [
      ["--only", "sparc"],
      ["--only"],
      ["--tag", ""],
      ["--tag", "--dirty"],
      ["--key", "x"],
      ["v0.2.0"],
      ["--dirty", "--dirty"],
    ]
  ) {
    const said = readRequest(words);
    assert.equal(typeof said, "string", words.join(" "));
    assert.ok(String(said).includes(words[0]!));
  }
});

Deno.test("judgeTree() lets a clean tree pass, with its own tag or without one", () => {
  assert.equal(judgeTree(REQUEST, TREE), null);
  assert.equal(judgeTree({ ...REQUEST, tag: "v0.2.0" }, TREE), null);
  const tagged = { ...TREE, taggedCommit: "aaaa" };
  assert.equal(judgeTree({ ...REQUEST, tag: "v0.2.0" }, tagged), null);
});

Deno.test("judgeTree() refuses another tag, a used version and changes", () => {
  const said = (request: Partial<ReleaseRequest>, tree: Partial<Tree>) =>
    judgeTree({ ...REQUEST, ...request }, { ...TREE, ...tree })?.message ?? "";
  assert.match(said({ tag: "v0.3.0" }, {}), /tag is v0\.3\.0/);
  assert.match(said({ tag: "0.2.0" }, {}), /tag is 0\.2\.0/);
  assert.match(said({}, { taggedCommit: "bbbb" }), /another commit already/);
  assert.match(said({}, { version: "next" }), /no version/);
  assert.match(said({}, { changed: ["a", "b", "c", "d"] }), /a, b, c, …/);
  assert.equal(said({ allowsDirty: true }, { changed: ["a"] }), "");
});

Deno.test("judgeSigner() wants the same key in both files and in the hand", () => {
  const key = "ssh-ed25519 AAAA";
  const said = (script: string | null, program: string | null, own: string) =>
    judgeSigner({ script, program }, own)?.message ?? "";
  assert.equal(said(key, key, key), "");
  assert.equal(said("", "", ""), "");
  assert.equal(said(key, key, ""), "");
  assert.match(said("", "", key), /no key yet/);
  assert.match(said(key, "", key), /different keys/);
  assert.match(said(key, key, "ssh-ed25519 BBBB"), /not the one/);
  assert.match(said(null, key, key), /install\.sh/);
  assert.match(said(key, null, key), /signer\.ts/);
});
