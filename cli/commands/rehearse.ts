import type { Command } from "commander";
import { plural, type RehearseResult, rehearse } from "../../src/index.js";
import { rehearseText } from "../apply/rehearse-text.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { progressView } from "../progress-view.js";
import { openFolder } from "../resolve/open-folder.js";
import { type Terminal, talkOptions } from "../terminal.js";
import { onFolder } from "./on-folder.js";
import { addCommonFlags, type CommonFlags, type Runner } from "./register.js";

interface Flags extends CommonFlags {
  readonly current?: string;
  readonly on?: string;
}

const examples = `
Examples:
  $ pgmend rehearse --on postgresql://…/clone-of-live
  $ pgmend rehearse recovery --current postgresql://…/live --json

One transaction that is always rolled back. Until then it holds the locks of the whole patch: others who want to write
the same rows wait for it. Where there is a clone, rehearse there. Sequences are not moved.

Exit codes: 0 all of it would be written, 1 it failed or an invariant would not hold, 2 asked wrongly, 3 the plan has
open conflicts, 4 rows are no longer as planned, 130 interrupted.`;

export function addRehearse(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("rehearse [folder]")
    .description("run the patch, check, roll back")
    .option("--current <url>", "the live database (or PGMEND_CURRENT)")
    .option("--on <url>", "a clone of it, to be gentle")
    .addHelpText("after", examples);
  addCommonFlags(command).action((folder: string | undefined, flags: Flags) =>
    run(() => rehearseCommand(command, folder, flags, terminal)),
  );
}

async function rehearseCommand(
  command: Command,
  folder: string | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const talk = talkOptions(terminal, flags);
  const asked = await onFolder(command, { folder }, flags, terminal);
  const current = asked.target("current", flags.on);
  asked.refuseMistakes();
  const store = await openFolder(asked.path, { readOnly: true });
  const progress = progressView(terminal, talk);
  try {
    const result = await rehearse({
      ...{ store, current, allowOtherDatabase: flags.on !== undefined },
      ...{ onProgress: progress.show, signal: terminal.signal },
    });
    progress.end();
    terminal.out.write(flags.json === true ? `${JSON.stringify(result, null, 2)}\n` : rehearseText(result));
    return exitCodeFor(result, talk.quiet ? () => undefined : (text) => terminal.err.write(`${text}\n`));
  } finally {
    progress.end();
    await store.close();
  }
}

function exitCodeFor(result: RehearseResult, say: (text: string) => void): ExitCode {
  // Of rows that are left, the invariant may be the victim: they come first.
  if (result.moved + result.waits > 0) return exitCodes.drift;
  if (result.invariants.after.some(({ holds }) => !holds)) {
    say("An invariant would not hold after the patch.");
    return exitCodes.failed;
  }
  if (result.openInPlan === 0) return exitCodes.done;
  say(
    `It would be written; ${result.openInPlan} ${plural(result.openInPlan, "conflict")} of the plan are open.`,
  );
  return exitCodes.open;
}
