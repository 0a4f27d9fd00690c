import type { Command } from "commander";
import { explain, type Mistake, storyText } from "../../src/index.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { openFolder } from "../resolve/open-folder.js";
import type { Terminal } from "../terminal.js";
import { type OnFolder, onFolder } from "./on-folder.js";
import { addCommonFlags, addConnectionFlags, type CommonFlags, type Runner } from "./register.js";

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
  words: Words,
  flags: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { signal, out } = terminal;
  const asked = await onFolder(command, { folder: words.folder, words: 3 }, flags, terminal);
  const targets = targetsOf(asked);
  const { table, key } = rowOf(words, asked.mistakes);
  asked.refuseMistakes();
  const store = await openFolder(asked.path, { readOnly: true });
  try {
    const story = await explain({ store, table, key, targets, signal });
    out.write(flags.json === true ? `${JSON.stringify(story, null, 2)}\n` : storyText(story));
    return exitCodes.done;
  } finally {
    await store.close();
  }
}

function rowOf({ table, key }: Words, mistakes: Mistake[]) {
  if (table === undefined || key === undefined)
    mistakes.push({
      where: "pgmend explain",
      what: "expected a table and a key: pgmend explain public.device 42",
    });
  return { table: table ?? "", key: key ?? "" };
}

function targetsOf({ url, target }: OnFolder) {
  const named = (["pre", "post", "current"] as const).filter((role) => url(role) !== undefined);
  return Object.fromEntries(named.map((role) => [role, target(role)]));
}
