/**
 * The command line as plain values, read from the commands themselves, so that completion can
 * never know another set of options than the program.
 * @module
 */

/** What stands behind an option or in the place of an argument. */
export type ValueKind = "none" | "file" | "directory" | "choice" | "text";

/** One option. */
export interface OptionNode {
  /** With its dashes, the long form; the short form follows where there is one. */
  readonly names: readonly string[];
  readonly description: string;
  readonly value: ValueKind;
  readonly choices: readonly string[];
}

/** One argument. */
export interface ArgumentNode {
  readonly name: string;
  readonly description: string;
  readonly value: ValueKind;
  readonly choices: readonly string[];
}

/** One command with everything under it. */
export interface CommandNode {
  readonly name: string;
  /** The names from the top, without the program's own: `extension add`. */
  readonly path: string;
  readonly description: string;
  readonly options: readonly OptionNode[];
  readonly arguments: readonly ArgumentNode[];
  readonly commands: readonly CommandNode[];
}

/** The part of commander's `Command` that is read here. */
export interface CommandLike {
  name(): string;
  description(): string;
  readonly commands: readonly CommandLike[];
  readonly registeredArguments: readonly {
    name(): string;
    readonly description: string;
    readonly argChoices?: string[] | undefined;
  }[];
  createHelp(): {
    visibleOptions(command: never): {
      readonly flags: string;
      readonly description: string;
      readonly short?: string | undefined;
      readonly long?: string | undefined;
      readonly argChoices?: string[] | undefined;
    }[];
    visibleCommands(command: never): CommandLike[];
  };
}

/** Reads a command and everything under it; commander's own `help` included. */
export function describeCommand(
  command: CommandLike,
  parentPath: string | null = null,
): CommandNode {
  const help = command.createHelp();
  const path = parentPath === null
    ? ""
    : `${parentPath} ${command.name()}`.trim();
  return {
    name: command.name(),
    path,
    description: command.description(),
    options: help.visibleOptions(command as never).map((option) => ({
      names: [option.long, option.short].filter((name) => name !== undefined),
      description: option.description,
      value: kindOf(/[<[](.+)[>\]]/.exec(option.flags)?.[1], option.argChoices),
      choices: option.argChoices ?? [],
    })),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      description: argument.description,
      value: kindOf(argument.name(), argument.argChoices),
      choices: argument.argChoices ?? [],
    })),
    commands: help.visibleCommands(command as never).map((child) =>
      describeCommand(child, path)
    ),
  };
}

/** Every command from the top down. */
export function listCommands(root: CommandNode): CommandNode[] {
  return [root, ...root.commands.flatMap(listCommands)];
}

function kindOf(
  placeholder: string | undefined,
  choices: readonly string[] | undefined,
): ValueKind {
  if (placeholder === undefined) return "none";
  if (choices !== undefined) return "choice";
  if (/^file\b/i.test(placeholder)) return "file";
  if (/^dir\b/i.test(placeholder)) return "directory";
  return "text";
}
