import { resolve } from "node:path";
import type { Command } from "commander";
import { builtInStrategies } from "../../merge-strategies/index.js";
import { type Mistake, type PlanSettings, timelineFile, UsageError } from "../../src/index.js";
import type { ExitCode } from "../exit-codes.js";
import { tryFindConfig } from "../settings/find-config.js";
import { loadStrategies } from "../settings/load-strategy.js";
import { connectionUrl, parseSettings } from "../settings/parse-settings.js";
import type { ReadConfig } from "../settings/read-config.js";
import { userName } from "../settings/user-name.js";
import { type Terminal, talkOptions } from "../terminal.js";
import { timelineIn } from "../timeline/read-timeline.js";
import type { ScanRequest } from "../tui/effects/desk.js";
import { addCommonFlags, type CommonFlags, type Runner, unknownWords } from "./register.js";

interface Flags extends CommonFlags {
  readonly pre?: string;
  readonly post?: string;
  readonly current?: string;
  readonly mode?: string;
  readonly plain?: boolean;
  readonly by?: string;
  readonly timeline?: string;
}

const examples = `
Examples:
  $ pgmend review                     the plan in ./recovery, or, without one, the screens that make it
  $ pgmend review recovery-2 --current postgresql://…/live
  $ pgmend review --plain             without a screen: sentences and numbered choices

? lists the keys of each screen; docs/keys.md lists all of them. What is decided is saved at once. Nothing is written to a
database before its name is typed; --current says where, and the plan must have been made for it.
Exit codes: 0 nothing is open, 1 it failed, 2 asked wrongly or no terminal, 3 something is open, 130 interrupted.`;

export function addReview(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("review [folder]")
    .description("terminal UI: make a plan, decide its conflicts, write the patch, apply and verify it")
    .option("--pre <url>", "the database from before the incident (or PGMEND_PRE)")
    .option("--post <url>", "from after it (or PGMEND_POST)")
    .option("--current <url>", "the live database (or PGMEND_CURRENT)")
    .option("--mode <mode>", "undo or replay")
    .option("--by <name>", "who decides and signs (default: the user of this machine)")
    .option("--timeline <file>", "what pgmend timeline wrote (default: timeline.json in the recovery folder)")
    .option("--plain", "no screen: text, numbered choices, no cursor movement")
    .addHelpText("after", examples);
  addCommonFlags(command).action((folder: string | undefined, flags: Flags) =>
    run(() => reviewCommand(unknownWords(command, 1), folder, flags, terminal)),
  );
}

/** @param folder the recovery folder; the usual one where none is named */
export async function reviewCommand(
  mistakes: readonly Mistake[],
  folder: string | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { input, out, env, cwd } = terminal;
  const file = await tryFindConfig(flags.config, cwd, { env, profile: flags.profile });
  const wrong = [...mistakes, ...modeMistakes(flags.mode), ...(file.mistakes ?? [])];
  if (!isTerminal(terminal)) throw new UsageError([...wrong, noTerminal], withoutTerminal);
  if (wrong.length > 0) throw new UsageError(wrong);
  const modules = await loadStrategies({ flags: {}, file, cwd });
  const url = (role: "pre" | "post" | "current") => connectionUrl({ flags, env, file }, role) ?? "";
  // Whoever only lists commands should not wait for React.
  const { runReview } = await import("../tui/run-review.js");
  return runReview({
    folder: folder ?? file.config.out ?? "recovery",
    urls: { pre: url("pre"), post: url("post"), current: url("current") },
    mode:
      flags.mode === "replay" || (flags.mode === undefined && file.config.mode === "replay")
        ? "replay"
        : "undo",
    settingsFor: (request) => settingsFor(request, file, modules),
    by: flags.by ?? userName() ?? "pgmend review",
    needsApproval: file.config.requireApproval === true,
    timeline: timelineOf(flags, terminal),
    plain: flags.plain === true,
    color: talkOptions({ ...terminal, err: { isTTY: true } as Terminal["err"] }, flags).color,
    terminal,
    input: input as NodeJS.ReadStream,
    out: out as NodeJS.WriteStream,
  });
}

function timelineOf({ timeline }: Flags, { cwd }: Terminal): string | undefined {
  if (timeline === undefined || timelineIn(resolve(cwd, timeline)) !== undefined) return timeline;
  const what = `there is no ${timelineFile} at ${timeline}`;
  throw new UsageError([{ where: "--timeline", what }], "pgmend timeline --out DIR writes one");
}

export function isTerminal({ input, out }: Terminal): boolean {
  return input.isTTY === true && out.isTTY === true;
}

const noTerminal: Mistake = { where: "pgmend review", what: "needs a terminal, to type in and to show" };
/** What to use instead. */
export const withoutTerminal =
  "without one: pgmend plan makes the plan, pgmend resolve decides conflicts by filter or from conflicts.csv";

function modeMistakes(mode: string | undefined): readonly Mistake[] {
  if (mode === undefined || mode === "undo" || mode === "replay") return [];
  return [{ where: "--mode", what: `"${mode}" is none of undo, replay` }];
}

/** What was typed on the connect screen, with everything else from the config. */
function settingsFor(
  { urls, mode }: ScanRequest,
  file: ReadConfig,
  modules: Awaited<ReturnType<typeof loadStrategies>>,
): PlanSettings {
  const { pre, post, current } = urls;
  const { connections: _, ...config } = file.config;
  const flags = { pre, current, mode, ...(post === "" ? {} : { post }) };
  return parseSettings({ flags, env: {}, file: { ...file, config }, strategies: builtInStrategies, modules });
}
