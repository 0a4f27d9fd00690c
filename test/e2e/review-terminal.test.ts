import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import { deviceUnpinning } from "../../sample-data/device-unpinning/story.js";
import type { PlayedStory } from "../../sample-data/story.js";
import { openPlanStore } from "../../src/index.js";
import { createDatabase, databaseUrl } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { Program } from "../support/program.js";
import { nameOf, runPatch } from "../support/recovery.js";
import { hasTmux, Tmux } from "../support/tmux.js";

/** The program in a real terminal, by the keys that a person presses. */
const LIMIT = 180_000;
let played: PlayedStory;
let program: Program;
let terminal: Tmux;

describe.skipIf(!hasTmux)("pgmend review in a terminal (skipped without tmux, which is the terminal)", () => {
  beforeAll(async () => {
    program = new Program();
    played = await deviceUnpinning.play({ url: databaseUrl, scale: 0.2, seed: 3, onStep: () => undefined });
  }, LIMIT);

  afterEach(() => terminal.close());

  it("from the first screen to a patch that mends the database", { timeout: LIMIT }, async () => {
    const folder = open(80, 24);
    await terminal.until("Three databases tell");
    terminal.keys("Enter");
    await terminal.until(/Overview[\s\S]*public\.device /);
    terminal.keys("Enter");
    await shows("groups", /update\/update[\s\S]*u undo/);
    terminal.keys("Enter");
    await shows("rows", /1 of \d+ rows/);
    terminal.keys("Enter");
    await shows("row", "The incident changed is_pinned_on__release");
    terminal.keys("i");
    await terminal.until("✓ incoming decided by");
    terminal.keys("u");
    await terminal.until("taken back");
    terminal.keys("Escape");
    await terminal.until(/1 of \d+ rows/);
    terminal.keys("Escape");
    await terminal.until("what happened to which column");
    // People set these pins after the incident: in all of them current is right.
    terminal.keys("C");
    await shows("decided", /0 open, \d+ decided/);
    terminal.keys("p");
    await terminal.until(/not written yet[\s\S]*-- pgmend patch/);
    terminal.keys("w");
    await terminal.until("written into");
    terminal.keys("q");
    expect(await terminal.exitCode()).toBe(0);
    const patient = await createDatabase("patient", played.current);
    const ran = await runPatch(join(folder, "patch.sql"), patient, { pgmend_database: nameOf(patient) });
    expect(ran.exitCode).toBe(0);
    expect(await compareDatabases(patient, played.truth)).toEqual([]);
  });

  it("keeps what was decided when it is killed, and goes on from there", { timeout: LIMIT }, async () => {
    const folder = open(120, 40);
    await terminal.until("Three databases tell");
    terminal.keys("Enter");
    await terminal.until(/Overview[\s\S]*public\.device /);
    terminal.keys("Enter");
    await terminal.until("update/update");
    terminal.keys("c");
    await terminal.until("takes it back");
    process.kill(terminal.pid, "SIGKILL");
    await terminal.exitCode();
    terminal.close();
    const decided = await decisionsIn(folder);
    expect(decided).toBeGreaterThan(0);
    open(80, 24, folder);
    await terminal.until(`${decided} decided`);
    terminal.keys("q");
    expect(await terminal.exitCode()).toBe(3);
  });

  it("follows the terminal when its size changes, and leaves it as it was", { timeout: LIMIT }, async () => {
    open(80, 24);
    await terminal.until("Three databases tell");
    terminal.resize(60, 15);
    await terminal.until(/─{58}\n/);
    terminal.resize(200, 50);
    const screen = await terminal.until(/─{198}\n/);
    expect(screen.match(/Three databases tell/g)).toHaveLength(1);
    terminal.keys("C-c");
    expect(await terminal.exitCode()).toBe(130);
    expect(terminal.screen()).not.toContain("Three databases");
  });

  it("says what is wrong beside the field", { timeout: LIMIT }, async () => {
    open(80, 24, undefined, { PGMEND_PRE: `${played.pre}_gone` });
    await terminal.until("Three databases tell");
    terminal.keys("Enter");
    const screen = await terminal.until("there is no database");
    expect(screen).not.toContain(new URL(played.pre).password);
  });
});

/** @returns the recovery folder */
function open(
  columns: number,
  rows: number,
  folder?: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const cwd = folder === undefined ? newFolder() : join(folder, "..");
  writeFileSync(join(cwd, "pgmend.yaml"), deviceUnpinning.config);
  const { pre, post, current } = played;
  const urls = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current, ...env };
  terminal = new Tmux({
    columns,
    rows,
    cwd,
    env: { ...urls, HOME: cwd },
    command: program.command(["review"]),
  });
  const started = terminal;
  onTestFinished(() => started.close());
  return join(cwd, "recovery");
}

/** The screen, once it says so, kept beside the test to be looked at. */
async function shows(name: string, text: string | RegExp): Promise<void> {
  const screen = await terminal.until(text);
  await expect(screen).toMatchFileSnapshot(join(import.meta.dirname, "review-screens", `${name}.txt`));
}

async function decisionsIn(folder: string): Promise<number> {
  const store = await openPlanStore(join(folder, "plan.duckdb"), { readOnly: true });
  let decided = 0;
  for await (const batch of store.decisions()) decided += batch.length;
  await store.close();
  return decided;
}
