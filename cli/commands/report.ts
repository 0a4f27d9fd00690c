import { resolve } from "node:path";
import type { Command } from "commander";
import { type Mistake, number, plural, summaryText, visible } from "../../src/index.js";
import { type ExitCode, exitCodeOfPlan } from "../exit-codes.js";
import { copyReports, rewriteReports, type Written } from "../report/write-reports.js";
import { type Terminal, talkOptions } from "../terminal.js";
import { onFolder } from "./on-folder.js";
import { addCommonFlags, type CommonFlags, type Runner } from "./register.js";

interface Flags extends CommonFlags {
  readonly out?: string;
  readonly redact?: readonly string[];
}

const examples = `
Examples:
  $ pgmend report                     # report.html was deleted, or somebody wrote into it
  $ pgmend report recovery-2 --json
  $ pgmend report --redact 'public.person.email' 'billing.*.iban' --out for-the-vendor

Writes report.html, report.md, summary.json, conflicts.csv and all other lists again, from the plan alone: no database is
asked. patch.sql, rollback.sql, tenants/ and the plan stay as they are, and so do approvals. What was filled in in
conflicts.csv is lost with the file: hand it to pgmend resolve --from conflicts.csv first.

With --out the files are written into another folder, and those of the plan stay. --redact hides more columns there
than the plan does. Such a conflicts.csv is for reading: decide in the one beside the plan.

Exit codes: 0 written, nothing is open, 1 it failed, 2 asked wrongly (nothing was written), 3 written, something is open.`;

export function addReport(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("report [folder]")
    .description("write the reports again")
    .option("--out <dir>", "another folder for them, a new one (default: the recovery folder itself)")
    .option("--redact <schema.table.column...>", "with --out: columns of which they show marks, too")
    .addHelpText("after", examples);
  addCommonFlags(command).action((folder: string | undefined, flags: Flags) =>
    run(() => reportCommand(command, folder, flags, terminal)),
  );
}

async function reportCommand(
  command: Command,
  folder: string | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const talk = talkOptions(terminal, flags);
  const { path, mistakes, refuseMistakes } = await onFolder(command, { folder }, flags, terminal);
  mistakes.push(...redactedInPlace(flags));
  refuseMistakes();
  const { out, redact = [] } = flags;
  const written =
    out === undefined
      ? await rewriteReports(path, terminal)
      : await copyReports(path, { out, redact }, terminal);
  if (!talk.quiet) terminal.err.write(told(written, out === undefined ? path : resolve(terminal.cwd, out)));
  const { summary } = written;
  terminal.out.write(flags.json === true ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary));
  return exitCodeOfPlan(summary);
}

/** The next `resolve` would write the values again, and whoever hid them would not know. */
function redactedInPlace({ out, redact = [] }: Flags): readonly Mistake[] {
  if (redact.length === 0 || out !== undefined) return [];
  const what = "only for a copy: say where with --out; the files beside the plan hide what the plan hides";
  return [{ where: "--redact", what }];
}

function told({ files, waiting }: Written, folder: string): string {
  const wait =
    waiting === 0
      ? ""
      : `${number(waiting)} ${plural(waiting, "decision")} not in the patch yet, and so not in the reports: pgmend resolve\n`;
  return `${visible(folder)}: ${files.join(", ")}\n${wait}`;
}
