/** @module */

import assert from "node:assert/strict";
import { readSigner, stampSigner } from "./signer_line.ts";

const KEY = `ssh-ed25519 ${"A".repeat(68)}`;
const SCRIPT = "#!/bin/sh\n# SIGNER=''\nSIGNER=''\nmain\n";
const PROGRAM = '/** @module */\n\nexport const SIGNER = "";\n';

Deno.test("stampSigner() puts a key there, another one, and none", () => {
  for (
    const [file, text] of [["install.sh", SCRIPT], [
      "signer.ts",
      PROGRAM,
    ]] as const
  ) {
    assert.equal(readSigner(file, text), "");
    const stamped = stampSigner(file, text, KEY) ?? "";
    assert.equal(readSigner(file, stamped), KEY);
    assert.equal(stampSigner(file, stamped, ""), text);
  }
  assert.match(
    stampSigner("install.sh", SCRIPT, KEY) ?? "",
    /^# SIGNER=''\nSIGNER='ssh-ed25519 A+'$/m,
  );
});

Deno.test("readSigner() gives null where there is no line, or more than one", () => {
  assert.equal(readSigner("install.sh", "#!/bin/sh\n"), null);
  assert.equal(readSigner("install.sh", SCRIPT + "SIGNER=''\n"), null);
  assert.equal(readSigner("signer.ts", SCRIPT), null);
  assert.equal(stampSigner("signer.ts", PROGRAM + PROGRAM, KEY), null);
});
