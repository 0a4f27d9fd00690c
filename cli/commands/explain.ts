import { resolve } from "node:path";
import type { Command } from "commander";
import { explain, type Mistake, storyText, UsageError } from "../../src/index.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { openFolder } from "../resolve/open-folder.js";
import { tryFindConfig } from "../settings/find-config.js";
import { checkUrl, connectionUrl } from "../settings/parse-settings.js";
import type { ReadConfig } from "../settings/read-config.js";
import type { Terminal } from "../terminal.js";
import {
  addCommonFlags,
  addConnectionFlags,
  type CommonFlags,
  type Runner,
  unknownWords,
} from "./register.js";

interface Flags extends CommonFlags {
  readonly pre?: string;
  readonly post?: string;
  readonly current?: string;
}

const examples = `
Examples:
  $ pgmend explain public.device 42
  $ pgmend explain article '{"id":"7","lang":"en"}' recovery-2 --json
  $ pgmend explain article 7,en --current postgresql://…/live

Tells of one row what it was in each database, who changed it, its signature (docs/signatures.md), the rule that decided,
and what the patch does with it and why. Of databases that are named, it looks up what they have now.
Exit codes: 0 told, 1 it failed, 2 asked wrongly, or nobody knows of such a row.`;

export function addExplain(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("explain [table] [key] [folder]")
    .description("the story of one row: what happened to it, and what the plan does");
  addConnectionFlags(command).addHelpText("after", examples);
  addCommonFlags(command).action(
    (table: string | undefined, key: string | undefined, folder: string | undefined, flags: Flags) =>
      run(() => explainCommand(command, { table, key, folder }, flags, terminal)),
  );
}

interface Words {
  readonly table: string | undefined;
  readonly key: string | undefined;
  readonly folder: string | undefined;
}

async function explainCommand(
  command: Command,
  { table, key, folder }: Words,
  flags: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { env, cwd, signal, out } = terminal;
  const file = await tryFindConfig(flags.config, cwd, { env, profile: flags.profile });
  const mistakes: Mistake[] = [...unknownWords(command, 3), ...(file.mistakes ?? [])];
  const targets = targetsOf(flags, env, file, mistakes);
  if (table === undefined || key === undefined)
    mistakes.push({
      where: "pgmend explain",
      what: "expected a table and a key: pgmend explain public.device 42",
    });
  if (table === undefined || key === undefined || mistakes.length > 0)
    throw new UsageError(mistakes, "pgmend explain --help shows every flag with examples");
  const store = await openFolder(resolve(cwd, folder ?? file.config.out ?? "recovery"), { readOnly: true });
  try {
    const story = await explain({ store, table, key, targets, signal });
    out.write(flags.json === true ? `${JSON.stringify(story, null, 2)}\n` : storyText(story));
    return exitCodes.done;
  } finally {
    await store.close();
  }
}

function targetsOf(flags: Flags, env: Terminal["env"], file: ReadConfig, mistakes: Mistake[]) {
  const roles = (["pre", "post", "current"] as const).flatMap((role) => {
    const url = connectionUrl({ flags, env, file }, role);
    return url === undefined ? [] : [[role, checkUrl(role, url, mistakes)] as const];
  });
  return Object.fromEntries(roles);
}
