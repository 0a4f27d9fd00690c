import { Command, CommanderError } from "commander";
import { InterruptedError, UsageError } from "../src/index.js";
import { addApply } from "./commands/apply.js";
import { addApprove } from "./commands/approve.js";
import { addCheck } from "./commands/check.js";
import { addCompletion } from "./commands/completion.js";
import { addDemo } from "./commands/demo.js";
import { addExplain } from "./commands/explain.js";
import { addInit } from "./commands/init.js";
import { addPlan } from "./commands/plan.js";
import type { Runner } from "./commands/register.js";
import { addRehearse } from "./commands/rehearse.js";
import { addReport } from "./commands/report.js";
import { addResolve } from "./commands/resolve.js";
import { addReview, isTerminal, reviewCommand, withoutTerminal } from "./commands/review.js";
import { addTimeline } from "./commands/timeline.js";
import { addVerify } from "./commands/verify.js";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.js";
import { helpTables } from "./reference/help-tables.js";
import { errorText } from "./show-error.js";
import type { Terminal } from "./terminal.js";
import { version } from "./version.js";

const intro = `pgmend mends a damaged PostgreSQL database without losing what happened since.

It compares three databases (pre: before the incident, post: after it, current: the live one), \
works out what the incident did, and writes a SQL patch to review and run, with a report of every conflict it would not decide.`;

/** Runs the program with these words. Never throws: the exit code and stderr say what happened. */
export async function runProgram(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = makeProgram({
    terminal,
    run: async (command) => {
      code = await command();
    },
  });
  try {
    await program.parseAsync([...words], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const shown = whatToTell(error, terminal);
    terminal.err.write(errorText(shown));
    return exitCodeOf(shown);
  }
}

/** The commands with their flags and words; `runner` is what runs them. */
export function makeProgram(runner: Runner): Command {
  const { out } = runner.terminal;
  const program = new Command("pgmend")
    .description(intro)
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText("after", helpTables())
    // What commander would print about a mistake is printed with all other mistakes.
    .configureOutput({ writeOut: (text) => out.write(text), writeErr: () => undefined });
  addInit(program, runner);
  addCheck(program, runner);
  addTimeline(program, runner);
  addPlan(program, runner);
  addExplain(program, runner);
  addRehearse(program, runner);
  addApprove(program, runner);
  addApply(program, runner);
  addResolve(program, runner);
  addReview(program, runner);
  addReport(program, runner);
  addVerify(program, runner);
  addDemo(program, runner);
  addCompletion(program, runner);
  const known = program.commands.map((command) => command.name()).join(", ");
  program
    .usage("COMMAND [options]")
    .argument("[command]")
    .action((word: string | undefined) => {
      if (word === undefined && isTerminal(runner.terminal))
        return runner.run(() => reviewCommand([], undefined, {}, runner.terminal));
      const what =
        word === undefined
          ? "there is no terminal for the screens that it opens alone: say what to do"
          : `there is no command "${word}"`;
      throw new UsageError(
        [{ where: "pgmend", what: `${what}; known are ${known}` }],
        `${word === undefined ? `${withoutTerminal}; ` : ""}pgmend --help says more`,
      );
    });
  return program;
}

function whatToTell(error: unknown, { signal }: Terminal): unknown {
  if (error instanceof InterruptedError) return error;
  // Interrupting ends whatever was under way, each in its own words; none of them is news.
  if (signal.aborted) return new InterruptedError();
  return error instanceof CommanderError ? asUsageError(error) : error;
}

function asUsageError({ message }: CommanderError): UsageError {
  return new UsageError(
    [{ where: "pgmend", what: message.replace(/^error: /, "") }],
    "pgmend --help and pgmend COMMAND --help list what there is",
  );
}
