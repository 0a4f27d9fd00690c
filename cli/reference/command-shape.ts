import type { Argument, Command, Option } from "commander";
import { flagWords } from "./flag-words.js";

/** What a flag or a word takes. */
export type Taken =
  | { readonly kind: "file" | "folder" | "text" }
  | { readonly kind: "words"; readonly words: readonly string[] };

export interface FlagShape {
  /** `--mode` */
  readonly name: string;
  /** As `--help` shows it: `--mode <mode>`. */
  readonly usage: string;
  readonly summary: string;
  /** Undefined where it takes nothing. */
  readonly takes: Taken | undefined;
  /** It may be given more than once, or take more than one value. */
  readonly repeats: boolean;
}

export interface CommandShape {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly flags: readonly FlagShape[];
  /** What its words may be, in order. */
  readonly words: readonly Taken[];
}

/** The commands as the program defines them, hidden flags left out: for completion and docs/cli.md. */
export function commandShapes(program: Command): readonly CommandShape[] {
  return program.commands.map((command) => ({
    name: command.name(),
    usage: [command.name(), ...command.registeredArguments.map(argumentUsage), "[options]"].join(" "),
    summary: command.description(),
    flags: command.options.filter(({ hidden }) => !hidden).map(flagShape),
    words: command.registeredArguments.map(wordShape),
  }));
}

function argumentUsage(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function flagShape(option: Option): FlagShape {
  const name = option.long ?? option.flags;
  return {
    name,
    usage: option.flags,
    summary: option.description + defaultText(option),
    takes: option.required || option.optional ? taken(name, option.flags) : undefined,
    repeats: option.variadic,
  };
}

/** Where the description does not say it already. */
function defaultText({ defaultValue, negate }: Option): string {
  return defaultValue === undefined || negate ? "" : ` (default: ${defaultValue})`;
}

function taken(name: string, flags: string): Taken {
  const words = flagWords[name];
  if (words !== undefined) return { kind: "words", words };
  if (/<file>/.test(flags)) return { kind: "file" };
  return { kind: /<(dir|folder)>/.test(flags) ? "folder" : "text" };
}

function wordShape(argument: Argument): Taken {
  if (argument.argChoices !== undefined) return { kind: "words", words: argument.argChoices };
  return { kind: argument.name() === "folder" ? "folder" : "text" };
}
