import { type Command, Option } from "commander";
import { type Mistake, UsageError } from "../../src/index.js";
import type { ExitCode } from "../exit-codes.js";
import type { Terminal } from "../terminal.js";

/** Hands a command its terminal and takes its exit code. */
export interface Runner {
  readonly terminal: Terminal;
  run(command: () => Promise<ExitCode>): Promise<void>;
}

/** What `addCommonFlags` hands to every command. */
export interface CommonFlags {
  readonly config?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** Flags every command has. */
export function addCommonFlags(command: Command): Command {
  return command
    .option("--config <file>", "settings to start from (default: pgmend.yaml, where there is one)")
    .option("--profile <name>", "a profile of the config, laid over its settings (for drills)")
    .option("--json", "print the summary as JSON on stdout, and nothing else there")
    .option("--quiet", "say nothing but errors on stderr")
    .addOption(new Option("--no-color", "no colours (NO_COLOR does the same)"))
    .allowUnknownOption()
    .allowExcessArguments();
}

/** The three databases. */
export function addConnectionFlags(command: Command): Command {
  return command
    .option("--pre <url>", "the database from before the incident (or PGMEND_PRE)")
    .option("--post <url>", "from after it (or PGMEND_POST); left out, current is read in its place")
    .option("--current <url>", "the live database (or PGMEND_CURRENT)");
}

/** Flags and words no one asked for: commander stops at the first, a person wants all of them. */
export function unknownWords(command: Command, expected: number): readonly Mistake[] {
  const known = command.options.flatMap((option) =>
    option.long === undefined || option.long === null ? [] : [option.long],
  );
  let words = 0;
  return command.args.flatMap((word) => {
    if (!word.startsWith("-")) {
      words += 1;
      return words <= expected ? [] : [{ where: word, what: "is not expected here" }];
    }
    const flag = word.split("=")[0] ?? word;
    const near = known.find((name) => name.startsWith(flag) || flag.startsWith(name));
    return [
      { where: flag, what: `there is no such flag${near === undefined ? "" : `; did you mean ${near}?`}` },
    ];
  });
}

/** Runs checks that each may find mistakes, and reports all of them together. */
export function collectMistakes<T>(found: readonly Mistake[], check: () => T): T {
  try {
    const result = check();
    if (found.length > 0) throw new UsageError(found);
    return result;
  } catch (error) {
    if (!(error instanceof UsageError) || found.length === 0) throw error;
    const more = error.mistakes.filter((mistake) => !found.includes(mistake));
    throw new UsageError([...found, ...more], error.hint);
  }
}
