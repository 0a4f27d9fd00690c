import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { builtInStrategies } from "../../merge-strategies/index.js";
import {
  type CompareMethod,
  driftedKeys,
  type Mistake,
  openPlanStore,
  type PlanOptions,
  summaryText,
  UsageError,
} from "../../src/index.js";
import { type ExitCode, exitCodeOfPlan } from "../exit-codes.js";
import { planFile } from "../files.js";
import { makePlan } from "../make-plan.js";
import { tryFindConfig } from "../settings/find-config.js";
import { loadStrategies } from "../settings/load-strategy.js";
import { type PlanFlags, parseSettings } from "../settings/parse-settings.js";
import { postLogSource } from "../settings/post-log.js";
import { type Terminal, talkOptions } from "../terminal.js";
import {
  addCommonFlags,
  addConnectionFlags,
  type CommonFlags,
  collectMistakes,
  type Runner,
  unknownWords,
} from "./register.js";

interface Flags extends PlanFlags, CommonFlags {
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly postLog?: string;
  readonly onlyDrifted?: string;
  /** For tests and measurements: the plan is the same. */
  readonly method?: CompareMethod;
  readonly decisions?: string | boolean;
}

const compareMethods: readonly CompareMethod[] = ["digest", "stream", "lineage"];

const examples = `
Examples:
  $ pgmend plan --pre postgresql://…/before --post postgresql://…/after --current postgresql://…/live
  $ pgmend plan --config pgmend.yaml --out recovery
  $ pgmend plan --mode replay --exclude-tables 'public.integration*' --json > summary.json
  $ pgmend plan --mode replay --post-log actions.jsonl
  $ pgmend plan --only-drifted recovery --out recovery-2
  $ pgmend plan --strategy 'public.app.download_count=take-incoming'
  $ pgmend plan --profile drill --redact 'person.email' --overwrite
  $ pgmend plan --damage-signature S1,S3 --overwrite
  $ pgmend plan --between 22:16=postgresql://…/t2216 --between 22:20=postgresql://…/t2220 --damage-interval 22:16..22:20
  $ pgmend plan --config pgmend.yaml --tenant 4711 --tenant 4712 --out recovery-4711

Exit codes: 0 nothing is open, 1 it failed, 2 asked wrongly, 3 conflicts or tables are open, 130 interrupted.
Nothing is ever written to a database. Passwords: in ~/.pgpass, PGPASSWORD, or in PGMEND_PRE and its like.`;

export function addPlan(program: Command, { terminal, run }: Runner): void {
  const command = program.command("plan").description("compare, merge, write the recovery folder");
  addConnectionFlags(command)
    .option(
      "--mode <mode>",
      "undo the damage on current, or replay a lost window onto it: undo, replay (default: undo)",
    )
    .option("--post-log <file>", "mode replay: a change log in the place of post, as docs/post-log.md says")
    .option(
      "--between <label=url...>",
      "a snapshot from inside the window, again for each, in the order of time (docs/between.md)",
    )
    .option(
      "--damage-interval <from..to...>",
      "what changed between these two snapshots is damage; what did before or after it is people's work",
    )
    .option("--tables <glob...>", "only these tables")
    .option("--exclude-tables <glob...>", "not these tables")
    .option(
      "--damage <operations>",
      "mode undo: what counts as damage where no rule matches (default: update,delete)",
    )
    .option(
      "--damage-signature <ids>",
      "just the rows of these signatures (S1,S3: a plan names them) are damage, all others are people's work",
    )
    .option("--strategy <schema.table.column=name...>", `who wins a conflict: ${strategyNames()}, ./mine.js`)
    .option(
      "--granularity <unit>",
      "withhold a row in conflict whole, or write its clean cells: row, cell (default: row)",
    )
    .option("--triggers <policy>", "what triggers do while the patch writes: fire, disable (default: fire)")
    .option(
      "--only-drifted <folder>",
      "plan again only the rows that pgmend apply left in this folder's plan",
    )
    .option("--tenant <name...>", "only rows of these tenants (tenant: in the config says whose a row is)")
    .option("--patch-per-tenant", "a patch for each tenant, too, in tenants/ of the recovery folder")
    .option(
      "--jobs <n>",
      "tables compared at a time, over as many connections to pre and to post (default: 2)",
    )
    .option("--current-jobs <n>", "connections to current over which its rows are looked up (default: 1)")
    .option(
      "--no-lineage",
      "compare all rows by value, also where copies of one server are proven to share them",
    )
    .addOption(new Option("--method <method>").choices(compareMethods).hideHelp())
    .option("--redact <schema.table.column...>", "columns of which files show marks in the place of values")
    .option("--out <dir>", "the recovery folder (default: recovery)")
    .option("--overwrite", "replace a recovery folder that is there already")
    .option("--decisions <dir>", "reuse the decisions in this folder (default: in the one that is replaced)")
    .option("--no-decisions", "decide everything anew")
    .addHelpText("after", examples);
  addCommonFlags(command).action((flags: Flags) => run(() => planCommand(command, flags, terminal)));
}

function strategyNames(): string {
  return builtInStrategies.map(({ name }) => name).join(", ");
}

async function planCommand(command: Command, flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const talk = talkOptions(terminal, flags);
  const file = await tryFindConfig(flags.config, terminal.cwd, { env: terminal.env, profile: flags.profile });
  const modules = await loadStrategies({ flags, file, cwd: terminal.cwd });
  const found: Mistake[] = [...unknownWords(command, 0)];
  const postLog = postLogSource(flags.postLog, terminal.cwd, found);
  const settings = collectMistakes(found, () =>
    parseSettings({ flags, env: terminal.env, file, strategies: builtInStrategies, modules, postLog }),
  );
  const out = flags.out ?? file.config.out ?? "recovery";
  const only = await driftedIn(flags.onlyDrifted, terminal);
  // Commander knows a flag that has a negative as true where nobody gave it.
  const decisions = flags.decisions === true ? undefined : flags.decisions;
  const asked = { overwrite: flags.overwrite === true, decisions, method: flags.method };
  const request = { settings, out, ...asked, only };
  const summary = await makePlan(request, terminal, talk);
  terminal.out.write(flags.json === true ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary));
  if (!talk.quiet)
    terminal.err.write(`The recovery folder is ${out}. Nothing was written to any database.\n`);
  return exitCodeOfPlan(summary);
}

/** The rows that `apply` left, as the journal of that plan has them. */
async function driftedIn(folder: string | undefined, { cwd }: Terminal): Promise<PlanOptions["only"]> {
  if (folder === undefined) return undefined;
  const store = await openPlanStore(resolve(cwd, folder, planFile), { readOnly: true });
  try {
    const keys = await driftedKeys(store);
    if (keys.size > 0) return keys;
    const what = "its journal names no rows that were left";
    throw new UsageError([{ where: `--only-drifted ${folder}`, what }], "there is nothing to plan again");
  } finally {
    await store.close();
  }
}
