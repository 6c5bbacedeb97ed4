/**
 * Completion for zsh: one function for each command, on `_arguments` and `_describe` of zsh's own
 * completion system.
 * @module
 */

import {
  type CommandNode,
  listCommands,
  type OptionNode,
  type ValueKind,
} from "./command_tree.ts";

/** Writes the script; it works as a file `_pbx` in `$fpath` and as text for `source`. */
export function completeZsh(root: CommandNode): string {
  const functions = listCommands(root).map((command) =>
    zshFunction(root, command)
  ).join("\n");
  return `#compdef ${root.name}
# zsh completion for ${root.name}: source <(${root.name} completion zsh)

${functions}
if [[ \${funcstack[1]} == _${root.name} ]]; then
  _${root.name} "$@"
else
  compdef _${root.name} ${root.name}
fi
`;
}

function zshFunction(root: CommandNode, command: CommandNode): string {
  const specs = command.options.flatMap(optionSpecs);
  const name = functionName(root, command);
  if (command.commands.length === 0) {
    command.arguments.forEach((argument) => {
      specs.push(
        quote(
          `:${escape(argument.name)}:${
            valueAction(argument.value, argument.choices)
          }`,
        ),
      );
    });
    return `${name}() {\n  _arguments -s ${specs.join(" \\\n    ")}\n}\n`;
  }
  specs.push(quote("1: :->command"), quote("*:: :->rest"));
  const rows = command.commands.map((child) =>
    quote(`${child.name}:${child.description.replaceAll(":", "\\:")}`)
  );
  const branches = command.commands.map((child) =>
    `      ${child.name}) ${functionName(root, child)} ;;`
  );
  return `${name}() {
  local context state line
  local -A opt_args
  _arguments -C -s ${specs.join(" \\\n    ")}
  case $state in
    command)
      local -a commands=(
        ${rows.join("\n        ")}
      )
      _describe command commands ;;
    rest)
      case $line[1] in
  ${branches.join("\n  ")}
      esac ;;
  esac
}
`;
}

function functionName(root: CommandNode, command: CommandNode): string {
  return `_${
    [root.name, ...command.path.split(" ")].filter((part) => part !== "").join(
      "_",
    )
  }`;
}

function optionSpecs(option: OptionNode): string[] {
  const description = `[${escape(option.description)}]`;
  const value = option.value === "none"
    ? ""
    : `:${option.names[0]!.replace(/^--/, "")}:${
      valueAction(option.value, option.choices)
    }`;
  return option.names.map((name) => quote(`*${name}${description}${value}`));
}

function valueAction(value: ValueKind, choices: readonly string[]): string {
  switch (value) {
    case "choice":
      return `(${choices.join(" ")})`;
    case "file":
      return "_files";
    case "directory":
      return "_files -/";
    default:
      return "";
  }
}

function escape(text: string): string {
  return text.replace(/[\[\]:\\]/g, "\\$&");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
