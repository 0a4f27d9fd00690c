import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import { deviceUnpinning } from "../../../sample-data/device-unpinning/story.js";
import type { PlayedStory } from "../../../sample-data/story.js";
import { type Decision, openPlanStore } from "../../../src/index.js";
import { createDatabase, databaseUrl } from "../../support/database.js";
import { copyOf, filesOf, resolved } from "../../support/decide.js";
import { makePlan, type Planned, readLines } from "../../support/incident.js";
import { Program } from "../../support/program.js";
import { nameOf, runPatch } from "../../support/recovery.js";
import { agreeTo, expectScreen, startReview } from "../../support/review.js";
import { whileLocked } from "../../support/sessions.js";
import { hasTmux, type Tmux } from "../../support/tmux.js";

/** The program in a real terminal, by the keys that a person presses. */
const LIMIT = 180_000;
let played: PlayedStory;
let program: Program;
let planned: Planned;
let terminal: Tmux;

describe.skipIf(!hasTmux)("pgmend review in a terminal (skipped without tmux, which is the terminal)", () => {
  beforeAll(async () => {
    program = new Program();
    played = await deviceUnpinning.play({ url: databaseUrl, scale: 0.2, seed: 3, onStep: () => undefined });
    planned = await makePlan({ ...played, mode: "undo" }, { config: deviceUnpinning.config });
  }, LIMIT);

  afterEach(() => terminal.close());

  it("from the first screen to a verified database, by keys alone", { timeout: LIMIT }, async () => {
    const patient = await createDatabase("patient", played.current);
    const folder = open(80, 24, undefined, { PGMEND_CURRENT: patient });
    await terminal.until("Three databases tell");
    terminal.keys("Enter");
    await terminal.until(/Overview[\s\S]*public\.device /);
    terminal.keys("Enter");
    await shows("groups", /update\/update[\s\S]*u undo/);
    terminal.keys("Enter");
    await shows("rows", /1 of \d+ rows[\s\S]*> \d/);
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
    await shows("decided", /0 open, \d+ decided[\s\S]*: all decided/);
    terminal.keys("p");
    await terminal.until(/not written yet[\s\S]*-- pgmend patch/);
    terminal.keys("m");
    await terminal.until("not in the patch yet");
    terminal.keys("w");
    await terminal.until("written into");
    await recover(patient);
    terminal.keys("q");
    expect(await terminal.exitCode()).toBe(0);
    expect(await compareDatabases(patient, played.truth)).toEqual([]);
    const byHand = await createDatabase("patient", played.current);
    const ran = await runPatch(join(folder, "patch.sql"), byHand, { pgmend_database: nameOf(byHand) });
    expect(ran.exitCode).toBe(0);
    expect(await compareDatabases(byHand, played.truth)).toEqual([]);
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
    await terminal.kill();
    const decided = (await decisionsIn(folder)).length;
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

  it("shows no password that is typed without a screen", { timeout: LIMIT }, async () => {
    open(80, 24, undefined, { PGMEND_PRE: "" }, ["--plain"]);
    await terminal.until("enter to compare");
    terminal.type("pre postgresql://ann:geheim@db/before");
    await terminal.until("pre postgresql://ann:****************");
    terminal.keys("Enter");
    await terminal.until(/ann:\*+@db\/before/);
    terminal.type("esc");
    terminal.keys("Enter");
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.screen()).not.toContain("geheim");
  });

  it("comes to the same files, byte by byte, as flags and a spreadsheet do", { timeout: LIMIT }, async () => {
    const [byKeys, byFlags, byCsv] = [copyOf(planned), copyOf(planned), copyOf(planned)];
    const column = "is_pinned_on__release";
    const conflicts = readLines(planned.folder, "conflicts.jsonl");
    const [one, two, three] = conflicts.filter(({ kind }) => kind === "update/update");
    const incoming = (two?.["incoming"] ?? {}) as Readonly<Record<string, string>>;
    const value = incoming[column] ?? "";
    const reason = "=ticket 7, größer";

    open(80, 24, byKeys.folder);
    await terminal.until("Overview");
    terminal.keys("Enter");
    await terminal.until("update/update");
    terminal.keys("r");
    terminal.type(reason);
    terminal.keys("Enter");
    await terminal.until("decisions give this reason");
    terminal.keys("j");
    await terminal.until(/^> .*delete\/update/m);
    terminal.keys("c");
    await terminal.until("✓ 1 conflict: take current");
    terminal.keys("g");
    await terminal.until(/^> .*update\/update/m);
    terminal.keys("Enter");
    await terminal.until(/1 of 3 rows[\s\S]*> \d/);
    terminal.keys("Enter");
    await terminal.until("(1 of 3)");
    await terminal.until("The incident changed");
    terminal.keys("i");
    await terminal.until("✓ incoming decided by ann");
    terminal.keys("n");
    await terminal.until(/\(2 of 3\)[\s\S]*\n +open /);
    terminal.keys("e", "C-u");
    terminal.type(value);
    terminal.keys("Enter");
    await terminal.until(/✓ value .* decided by ann/);
    terminal.keys("n");
    await terminal.until(/\(3 of 3\)[\s\S]*\n +open /);
    terminal.keys("b");
    await terminal.until("✓ base decided by ann");
    terminal.keys("p");
    await terminal.until("-- pgmend patch");
    terminal.keys("w");
    await terminal.until("written into");
    terminal.keys("q");
    expect(await terminal.exitCode()).toBe(0);

    for (const words of [
      ["--kind", "delete/update", "--take", "current"],
      ["--conflict", id(one), "--take", "incoming"],
      ["--conflict", id(two), "--value", `${column}=${JSON.stringify(value)}`],
      ["--conflict", id(three), "--take", "base"],
    ]) {
      await resolved(played, byFlags, [...words, "--reason", reason]);
    }

    const cells: Readonly<Record<string, string>> = {
      [id(one)]: "incoming,",
      [id(two)]: `value,"""${value}"""`,
      [id(three)]: "base,",
    };
    const [headings, ...lines] = readFileSync(join(planned.folder, "conflicts.csv"), "utf8")
      .trimEnd()
      .split("\n");
    const filled = lines.map(
      (line) => `${line.replace(/,,,$/, "")},${cells[line.split(",")[0] ?? ""] ?? "current,"},"${reason}"`,
    );
    await resolved(played, byCsv, ["--from", "-"], [headings, ...filled].join("\n"));

    expect(filesOf(byKeys)).toEqual(filesOf(byFlags));
    expect(filesOf(byCsv)).toEqual(filesOf(byFlags));
    expect(filesOf(byFlags)["patch.sql"]).not.toBe(filesOf(planned)["patch.sql"]);
  });

  it("killed at any moment, keeps every decision that it had said is saved", { timeout: LIMIT }, async () => {
    const { folder } = copyOf(planned);
    const keys = readLines(folder, "conflicts.jsonl").map(({ key }) => (key as { id: string }).id);
    /** By key: what the screen said is decided. */
    const told = new Map<string, string>();
    for (let round = 0; round < 10; round += 1) {
      open(80, 24, folder);
      await terminal.until("Overview");
      terminal.keys("a");
      await terminal.until("update/update");
      terminal.keys("v");
      await terminal.until(/1 of \d+ rows[\s\S]*> \d/);
      const later = Math.round(Math.random() * 900);
      const { pid } = terminal;
      const underWay = await decideUntilKilled(later, keys, told);
      await terminal.killed(pid);
      const saved = new Map(
        (await decisionsIn(folder)).map(({ key, resolution }) => [key["id"], resolution]),
      );
      // What nobody was told of yet is there, or is not.
      if (saved.get(underWay.key) === underWay.word) told.set(underWay.key, underWay.word);
      expect([...saved].sort(), `killed after ${later} ms`).toEqual([...told].sort());
    }
    expect(told.size).toBeGreaterThan(0);
  });
});

/** From the written patch to the verified database: rehearsed, signed, held up by others, written and looked at. */
async function recover(patient: string): Promise<void> {
  terminal.keys("m");
  await shows("mend", /0 of \d+ rows? written/, patient);
  terminal.keys("r");
  await terminal.until("on current itself");
  terminal.keys("Enter");
  await shows("rehearsed", /would be written; all of it was rolled back[\s\S]*Locks/);
  terminal.keys("a");
  await terminal.until("nobody has approved");
  terminal.keys("Enter");
  await terminal.until("what was looked at");
  terminal.type("the patch, the rehearsal");
  terminal.keys("Enter");
  await shows("approved", "signed by ann,");
  terminal.keys("x");
  await shows("asked", `type ${nameOf(patient)}`, patient);
  terminal.type("yes");
  terminal.keys("Enter");
  await terminal.until(`that is not ${nameOf(patient)}`);
  terminal.keys("Escape");
  await terminal.until("nothing was written");
  await whileLocked(patient, "public.device", () => pauseAndStop(patient));
  await agreeTo(terminal, "x", patient);
  await terminal.until("v verifies all of it");
  terminal.keys("v");
  await shows("verified", "✓ verified: all");
  terminal.keys("Escape");
  await shows("mended", "verified: all", patient);
}

/** While somebody holds the table: it gives way, is paused, goes on, and is stopped. */
async function pauseAndStop(patient: string): Promise<void> {
  await agreeTo(terminal, "x", patient);
  await terminal.until(/gave way to others (once|[1-9]\d* times), /);
  terminal.keys("q");
  await terminal.until("s stops after the batch at hand");
  terminal.keys("p");
  await terminal.until("waiting: paused; p goes on");
  terminal.keys("p");
  await terminal.until("in the way of others");
  terminal.keys("s");
  await shows("stopped", /stopped: 0.* rows written; x goes on/);
}

interface Pressed {
  readonly key: string;
  readonly word: string;
}

/** Decides row after row, otherwise than before, and kills the program after so many milliseconds. @returns what was pressed last */
async function decideUntilKilled(
  later: number,
  keys: readonly string[],
  told: Map<string, string>,
): Promise<Pressed> {
  const { pid } = terminal;
  let isKilled = false;
  const kill = () => {
    isKilled = true;
    process.kill(pid, "SIGKILL");
  };
  setTimeout(kill, later);
  for (let at = 0; ; at = (at + 1) % keys.length) {
    const key = keys[at] ?? "";
    const word = told.get(key) === "incoming" ? "current" : "incoming";
    terminal.keys(...(at === 0 ? ["g"] : ["j"]), word.charAt(0));
    const isTold = new RegExp(`^> ${key} .*✓ ${word}`, "m");
    while (!isTold.test(terminal.screen())) {
      if (isKilled) return { key, word };
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    told.set(key, word);
  }
}

const id = (conflict: Readonly<Record<string, unknown>> | undefined): string =>
  String(conflict?.["conflict"]);

/** @returns the recovery folder */
function open(
  columns: number,
  rows: number,
  folder?: string,
  env: Readonly<Record<string, string>> = {},
  words: readonly string[] = [],
): string {
  const there = folder === undefined ? {} : { folder };
  const { config } = deviceUnpinning;
  const sitting = startReview({ program, played, config, size: [columns, rows], env, words, ...there });
  terminal = sitting.terminal;
  return sitting.folder;
}

/** The screen, once it says so, kept beside the test to be looked at. */
const shows = (name: string, text: string | RegExp, database?: string): Promise<void> =>
  expectScreen(terminal, name, text, database);

async function decisionsIn(folder: string): Promise<readonly Decision[]> {
  const store = await openPlanStore(join(folder, "plan.duckdb"), { readOnly: true });
  const decided: Decision[] = [];
  for await (const batch of store.decisions()) decided.push(...batch);
  await store.close();
  return decided;
}
