import { resolve } from "node:path";
import type { Command } from "commander";
import { type Mistake, UsageError, verify } from "../../src/index.js";
import { isVerified, verifyText } from "../apply/verify-text.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { openFolder } from "../resolve/open-folder.js";
import { tryFindConfig } from "../settings/find-config.js";
import { checkUrl, connectionUrl } from "../settings/parse-settings.js";
import { type Terminal, talkOptions } from "../terminal.js";
import { addCommonFlags, type CommonFlags, type Runner, unknownWords } from "./register.js";

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
  const file = await tryFindConfig(flags.config, terminal.cwd, { env: terminal.env, profile: flags.profile });
  const mistakes: Mistake[] = [...unknownWords(command, 1), ...(file.mistakes ?? [])];
  const url = connectionUrl({ flags, env: terminal.env, file }, "current");
  const current = checkUrl("current", url, mistakes, file.mistakes !== undefined);
  if (mistakes.length > 0) {
    throw new UsageError(mistakes, "pgmend verify --help shows every flag with examples");
  }
  const path = resolve(terminal.cwd, folder ?? file.config.out ?? "recovery");
  const store = await openFolder(path, { readOnly: true });
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
