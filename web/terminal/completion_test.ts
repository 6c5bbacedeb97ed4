/**
 * Completion scripts from a small tree. The scripts of the real tree are run by
 * tests/live/cli_test.ts.
 * @module
 */

import assert from "node:assert/strict";
import type { CommandNode } from "./command_tree.ts";
import { SHELLS, writeCompletion } from "./completion.ts";

const LEAF: CommandNode = {
  name: "add",
  path: "extension add",
  description: "it's [new]: really",
  options: [
    {
      names: ["--data"],
      description: "where",
      value: "directory",
      choices: [],
    },
    {
      names: ["--level"],
      description: "how",
      value: "choice",
      choices: ["info", "debug"],
    },
    {
      names: ["--help", "-h"],
      description: "help",
      value: "none",
      choices: [],
    },
  ],
  arguments: [{ name: "file", description: "", value: "file", choices: [] }],
  commands: [],
};
const TREE: CommandNode = {
  name: "pbx",
  path: "",
  description: "",
  options: [],
  arguments: [],
  commands: [{
    name: "extension",
    path: "extension",
    description: "numbers",
    options: [],
    arguments: [],
    commands: [LEAF],
  }],
};

Deno.test("writeCompletion() names every command, option and choice for each shell", () => {
  for (const shell of SHELLS) {
    const script = writeCompletion(shell, TREE);
    for (const word of ["extension", "add", "data", "level", "info", "debug"]) {
      assert.match(script, new RegExp(`\\b${word}\\b`), `${shell}: ${word}`);
    }
  }
});

Deno.test("writeCompletion() escapes descriptions as the shell asks for", () => {
  assert.match(
    writeCompletion("zsh", TREE),
    /'add:it'\\''s \[new\]\\: really'/,
  );
  assert.match(writeCompletion("fish", TREE), /-d 'it\\'s \[new\]: really'/);
});
