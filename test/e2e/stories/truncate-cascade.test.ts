import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import type { PlayedStory, Story } from "../../../sample-data/story.js";
import { truncateCascade, truncateCascadeUnexplained } from "../../../sample-data/truncate-cascade/story.js";
import { createDatabase, databaseUrl, query } from "../../support/database.js";
import { makePlan } from "../../support/incident.js";
import { nameOf, runPatch } from "../../support/recovery.js";
import { type Told, tellPlan } from "../../support/told-plan.js";
import { readConfig } from "../replay-by-hand/incident.js";
import type { Item } from "../replay-by-hand/item.js";
import { type Evidence, gather, type Replayed, replay } from "../replay-by-hand/replay.js";
import { readSnapshot, type Snapshot } from "../replay-by-hand/snapshot.js";
import { conflictsOf, differences, excludedOf, name, skippedOf, sorted } from "../replay-by-hand/tell.js";
import { countByTenant } from "../replay-by-hand/tenants.js";

/**
 * The story is consistent: its truth can be reached from its three snapshots by its rules. Shown without pgmend, by
 * replaying the lost window in memory, by hand (replay-by-hand/).
 */
const LIMIT = 90_000;
const SCALE = 0.35;
/** Tenants and actors cannot be told yet; they change no row. */
const config = truncateCascade.config.replace(/^tenant:\n.*\nactor:\n.*\n/m, "");
const roles = ["pre", "post", "current", "truth"] as const;
const truncated = ["document_content", "comment", "reaction", "notification", "favorite"];

let played: PlayedStory;
let evidence: Evidence;
let truth: Snapshot;
let replayed: Replayed;
const told: string[] = [];

beforeAll(async () => {
  played = await play(truncateCascade, "", 7, (text) => told.push(text));
  evidence = await gather(played);
  truth = await readSnapshot(played.truth);
  replayed = replay(evidence, readConfig(truncateCascade.config));
}, LIMIT);

describe("truncate cascade", () => {
  it("is the same story when told twice", { timeout: LIMIT }, async () => {
    const again = await play(truncateCascade, "again_", 7);
    for (const role of roles) {
      expect(await compareDatabases(played[role], again[role], { sequences: true })).toEqual([]);
    }
    const { conflicts, facts, replay: expected } = again;
    expect({ conflicts, facts, replay: expected }).toEqual({
      conflicts: played.conflicts,
      facts: played.facts,
      replay: played.replay,
    });
  });

  it("is another story with another seed", { timeout: LIMIT }, async () => {
    const other = await play(truncateCascade, "other_", 8);
    expect(await compareDatabases(played.pre, other.pre, { limit: 1 })).toHaveLength(1);
    const here = replay(await gather(other), readConfig(truncateCascade.config));
    expect(differences(here, await readSnapshot(other.truth))).toEqual([]);
    expect(conflictsOf(here.items)).toEqual(sorted(other.conflicts));
  });

  it("tells its turning points in order", () => {
    const times = told.map((text) => text.slice(0, 5));
    expect(times).toEqual("04:47 07:01 07:20 07:52 08:10 09:56 10:48 13:50 14:00 17:49".split(" "));
  });

  it("has every hard case", () => {
    const missing = Object.entries(played.facts).filter(([, count]) => !(count > 0));
    expect(missing).toEqual([]);
  });

  it("loses five tables to the cascade, and no other", () => {
    for (const { name, rows } of evidence.pre.tables.values()) {
      const left = [...rows.keys()].filter((key) => evidence.post.tables.get(name)?.rows.has(key)).length;
      const isTruncated = truncated.some((table) => name === `public.${table}`);
      expect(isTruncated ? left === 0 : left > rows.size / 2, `${left} rows left of ${name}`).toBe(true);
    }
  });

  it("can be replayed with its rules, to the last cell", () => {
    expect(differences(replayed, truth)).toEqual([]);
  });

  it("knows every conflict, and what causes it", () => {
    expect(conflictsOf(replayed.items)).toEqual(sorted(played.conflicts));
  });

  it("knows what is excluded, and what is skipped because of it", () => {
    expect(excludedOf(replayed.items)).toEqual(sorted(played.replay?.excluded ?? []));
    expect(skippedOf(replayed.items)).toEqual(sorted(played.replay?.skipped ?? []));
  });

  it("counts right, in all and by workspace", () => {
    const count = (outcome: Item["outcome"]) =>
      replayed.items.filter((item) => item.outcome === outcome).length;
    for (const outcome of ["apply", "already", "conflict", "kept", "excluded", "skipped"] as const) {
      expect(count(outcome), outcome).toBe(played.facts[outcome]);
    }
    const tenants = countByTenant(replayed.items, evidence);
    const expected = played.replay?.tenants ?? [];
    expect(tenants).toEqual(expected.toSorted((left, right) => (left.tenant < right.tenant ? -1 : 1)));
  });

  it("gives new keys past those of both databases, in the order of the old ones", () => {
    const returned = new Set(replayed.items.filter(({ outcome }) => outcome === "apply").map(name));
    const moved = [...replayed.keys].flatMap(([table, keys]) =>
      [...keys]
        .filter(([from]) => returned.has(name({ table, key: { id: from } })))
        .map(([from, to]) => ({ table, from: { id: from }, to: { id: to } })),
    );
    expect(moved).toEqual(played.replay?.rekeyed);
    for (const table of ["public.issue", "public.notification"]) {
      const last = Math.max(...moved.filter((row) => row.table === table).map(({ to }) => Number(to.id)));
      expect(truth.sequences.get(table)).toBe(last);
    }
  });

  it("does not care whether rows that stay away are given new keys", () => {
    const returned = new Set(replayed.items.filter(({ outcome }) => outcome === "apply").map(name));
    const config = readConfig(truncateCascade.config);
    const sparing = replay(evidence, config, (item) => returned.has(name(item)));
    expect(differences(sparing, truth)).toEqual([]);
    expect(conflictsOf(sparing.items)).toEqual(sorted(played.conflicts));
  });

  it("leaves everything as it is that was written since the restore", () => {
    const changed: string[] = [];
    for (const { name: table, rows } of evidence.current.tables.values()) {
      for (const [key, row] of rows) {
        const before = evidence.pre.tables.get(table)?.rows.get(key);
        const after = truth.tables.get(table)?.rows.get(key);
        const written = Object.keys(row).filter((column) => row[column] !== before?.[column]);
        const overwritten = written.filter((column) => row[column] !== after?.[column]);
        // The later of two counts, and subscribers of both sides, are combined.
        const others = overwritten.filter(
          (column) => !["subscriber_ids", "last_issue_number"].includes(column),
        );
        if (others.length > 0) changed.push(`${table} ${key} ${others.join()}`);
      }
    }
    expect(changed).toEqual([]);
  });

  it("brings back no deletion of the truncation", () => {
    for (const table of truncated.map((short) => `public.${short}`)) {
      const now = evidence.current.tables.get(table)?.rows.keys() ?? [];
      expect([...now].filter((key) => !truth.tables.get(table)?.rows.has(key))).toEqual([]);
    }
  });

  it("breaks no invariant of its config, and no constraint is switched off", async () => {
    const { invariants } = readConfig(truncateCascade.config);
    for (const role of ["pre", "current", "truth"] as const) {
      for (const { sql } of invariants) {
        expect(await query(played[role], `SET search_path = ''; ${sql}`), `${role}: ${sql}`).toEqual([]);
      }
      const unchecked = "SELECT conname FROM pg_constraint WHERE NOT convalidated";
      expect(await query(played[role], unchecked)).toEqual([]);
    }
  });

  it.each([0, 1, 2, 3, 4])("needs rule %i", (at) => {
    const config = readConfig(truncateCascade.config);
    const careless = { ...config, rules: config.rules.toSpliced(at, 1) };
    expect(outcomeOf(() => replay(evidence, careless))).not.toBe("the story's");
  });

  it.each([0, 1, 2, 3])("needs strategy %i", (at) => {
    const config = readConfig(truncateCascade.config);
    const careless = { ...config, strategies: config.strategies.toSpliced(at, 1) };
    expect(outcomeOf(() => replay(evidence, careless))).not.toBe("the story's");
  });
});

