import { access } from "node:fs/promises";
import type { Command } from "commander";
import {
  type ApplyOptions,
  type ApplyPreview,
  type ApplyResult,
  apply,
  dryRun,
  InterruptedError,
  plural,
} from "../../src/index.js";
import { type ApplyFlags, parseApplyFlags } from "../apply/apply-flags.js";
import { applyText, batchText, previewText } from "../apply/apply-text.js";
import { askYes } from "../apply/ask.js";
import { type PauseKeys, pauseKeys } from "../apply/pause-keys.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { progressView } from "../progress-view.js";
import { openFolder } from "../resolve/open-folder.js";
import { type Talk, type Terminal, talkOptions } from "../terminal.js";
import { onFolder } from "./on-folder.js";
import { addCommonFlags, type Runner } from "./register.js";

const examples = `
Examples:
  $ pgmend apply --current postgresql://…/live --dry-run
  $ pgmend apply --current postgresql://…/live
  $ pgmend apply recovery --yes --on-drift skip --max-replication-lag 10s --json
  $ pgmend apply --tables 'public.device' --pause-file /tmp/hold
  $ pgmend apply --rollback --yes

Rows are written in small transactions, each row only if it still says what the plan saw. Whatever cuts it short, the
same command goes on where it ended. On a terminal, p pauses and goes on; Ctrl-C ends it after the batch at hand.

Exit codes: 0 done, 1 it failed or an invariant does not hold, 2 asked wrongly, 3 done and the plan has open conflicts,
4 rows are no longer as planned and were left, 130 interrupted.`;

export function addApply(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("apply [folder]")
    .description("write the plan, in guarded batches, resumable; or take it back")
    .option("--current <url>", "the live database (or PGMEND_CURRENT)")
    .option("--rollback", "take back what was applied; what others changed since is kept and named")
    .option("--on-drift <policy>", "rows that have moved since the plan: stop, skip (default: stop)")
    .option("--tables <glob...>", "only rows of these tables; what needs other rows is left")
    .option(
      "--tenant <name...>",
      "only rows of these tenants, as the plan tells them; what needs other rows is left",
    )
    .option("--dry-run", "list the batches, and change nothing")
    .option("--yes", "do not ask")
    .option("--require-approval", "refuse what was not signed with pgmend approve (config: requireApproval)")
    .option("--allow-other-database", "another database than the one the plan was made for: a clone")
    .option("--batch-rows <n>", "rows of a batch at most (default: 2000)")
    .option("--lock-timeout <time>", "give way to others after this long (default: 100ms)")
    .option("--reconnect-for <time>", "try so long when the connection is lost (default: 1min)")
    .option("--max-replication-lag <time>", "pause while a standby is further behind")
    .option("--max-active <n>", "pause while more sessions are at work")
    .option("--pause-file <file>", "pause while this file exists")
    .addHelpText("after", examples);
  addCommonFlags(command).action((folder: string | undefined, flags: ApplyFlags) =>
    run(() => applyCommand(command, folder, flags, terminal)),
  );
}

