import type { Command } from "commander";
import { builtInStrategies } from "../../merge-strategies/index.js";
import { type CheckSummary, check, checkText, summarizeCheck } from "../../src/index.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { progressView } from "../progress-view.js";
import { tryFindConfig } from "../settings/find-config.js";
import { loadStrategies } from "../settings/load-strategy.js";
import { type PlanFlags, parseSettings } from "../settings/parse-settings.js";
import { type Terminal, talkOptions } from "../terminal.js";
import {
  addCommonFlags,
  addConnectionFlags,
  type CommonFlags,
  collectMistakes,
  type Runner,
  unknownWords,
} from "./register.js";

type Flags = PlanFlags & CommonFlags;

const examples = `
Examples:
  $ pgmend check --pre postgresql://…/before --post postgresql://…/after --current postgresql://…/live
  $ pgmend check --config pgmend.yaml --json

Exit codes: 0 ready to plan, 1 an error would stop a plan or the patch, 2 asked wrongly, 3 ready, but tables would
stay open because they cannot be compared. Takes seconds, writes nothing, and needs no more than plan does.`;

export function addCheck(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("check")
    .description("preflight: can these be compared, and current be mended?");
  addConnectionFlags(command)
    .option("--mode <mode>", "undo or replay (default: undo)")
    .option("--tables <glob...>", "only these tables")
    .option("--exclude-tables <glob...>", "not these tables")
    .option(
      "--triggers <policy>",
      "what triggers are to do while the patch writes: fire, disable (default: fire)",
    )
    .addHelpText("after", examples);
  addCommonFlags(command).action((flags: Flags) => run(() => checkCommand(command, flags, terminal)));
}

async function checkCommand(command: Command, flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const file = await tryFindConfig(flags.config, terminal.cwd, { env: terminal.env, profile: flags.profile });
  const modules = await loadStrategies({ flags, file, cwd: terminal.cwd });
  const settings = collectMistakes(unknownWords(command, 0), () =>
    parseSettings({ flags, env: terminal.env, file, strategies: builtInStrategies, modules }),
  );
  const progress = progressView(terminal, talkOptions(terminal, flags));
  const { signal } = terminal;
  const preflight = await check({ settings, onProgress: progress.show, signal }).finally(progress.end);
  const summary = summarizeCheck(preflight);
  terminal.out.write(flags.json === true ? `${JSON.stringify(summary, null, 2)}\n` : checkText(summary));
  return exitCodeFor(summary);
}

function exitCodeFor({ ready, open }: CheckSummary): ExitCode {
  if (!ready) return exitCodes.failed;
  return open > 0 ? exitCodes.open : exitCodes.done;
}
