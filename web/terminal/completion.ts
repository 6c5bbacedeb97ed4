/**
 * The completion script of a shell, made from the command tree.
 * @module
 */

import type { CommandNode } from "./command_tree.ts";
import { completeBash } from "./completion_bash.ts";
import { completeFish } from "./completion_fish.ts";
import { completeZsh } from "./completion_zsh.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type ShellName = (typeof SHELLS)[number];

/** Writes the script. */
export function writeCompletion(shell: ShellName, root: CommandNode): string {
  switch (shell) {
    case "bash":
      return completeBash(root);
    case "zsh":
      return completeZsh(root);
    case "fish":
      return completeFish(root);
  }
}
