/**
 * Completion for bash: one function that finds the command from the words before the cursor.
 * Needs nothing but bash itself (no bash-completion package).
 * @module
 */

import {
  type CommandNode,
  listCommands,
  type OptionNode,
  type ValueKind,
} from "./command_tree.ts";

/** Writes the script. */
export function completeBash(root: CommandNode): string {
  const commands = listCommands(root);
  const paths = commands.filter((command) => command.path !== "").map((
    command,
  ) => `"${command.path}"`);
  const takers = commands.flatMap((command) =>
    command.options
      .filter((option) => option.value !== "none")
      .flatMap((option) =>
        option.names.map((name) => `"${command.path}:${name}"`)
      )
  );
  return `# bash completion for ${root.name}: eval "$(${root.name} completion bash)"
_${root.name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} path="" option="" word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == "=" ]]; then continue; fi
    if [[ -n $option ]]; then option=""; continue; fi
    case "$path:$word" in
      ${takers.join(" | ")}) option=$word; continue ;;
    esac
    case "\${path:+$path }$word" in
      ${paths.join(" | ")}) path="\${path:+$path }$word" ;;
    esac
  done
  if [[ $current == "=" ]]; then current=""; fi
  case "$path:$option" in
${optionBranches(commands)}  esac
  if [[ -n $option ]]; then return; fi
  case "$path" in
${commands.map(commandBranch).join("")}  esac
}
complete -F _${root.name} ${root.name}
`;
}

/** What may stand behind the options that take a value; one branch for all that take the same. */
function optionBranches(commands: readonly CommandNode[]): string {
  const patterns = new Map<string, string[]>();
  for (const command of commands) {
    for (const option of command.options) {
      const action = valueAction(option.value, option.choices);
      if (action === "") continue;
      const names = option.names.map((name) => `"${command.path}:${name}"`);
      patterns.set(action, [...patterns.get(action) ?? [], ...names]);
    }
  }
  return [...patterns].map(([action, names]) =>
    `    ${names.join(" | ")}) ${action}; return ;;\n`
  ).join("");
}

/** What may stand in the next place of a command. */
function commandBranch(command: CommandNode): string {
  const names = command.commands.map((child) => child.name);
  const options = command.options.flatMap((option: OptionNode) => option.names);
  const choices = command.arguments.flatMap((argument) => argument.choices);
  const takesFile = command.arguments.some((argument) =>
    argument.value === "file"
  );
  const words = [...names, ...choices];
  const plain = words.length > 0
    ? wordList(words)
    : takesFile
    ? valueAction("file", [])
    : "";
  const branches = [`if [[ $current == -* ]]; then ${wordList(options)}`];
  if (plain !== "") branches.push(`else ${plain}`);
  return `    "${command.path}") ${branches.join("; ")}; fi ;;\n`;
}

function valueAction(value: ValueKind, choices: readonly string[]): string {
  switch (value) {
    case "choice":
      return wordList(choices);
    case "file":
      return `compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current")`;
    case "directory":
      return `compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$current")`;
    default:
      return "";
  }
}

function wordList(words: readonly string[]): string {
  return `mapfile -t COMPREPLY < <(compgen -W "${
    words.join(" ")
  }" -- "$current")`;
}
