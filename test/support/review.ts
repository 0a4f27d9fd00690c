import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { PlayedStory } from "../../sample-data/story.js";
import { newFolder } from "./folder.js";
import type { Program } from "./program.js";
import { nameOf } from "./recovery.js";
import { Tmux } from "./tmux.js";

interface Sitting {
  readonly program: Program;
  readonly played: Pick<PlayedStory, "pre" | "post" | "current">;
  /** The content of pgmend.yaml. */
  readonly config: string;
  /** Of the terminal; 80×24 where nothing is said. */
  readonly size?: readonly [columns: number, rows: number];
  /** A recovery folder that is there; without one the review begins with the three databases. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More words of the command. */
  readonly words?: readonly string[];
}

/** `pgmend review` by Ann in a terminal of its own, gone when the test is over. */
export function startReview({
  program,
  played,
  config,
  size = [80, 24],
  env = {},
  words = [],
  ...rest
}: Sitting): {
  readonly terminal: Tmux;
  readonly folder: string;
} {
  const cwd = rest.folder === undefined ? newFolder() : join(rest.folder, "..");
  writeFileSync(join(cwd, "pgmend.yaml"), config);
  const { pre, post, current } = played;
  const urls = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current, ...env };
  const [columns, rows] = size;
  const command = program.command(["review", "--by", "ann", ...words]);
  const terminal = new Tmux({ columns, rows, cwd, env: { ...urls, HOME: cwd }, command });
  onTestFinished(() => terminal.close());
  return { terminal, folder: join(cwd, "recovery") };
}

/**
 * The screen, once it says so, kept in `test/e2e/reviewing/review-screens` to be looked at. What is different each time is masked:
 * times, batches, fingerprints, and the database that is written to.
 */
export async function expectScreen(
  terminal: Tmux,
  name: string,
  text: string | RegExp,
  database?: string,
): Promise<void> {
  const screen = await terminal.until(text);
  const known = database === undefined ? screen : screen.replaceAll(nameOf(database), "live");
  const masked = known
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:5432")
    .replace(/\d[\d .]*(?= (ms|s|rows\/s)\b)/g, "#")
    .replace(/\d+ batches/g, "# batches")
    .replace(/(?<=transaction )\d+/g, "#")
    .replace(/(?<=fingerprint )[0-9a-f]{16}/g, "0123456789abcdef")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "2026-03-02 04:00:00");
  const file = join(import.meta.dirname, "..", "e2e", "reviewing", "review-screens", `${name}.txt`);
  await expect(masked).toMatchFileSnapshot(file);
}

/** Asks for a step that writes, and agrees by typing the name of the database. @param key x applies, z takes back */
export async function agreeTo(terminal: Tmux, key: "x" | "z", database: string): Promise<void> {
  terminal.keys(key);
  await terminal.until(`type ${nameOf(database)}`);
  terminal.type(nameOf(database));
  terminal.keys("Enter");
}
