import { resolve } from "node:path";
import type { Command } from "commander";
import {
  summarizeTimeline,
  type Timeline,
  type TimelineSummary,
  timeline,
  timelineFile,
  timelineFiles,
  timelineText,
  visible,
} from "../../src/index.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { NewFolder, writeFiles } from "../files.js";
import { progressView } from "../progress-view.js";
import { checkBeside, isRecoveryFolder, putBeside } from "../report/timeline-beside.js";
import { tryFindConfig } from "../settings/find-config.js";
import { parseTimelineSettings, type TimelineFlags } from "../settings/snapshot-settings.js";
import { type Terminal, talkOptions } from "../terminal.js";
import { version } from "../version.js";
import { addCommonFlags, type CommonFlags, collectMistakes, type Runner, unknownWords } from "./register.js";

interface Flags extends TimelineFlags, CommonFlags {
  readonly out?: string;
  readonly overwrite?: boolean;
}

const examples = `
Examples:
  $ pgmend timeline --snapshot 22:08=postgresql://…/t2208 --snapshot 22:12=postgresql://…/t2212 \\
      --snapshot 22:16=postgresql://…/t2216 --snapshot 22:20=postgresql://…/t2220
  $ pgmend timeline --config pgmend.yaml --out timeline      # snapshots: in the config
  $ pgmend timeline --config pgmend.yaml --out recovery      # beside a plan: pgmend report puts it into report.html
  $ pgmend timeline --snapshot before=… --snapshot after=… --tables 'public.*' --json > timeline.json

Labels are times (22:08, 22:08:30, 2019-09-23T22:08Z), which must rise, or names. Every snapshot is read once, over one
connection (--jobs N: over N), and nothing is written to any database. Passwords: in ~/.pgpass or PGPASSWORD.

Exit codes: 0 done, whether or not something is abnormal; 1 it failed; 2 asked wrongly; 3 done, but tables could not be
compared; 130 interrupted. docs/timeline.md says what counts as abnormal, and what --json prints.`;

export function addTimeline(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("timeline")
    .description("which interval between snapshots holds the incident")
    .option(
      "--snapshot <label=url...>",
      "a copy of the database from one moment; two at least, in their order",
    )
    .option("--tables <glob...>", "only these tables")
    .option("--exclude-tables <glob...>", "not these tables")
    .option("--redact <schema.table.column...>", "columns of which no value is shown")
    .option("--jobs <n>", "tables read at a time, over as many connections to each snapshot (default: 1)")
    .option(
      "--out <dir>",
      "write timeline.json and timeline.html into this new folder, or into a recovery folder",
    )
    .option("--overwrite", "replace a folder that an earlier timeline wrote")
    .addHelpText("after", examples);
  addCommonFlags(command).action((flags: Flags) => run(() => timelineCommand(command, flags, terminal)));
}

async function timelineCommand(command: Command, flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const talk = talkOptions(terminal, flags);
  const { cwd, env, signal } = terminal;
  const file = await tryFindConfig(flags.config, cwd, { env, profile: flags.profile });
  const settings = collectMistakes(unknownWords(command, 0), () => parseTimelineSettings(flags, file));
  // Before the long work: a folder that cannot be written is known now.
  const overwrite = flags.overwrite === true;
  const beside = flags.out !== undefined && (await isRecoveryFolder(resolve(cwd, flags.out)));
  if (flags.out !== undefined && beside) await checkBeside(resolve(cwd, flags.out), flags.out, overwrite);
  const folder =
    flags.out === undefined || beside
      ? undefined
      : await NewFolder.create(flags.out, { cwd, overwrite, kind: { name: "timeline", file: timelineFile } });
  const progress = progressView(terminal, talk);
  try {
    const found = await timeline({ settings, onProgress: progress.show, signal }).finally(progress.end);
    const summary = told(found, flags, terminal);
    if (folder !== undefined) {
      await writeFiles(folder.path, timelineFiles(summary), signal);
      await folder.commit();
    }
    if (beside) await putBeside(resolve(cwd, flags.out ?? ""), timelineFiles(summary), signal);
    const next = beside ? " pgmend report puts it into report.html." : "";
    if (flags.out !== undefined && !talk.quiet)
      terminal.err.write(`The timeline is in ${visible(flags.out)}.${next}\n`);
    return summary.open > 0 ? exitCodes.open : exitCodes.done;
  } catch (error) {
    await folder?.discard();
    throw error;
  }
}

function told(found: Timeline, flags: Flags, { out, env }: Terminal): TimelineSummary {
  const summary = summarizeTimeline(found, version);
  const noColor = flags.color === false || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const look = { width: out.columns ?? 80, color: out.isTTY === true && !noColor };
  out.write(flags.json === true ? `${JSON.stringify(summary, null, 2)}\n` : timelineText(summary, look));
  return summary;
}
