import { join } from "node:path";
import type { Command } from "commander";
import {
  type ConnectionTarget,
  type Decided,
  listConflicts,
  number,
  openPlanStore,
  plural,
  recoveryFiles,
  summaryText,
} from "../../src/index.js";
import { type ExitCode, exitCodeOfPlan } from "../exit-codes.js";
import { planFile } from "../files.js";
import { decideInFolder } from "../resolve/decide-in-folder.js";
import { finishMove } from "../resolve/finish-move.js";
import { resolveFolder } from "../resolve/resolve-folder.js";
import { parseResolveRequest, type ResolveFlags, type ResolveRequest } from "../settings/resolve-request.js";
import { type Terminal, talkOptions } from "../terminal.js";
import { type OnFolder, onFolder } from "./on-folder.js";
import { addCommonFlags, type CommonFlags, type Runner } from "./register.js";

interface Flags extends ResolveFlags, CommonFlags {
  readonly current?: string;
}

const examples = `
Examples:
  $ pgmend resolve --list --table device
  $ pgmend resolve --table device --column release --where 'current.release IS NULL' --take incoming --reason 'never set'
  $ pgmend resolve --conflict c5abe12fca2616d79 --value 'release="17"' --value note=null
  $ pgmend resolve --from conflicts.csv        # edited in a spreadsheet; - reads standard input
  $ pgmend resolve --table device --reopen

--take current keeps what current has in the cells in conflict; the cells of the row that merged cleanly are written.
Filters mean what is open; --conflict means that conflict, decided or not. A value is a JSON text, or null for NULL.
In the file: resolution is current, incoming, base or value; blank leaves the conflict as it is. Of several lines of
one conflict each decides its cell. One bad line, and nothing is taken.

Then constraints are checked again, and patch.sql, rollback.sql and the reports are written anew. Rows are not looked up
again: what moved since the plan is found by the guards of the patch. A plan made long ago is better made anew:
pgmend plan --overwrite takes over the decisions whose rows are still the same.

Exit codes: 0 nothing is open, 1 it failed, 2 asked wrongly (nothing was decided), 3 something is still open.`;

export function addResolve(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("resolve [folder]")
    .description("decide by filter, or from an edited conflicts.csv")
    .option("--where <sql>", "conflicts for which this holds, over the rows pre, post and current")
    .option("--table <glob...>", "conflicts in these tables")
    .option("--column <glob...>", "conflicts in one of these columns")
    .option("--kind <kind...>", "conflicts of these kinds: update/update, foreign-key, …")
    .option("--tenant <name...>", "conflicts of these tenants")
    .option("--conflict <id...>", "these conflicts")
    .option("--take <version>", "the version that wins: current, incoming, base")
    .option("--value <column=json...>", 'values of your own: column="text", or column=null')
    .option("--from <file>", "decide as an edited conflicts.csv says")
    .option("--reopen", "withdraw decisions: these conflicts are open again")
    .option("--list", "only show the conflicts, open and decided (--json: as in conflicts.jsonl)")
    .option("--reason <text>", "why, for whoever reads it later")
    .option("--by <name>", "who decides (default: the user of the operating system)")
    .option("--replace", "decide anew what is decided already, by others, too")
    .option("--dry-run", "check everything, and only say what would be decided")
    .option("--current <url>", "the live database (or PGMEND_CURRENT); only read")
    .addHelpText("after", examples);
  addCommonFlags(command).action((folder: string | undefined, flags: Flags) =>
    run(() => resolveCommand(command, folder, flags, terminal)),
  );
}

async function resolveCommand(
  command: Command,
  named: string | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const talk = talkOptions(terminal, flags);
  const asked = await onFolder(command, { folder: named }, flags, terminal);
  const request = parseResolveRequest(flags, terminal.env, asked.mistakes);
  const current = connectionOf(request, asked);
  asked.refuseMistakes();
  const folder = asked.path;
  await finishMove(folder);
  const tell = (text: string) => talk.quiet || terminal.err.write(`${text}\n`);
  const json = flags.json === true;
  const { action } = request;
  if (action.kind === "list") return list(folder, request, current, json, terminal);
  if (action.kind !== "write") {
    const decided = await decideInFolder(folder, { ...request, action }, current, terminal);
    tell(decidedText(decided, request.dryRun));
    if (request.dryRun) return dryRun(folder, decided, json, terminal);
  }
  const summary = await resolveFolder({ folder, current }, terminal, talk);
  terminal.out.write(json ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary));
  return exitCodeOfPlan(summary);
}

async function list(
  folder: string,
  { filter }: ResolveRequest,
  current: ConnectionTarget,
  json: boolean,
  { out, signal }: Terminal,
): Promise<ExitCode> {
  const store = await openPlanStore(join(folder, planFile), { readOnly: true });
  try {
    const format = json ? "json" : "text";
    const { summary, text } = await listConflicts({ store, current, filter, format, signal });
    for await (const chunk of text) out.write(chunk);
    return exitCodeOfPlan(summary);
  } finally {
    await store.close();
  }
}

/** Nothing was decided: what is open is what was open before. */
async function dryRun(folder: string, decided: Decided, json: boolean, { out }: Terminal): Promise<ExitCode> {
  const store = await openPlanStore(join(folder, planFile), { readOnly: true });
  try {
    const { summary } = await recoveryFiles(store);
    if (json) out.write(`${JSON.stringify({ dryRun: true, ...decided }, null, 2)}\n`);
    return exitCodeOfPlan(summary);
  } finally {
    await store.close();
  }
}

function decidedText({ decided, unchanged, withdrawn }: Decided, dryRun: boolean): string {
  const done = (rows: number, what: string) =>
    `${number(rows)} ${plural(rows, "conflict")} ${dryRun ? "would be " : ""}${what}`;
  const parts = [
    ...(decided > 0 ? [done(decided, "decided")] : []),
    ...(withdrawn > 0 ? [done(withdrawn, "left open again")] : []),
    ...(unchanged > 0 ? [`${number(unchanged)} as decided before`] : []),
  ];
  return parts.length === 0 ? "No conflict is meant; nothing was decided." : `${parts.join(", ")}.`;
}

/** A list without `--where` asks nothing of a database. */
function connectionOf({ action, filter }: ResolveRequest, { url, target }: OnFolder): ConnectionTarget {
  const needed = action.kind !== "list" || filter.where !== undefined;
  return needed ? target("current") : { url: url("current") ?? "" };
}
