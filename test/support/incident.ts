import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Summary } from "../../src/index.js";
import { createDatabase, type Place, query, shareServer } from "./database.js";
import { newFolder } from "./folder.js";
import { pgmend, type Run } from "./program.js";

/** What happened, told in SQL. Each part goes on from what was there before it. */
export interface Story {
  /** Schema and rows from before the incident. */
  readonly pre: string;
  /** What happened in the window: the incident, and people's work meanwhile. */
  readonly post?: string;
  /** What happened since: on a copy of `post`, or in mode replay of `pre`. */
  readonly current?: string;
  readonly mode?: "undo" | "replay";
}

export interface Databases {
  readonly pre: string;
  readonly post: string;
  readonly current: string;
  readonly mode: "undo" | "replay";
}

/**
 * Plays the story: three databases, each a physical copy of the one it goes on from. On servers of their own, where
 * there is nothing to copy, each is told all of it.
 */
export async function play({ pre, post = "", current = "", mode = "undo" }: Story): Promise<Databases> {
  const before = await tell("pre", undefined, [pre]);
  const after = await tell("post", before, [post]);
  const now = await tell("current", mode === "undo" ? after : before, [current]);
  return { pre: before.url, post: after.url, current: now.url, mode };
}

interface Told {
  readonly place: Place;
  readonly url: string;
  readonly sql: readonly string[];
}

async function tell(place: Place, origin: Told | undefined, more: readonly string[]): Promise<Told> {
  const copied = origin !== undefined && shareServer(place, origin.place);
  const url = await createDatabase(place, copied ? origin.url : undefined, place);
  const sql = [...(origin?.sql ?? []), ...more];
  for (const part of copied ? more : sql) await query(url, part);
  return { place, url, sql };
}

export interface Wishes {
  /** The content of pgmend.yaml. */
  readonly config?: string;
  readonly words?: readonly string[];
}

export interface Planned extends Run {
  /** The recovery folder. */
  readonly folder: string;
  readonly summary: Summary;
}

/** `pgmend plan`, as a person would run it in a folder of its own. */
export async function makePlan(databases: Databases, wishes: Wishes = {}): Promise<Planned> {
  const cwd = newFolder();
  const { pre, post, current, mode } = databases;
  writeFileSync(join(cwd, "pgmend.yaml"), wishes.config ?? "");
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  const words = ["plan", "--json", "--mode", mode, ...(wishes.words ?? [])];
  const run = await pgmend(words, { cwd, env });
  if (run.exitCode !== 0 && run.exitCode !== 3)
    throw new Error(`plan: exit code ${run.exitCode}\n${run.stderr}`);
  return { ...run, folder: join(cwd, "recovery"), summary: JSON.parse(run.stdout) as Summary };
}

/** The lines of a `.jsonl` file of the recovery folder. */
export function readLines(folder: string, name: string): readonly Record<string, unknown>[] {
  const lines = readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
