import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Story } from "../../sample-data/story.js";
import { UsageError } from "../../src/index.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { type Terminal, talkOptions } from "../terminal.js";
import { addCommonFlags, type Runner, unknownWords } from "./register.js";

interface Flags {
  readonly story?: string;
  readonly scale: number;
  readonly seed: number;
  readonly out: string;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** Loaded when it is told: whoever mends a database should not wait for sample data. */
const stories: Readonly<Record<string, () => Promise<Story>>> = {
  "device-unpinning": async () =>
    (await import("../../sample-data/device-unpinning/story.js")).deviceUnpinning,
  "truncate-cascade": async () =>
    (await import("../../sample-data/truncate-cascade/story.js")).truncateCascade,
};
const names = Object.keys(stories);

const examples = `
Examples:
  $ pgmend demo
  $ pgmend demo --story truncate-cascade
  $ pgmend demo --scale 25 --out big-demo

Exit code 0: the recovered database is, cell by cell, what it should have been. It needs no server of yours: one is
started for the demo, and gone when it ends. The recovery folder stays for reading.`;

export function addDemo(program: Command, { terminal, run }: Runner): void {
  const command = program
    .command("demo")
    .description("the whole story on an embedded PostgreSQL")
    .option("--story <name>", `which incident: ${names.join(", ")}`)
    .option("--scale <number>", "how large; 1 has 2 000 devices, or 3 400 issues", positive, 1)
    .option("--seed <number>", "another seed, another night", positive, 1)
    .option("--out <dir>", "where the recovery folder is left", "recovery-demo")
    .addHelpText("after", examples);
  addCommonFlags(command).action((flags: Flags) => run(() => demoCommand(command, flags, terminal)));
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number above 0");
  return value;
}

async function demoCommand(command: Command, flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const load = stories[flags.story ?? names[0] ?? ""];
  const mistakes = [...unknownWords(command, 0)];
  if (load === undefined) {
    mistakes.push({
      where: "--story",
      what: `there is no story "${flags.story}"; known are ${names.join(", ")}`,
    });
  }
  if (load === undefined || mistakes.length > 0) throw new UsageError(mistakes);
  const out = resolve(terminal.cwd, flags.out);
  const { tellStory } = await import("../demo/tell-story.js");
  const held = await tellStory(
    { story: await load(), out, scale: flags.scale, seed: flags.seed },
    terminal,
    talkOptions(terminal, flags),
  );
  return held ? exitCodes.done : exitCodes.failed;
}
