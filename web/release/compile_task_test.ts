/** @module */

import assert from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { MACHINES, readCompileTask, spellCompile } from "./compile_task.ts";

Deno.test("readCompileTask() takes the tasks of this project", () => {
  for (const [machine, { task }] of Object.entries(MACHINES)) {
    const text = (project.tasks as Record<string, string>)[task];
    const read = readCompileTask(text ?? "");
    assert.equal(read?.target, `${machine}-unknown-linux-gnu`);
    assert.deepEqual(read.entries, ["main.ts", "pbx/io/media_worker.ts"]);
    assert.ok(read.args.includes("--no-code-cache"));
    assert.ok(!read.args.includes("-o"));
  }
});

Deno.test("the tasks for both machines differ only in target and output", () => {
  const words = Object.entries(MACHINES).map(([machine, { task }]) =>
    readCompileTask((project.tasks as Record<string, string>)[task] ?? "")
      ?.args.map((word) => word.replace(machine, "MACHINE"))
  );
  assert.deepEqual(words[0], words[1]);
});

Deno.test("spellCompile() puts the output before the entry", () => {
  const task = readCompileTask("deno compile -A --target t -o dist/a main.ts");
  assert.deepEqual(
    spellCompile(task!, "/x y"),
    ["compile", "-A", "--target", "t", "-o", "/x y", "main.ts"],
  );
});

Deno.test("readCompileTask() refuses what is more than one plain command", () => {
  const cases = [
    "",
    "deno run main.ts",
    "deno compile --target t main.ts",
    "deno compile -o a main.ts",
    "deno compile --target t -o a",
    "deno compile --target t main.ts -o a",
    "deno compile --target t -o a -o b main.ts",
    "deno compile --target t -o a main.ts && rm -r x",
    "deno compile --target t -o $OUT main.ts",
    "deno compile --target t -o 'a b' main.ts",
    "X=1 deno compile --target t -o a main.ts",
  ];
  for (const task of cases) assert.equal(readCompileTask(task), null, task);
});