async function applyCommand(
  command: Command,
  folder: string | undefined,
  flags: ApplyFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const talk = talkOptions(terminal, flags);
  const asked = await onFolder(command, { folder }, flags, terminal);
  const { file, mistakes } = asked;
  const current = asked.target("current");
  const { onDrift, limits, maxReplicationLag, maxActive } = parseApplyFlags(flags, mistakes);
  const isDry = flags.dryRun === true;
  if (!isDry && flags.yes !== true && terminal.input.isTTY !== true)
    mistakes.push({
      where: "--yes",
      what: "nobody can be asked here: say --yes to write, or --dry-run to look",
    });
  asked.refuseMistakes();
  const store = await openFolder(asked.path, { readOnly: isDry });
  const keys = pauseKeysUnless(isDry, terminal);
  const progress = progressView(terminal, talk);
  const options: ApplyOptions = {
    ...{ store, current, onDrift, limits, direction: flags.rollback === true ? "rollback" : "patch" },
    selection: { tables: flags.tables, tenants: flags.tenant },
    allowOtherDatabase: flags.allowOtherDatabase === true,
    requireApproval: flags.requireApproval === true || file.config.requireApproval === true,
    pauses: { maxReplicationLag, maxActive, asked: () => askedToPause(flags, keys) },
    confirm: (preview) => confirmed(preview, flags, terminal, talk, keys),
    ...{ onProgress: progress.show, signal: terminal.signal },
  };
  try {
    if (isDry) return await tellBatches(options, flags, terminal);
    const result = await apply(options);
    progress.end();
    if (result === undefined) throw new InterruptedError();
    return tell(result, flags, terminal, talk);
  } finally {
    progress.end();
    keys.close();
    await store.close();
  }
}

/** The keyboard is taken once the question is answered. */
interface LateKeys extends PauseKeys {
  listen(): void;
}

function pauseKeysUnless(isDry: boolean, terminal: Terminal): LateKeys {
  let keys: PauseKeys | undefined;
  return {
    listen: () => {
      if (!isDry) keys = pauseKeys(terminal);
    },
    paused: () => keys?.paused() ?? false,
    close: () => keys?.close(),
  };
}

async function askedToPause({ pauseFile }: ApplyFlags, keys: PauseKeys): Promise<string | undefined> {
  if (keys.paused()) return "paused; p goes on";
  if (pauseFile === undefined) return undefined;
  const isThere = await access(pauseFile).then(
    () => true,
    () => false,
  );
  return isThere ? `${pauseFile} exists (--pause-file)` : undefined;
}

async function confirmed(
  preview: ApplyPreview,
  { yes }: ApplyFlags,
  terminal: Terminal,
  { quiet }: Talk,
  keys: LateKeys,
): Promise<boolean> {
  if (!quiet || yes !== true) terminal.err.write(previewText(preview));
  const verb = preview.direction === "patch" ? "Write them" : "Take them back";
  const isYes = yes === true || (await askYes(terminal, `${verb}?`));
  if (isYes) keys.listen();
  return isYes;
}

async function tellBatches(
  options: ApplyOptions,
  { json }: ApplyFlags,
  { out }: Terminal,
): Promise<ExitCode> {
  let batches = 0;
  for await (const batch of dryRun(options)) {
    batches += 1;
    out.write(json === true ? `${JSON.stringify(batch)}\n` : batchText(batch));
  }
  if (batches === 0 && json !== true) out.write("Nothing is left to be written.\n");
  return exitCodes.done;
}

function tell(result: ApplyResult, { json }: ApplyFlags, terminal: Terminal, { quiet }: Talk): ExitCode {
  const { out, err } = terminal;
  out.write(json === true ? `${JSON.stringify(result, null, 2)}\n` : applyText(result));
  const say = (text: string) => (quiet ? undefined : err.write(`${text}\n`));
  if (result.invariants.some(({ holds }) => !holds)) {
    err.write("error: the plan is written, and an invariant does not hold\n");
    err.write("hint: look at these rows now; pgmend apply --rollback takes the whole recovery back\n");
    return exitCodes.failed;
  }
  if (result.moved + result.waits > 0) {
    if (result.stopped)
      say(
        "Stopped: nothing of that batch was written. The rest: the same command with --on-drift skip. These rows: plan them again with pgmend plan --only-drifted FOLDER.",
      );
    else say("Plan the rows that were left again: pgmend plan --only-drifted FOLDER.");
    return exitCodes.drift;
  }
  if (result.direction === "rollback" || result.openInPlan === 0) return exitCodes.done;
  say(
    `All that was planned is written; ${result.openInPlan} ${plural(result.openInPlan, "conflict")} of the plan are open.`,
  );
  return exitCodes.open;
}