describe("pgmend plan of the truncate cascade", () => {
  let plan: Told;

  beforeAll(async () => {
    const { pre, post, current } = played;
    plan = tellPlan(await makePlan({ pre, post, current, mode: "replay" }, { config }));
  }, LIMIT);

  it("finds the conflicts of the story, with their columns and causes", () => {
    expect(sorted(plan.conflicts)).toEqual(sorted(played.conflicts));
  });

  it("finds what is excluded, and what is skipped because of it, with the causes", () => {
    expect(sorted(plan.excluded)).toEqual(sorted(played.replay?.excluded ?? []));
    const expected = played.replay?.skipped ?? [];
    const untold = new Set(expected.filter(({ cause }) => cause === undefined).map(name));
    // Where more than one chain is true the story tells none.
    const found = plan.skipped.map(({ cause, ...row }) => (untold.has(name(row)) ? row : { ...row, cause }));
    expect(sorted(found)).toEqual(sorted(expected));
  });

  it("writes a patch that makes the truth of current, and a rollback that takes it back", {
    timeout: LIMIT,
  }, async () => {
    const patient = await createDatabase("patient", played.current);
    const run = (file: string) =>
      runPatch(join(plan.folder, file), patient, { pgmend_database: nameOf(patient) });
    expect(await run("patch.sql")).toMatchObject({ exitCode: 0 });
    expect(await compareDatabases(patient, played.truth, { sequences: true })).toEqual([]);
    expect(await run("rollback.sql")).toMatchObject({ exitCode: 0 });
    expect(await compareDatabases(patient, played.current)).toEqual([]);
  });

  it("never calls skipped what is not, and the other way round", () => {
    const skips = new Set(plan.skipped.map(name));
    expect(plan.conflicts.filter((row) => skips.has(name(row)))).toEqual([]);
  });
});

describe("truncate cascade, unexplained", () => {
  it("ends the same, with every deletion of the truncation set aside", { timeout: LIMIT }, async () => {
    const unexplained = await play(truncateCascadeUnexplained, "unexplained_", 7);
    const { items, ...rest } = replay(evidence, readConfig(truncateCascadeUnexplained.config));
    expect(differences({ items, ...rest }, truth)).toEqual([]);
    expect(conflictsOf(items)).toEqual(sorted(unexplained.conflicts));
    const suspected = items.filter(({ conflict }) => conflict?.kind === "suspected-damage");
    expect(suspected.length).toBeGreaterThan((played.facts["rowsTruncated"] ?? 0) * 0.9);
    expect(await compareDatabases(unexplained.truth, played.truth)).toEqual([]);
  });
});

function play(story: Story, prefix: string, seed: number, onStep = (_: string) => {}): Promise<PlayedStory> {
  const url = (database: string) => databaseUrl(database === "postgres" ? database : `${prefix}${database}`);
  return story.play({ url, scale: SCALE, seed, onStep });
}

function outcomeOf(attempt: () => Replayed): string {
  try {
    const careless = attempt();
    const same =
      differences(careless, truth).length === 0 &&
      JSON.stringify(conflictsOf(careless.items)) === JSON.stringify(sorted(played.conflicts));
    return same ? "the story's" : "another";
  } catch (error) {
    return String(error);
  }
}
