import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import type { PlayedStory, TenantFigures } from "../../../sample-data/story.js";
import { truncateCascade } from "../../../sample-data/truncate-cascade/story.js";
import { createDatabase, databaseUrl } from "../../support/database.js";
import { makePlan, type Planned } from "../../support/incident.js";
import { nameOf, runPatch } from "../../support/recovery.js";

/** The story's workspaces are its tenants: half of its tables name them, the others are told by foreign keys. */
const LIMIT = 120_000;

let played: PlayedStory;
let plan: Planned;

beforeAll(async () => {
  played = await truncateCascade.play({ url: databaseUrl, scale: 0.35, seed: 7 });
  const wishes = { config: truncateCascade.config, words: ["--patch-per-tenant"] };
  plan = await makePlan({ ...played, mode: "replay" }, wishes);
}, LIMIT);

describe("truncate cascade by workspace", () => {
  it("counts what became of each workspace's rows as the story knows it", () => {
    const expected = played.replay?.tenants ?? [];
    expect(expected.length).toBeGreaterThan(10);
    expect(figuresOf(plan)).toEqual(sorted(expected));
  });

  it("counts each actor's rows, and all of them", () => {
    const [, ...lines] = readFileSync(join(plan.folder, "affected.csv"), "utf8").trim().split("\n");
    const changes = lines.map((line) => Number(line.split(",")[2]));
    expect(changes.reduce((sum, rows) => sum + rows, 0)).toBe(plan.summary.totals.incoming);
    const actors = new Set(lines.map((line) => line.split(",")[0]).filter((actor) => actor !== ""));
    expect(actors.size).toBe(plan.summary.actors?.actors);
  });

  it("has a patch for each workspace that applies alone", { timeout: LIMIT }, async () => {
    for (const folder of foldersOf(plan)) {
      const patient = await createDatabase("alone", played.current);
      for (const file of ["patch.sql", "rollback.sql"]) await run(patient, folder, file);
      expect(await compareDatabases(patient, played.current), folder).toEqual([]);
    }
  });

  it("comes to the truth, one workspace after the other, and back", { timeout: LIMIT }, async () => {
    const patient = await createDatabase("patient", played.current);
    for (const folder of foldersOf(plan).toReversed()) await run(patient, folder, "patch.sql");
    expect(await compareDatabases(patient, played.truth, { sequences: true })).toEqual([]);
    for (const folder of foldersOf(plan)) await run(patient, folder, "rollback.sql");
    expect(await compareDatabases(patient, played.current)).toEqual([]);
  });
});

async function run(url: string, folder: string, file: string): Promise<void> {
  const said = await runPatch(join(plan.folder, "tenants", folder, file), url, {
    pgmend_database: nameOf(url),
  });
  expect(said, `${folder}/${file}`).toMatchObject({ exitCode: 0 });
}

function foldersOf({ folder }: Planned): readonly string[] {
  const [, ...lines] = readFileSync(join(folder, "tenants", "index.csv"), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => line.split(",")[0] as string);
}

function figuresOf({ summary }: Planned): readonly TenantFigures[] {
  const figures = (summary.tenants ?? []).map(({ tenant, conflicts, ...counts }) => {
    const { apply, already, conflict, kept, excluded, skipped } = counts;
    const outcomes = { apply, already, conflict, kept, excluded, skipped };
    return { tenant: tenant ?? "", outcomes, conflicts };
  });
  return sorted(figures);
}

function sorted(figures: readonly TenantFigures[]): readonly TenantFigures[] {
  return figures.toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1));
}
