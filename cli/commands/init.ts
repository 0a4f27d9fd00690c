import { link, rename, rm, stat, writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { configYaml, draft, type Mistake } from "../../src/index.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { progressView } from "../progress-view.js";
import { findConfig } from "../settings/find-config.js";
import { type PlanFlags, parseSettings } from "../settings/parse-settings.js";
import { noConfig } from "../settings/read-config.js";
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
  readonly force?: boolean;
  readonly stdout?: boolean;
}

const examples = `
Examples:
  $ pgmend init --pre postgresql://…/before --post postgresql://…/after --current postgresql://…/live
  $ pgmend init --mode replay --out replay.yaml
  $ pgmend init --stdout | less

It sets what is plain, and suggests the rest in lines that are commented out. No password is written. A file that is
there already stays as it is, unless --force says otherwise.
Exit codes: 0 written, 1 it failed, 2 asked wrongly.`;

export function addInit(program: Command, { terminal, run }: Runner): void {
  const command = program.command("init").description("write pgmend.yaml from the databases");
  addConnectionFlags(command)
    .option("--mode <mode>", "undo or replay (default: undo)")
    .option("--out <file>", "the file to write (default: pgmend.yaml)")
    .option("--force", "replace a file that is there already")
    .option("--stdout", "print it, and write no file")
    .addHelpText("after", examples);
  addCommonFlags(command).action((flags: Flags) => run(() => initCommand(command, flags, terminal)));
}

async function initCommand(command: Command, flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const path = resolve(terminal.cwd, flags.out ?? "pgmend.yaml");
  const toFile = flags.stdout !== true && flags.json !== true;
  const mistakes = [...unknownWords(command, 0), ...(toFile ? await placeMistakes(path, flags) : [])];
  // Of a config that is named only the connections are taken: its settings may be what is to be replaced.
  const named =
    flags.config === undefined
      ? noConfig
      : await findConfig(flags.config, terminal.cwd, { env: terminal.env, profile: flags.profile });
  const { connections } = named.config;
  const file = { ...named, config: connections === undefined ? {} : { connections } };
  const settings = collectMistakes(mistakes, () =>
    parseSettings({ flags, env: terminal.env, file, strategies: [] }),
  );
  const talk = talkOptions(terminal, flags);
  const progress = progressView(terminal, talk);
  const { signal } = terminal;
  const found = await draft({ settings, onProgress: progress.show, signal }).finally(progress.end);
  const text =
    flags.json === true ? `${JSON.stringify(found, null, 2)}\n` : configYaml(found, new Date().toISOString());
  if (!toFile) {
    terminal.out.write(text);
    return exitCodes.done;
  }
  await writeWhole(path, text, flags.force === true);
  if (!talk.quiet) {
    terminal.err.write(`${relative(terminal.cwd, path)} is written. Read it, then: pgmend check\n`);
  }
  return exitCodes.done;
}

/** Before anybody is connected to: a file that is there stays. */
async function placeMistakes(path: string, { force, out }: Flags): Promise<readonly Mistake[]> {
  const where = `--out ${out ?? "pgmend.yaml"}`;
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return [];
  if (!there.isFile()) return [{ where, what: "is not a file" }];
  if (force === true) return [];
  return [
    {
      where,
      what: "exists already; --force replaces it, --stdout prints instead, --out FILE writes another",
    },
  ];
}

/** The file appears whole or not at all, and takes no other's place unasked. */
async function writeWhole(path: string, text: string, replace: boolean): Promise<void> {
  const partial = `${path}.partial-${process.pid}`;
  await writeFile(partial, text, { mode: 0o600, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    // Named as the person named it, not as we do on the way there.
    throw Object.assign(error, { path });
  });
  try {
    if (replace) await rename(partial, path);
    else await link(partial, path);
  } catch (error) {
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  } finally {
    await rm(partial, { force: true });
  }
}
