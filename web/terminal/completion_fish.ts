/**
 * Completion for fish: one `complete` line for each command and option, under a condition that
 * compares the words before the cursor.
 * @module
 */

import {
  type CommandNode,
  listCommands,
  type ValueKind,
} from "./command_tree.ts";

/** Writes the script. */
export function completeFish(root: CommandNode): string {
  const commands = listCommands(root);
  const takers = new Set(
    commands.flatMap((command) =>
      command.options.filter((option) => option.value !== "none").flatMap((
        option,
      ) => option.names)
    ),
  );
  const known = commands.filter((command) => command.path !== "").map((
    command,
  ) => quote(command.path));
  const at = `__${root.name}_at`;
  return `# fish completion for ${root.name}: ${root.name} completion fish | source
function ${at}
  set -l path ""
  set -l takes_value 0
  for word in (commandline -opc)[2..]
    if test $takes_value = 1
      set takes_value 0
    else if contains -- $word ${[...takers].join(" ")}
      set takes_value 1
    else if contains -- (string trim -- "$path $word") ${known.join(" ")}
      set path (string trim -- "$path $word")
    end
  end
  test "$path" = "$argv[1]"
end
complete -c ${root.name} -f
${commands.map((command) => completeLines(root, command, at)).join("")}`;
}

function completeLines(
  root: CommandNode,
  command: CommandNode,
  at: string,
): string {
  const condition = `complete -c ${root.name} -n ${
    quote(`${at} ${quote(command.path)}`)
  }`;
  let out = "";
  for (const child of command.commands) {
    out += `${condition} -a ${child.name} -d ${quote(child.description)}\n`;
  }
  for (const argument of command.arguments) {
    const values = valueFlags(argument.value, argument.choices);
    if (values !== "") out += `${condition}${values.replace(" -r", "")}\n`;
  }
  for (const option of command.options) {
    const names = option.names.map((name) =>
      name.startsWith("--") ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`
    );
    const value = option.value === "none"
      ? ""
      : valueFlags(option.value, option.choices) || " -x";
    out += `${condition}${names.join("")}${value} -d ${
      quote(option.description)
    }\n`;
  }
  return out;
}

function valueFlags(value: ValueKind, choices: readonly string[]): string {
  switch (value) {
    case "choice":
      return ` -x -a ${quote(choices.join(" "))}`;
    case "file":
      return " -r -F";
    case "directory":
      return ` -x -a ${quote("(__fish_complete_directories)")}`;
    default:
      return "";
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
