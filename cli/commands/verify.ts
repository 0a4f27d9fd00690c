import type { Command } from "commander";
import { verify } from "../../src/index.js";
import { isVerified, verifyText } from "../apply/verify-text.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { openFolder } from "../resolve/open-folder.js";
import { type Terminal, talkOptions } from "../terminal.js";
import { onFolder } from "./on-folder.js";
import { addCommonFlags, type CommonFlags, type Runner } from "./register.js";

interface Flags extends CommonFlags {
  readonly current?: string;
}

const examples = `
Examples:
  $ pgmend verify --current postgresql://…/live
  $ pgmend verify recovery-2 --json

Exit codes: 0 every planned row is as planned, every invariant holds and every sequence is where it should be, 1 it
failed, 2 asked wrongly, 4 some are not.`;

export function addVerify(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("verify [folder]")
    .description("is current what the plan says")
    .option("--current <url>", "the live database (or PGMEND_CURRENT)")
    .addHelpText("after", examples);
  addCommonFlags(command).action((folder: string | undefined, flags: Flags) =>
    run(() => verifyCommand(command, folder, flags, terminal)),
  );
}

async function verifyCommand(
  command: Command,
  folder: string | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const talk = talkOptions(terminal, flags);
  const asked = await onFolder(command, { folder }, flags, terminal);
  const current = asked.target("current");
  asked.refuseMistakes();
  const store = await openFolder(asked.path, { readOnly: true });
  try {
    const result = await verify({ store, current, signal: terminal.signal });
    terminal.out.write(flags.json === true ? `${JSON.stringify(result, null, 2)}\n` : verifyText(result));
    if (!talk.quiet && result.notWritten > 0 && result.asPlanned === 0) {
      terminal.err.write(
        "The patch has not been applied: pgmend apply, or psql -X -v ON_ERROR_STOP=1 -f patch.sql DATABASE\n",
      );
    }
    return isVerified(result) ? exitCodes.done : exitCodes.drift;
  } finally {
    await store.close();
  }
}
