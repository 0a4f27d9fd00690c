import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { databaseUrl } from "../support/database.js";
import type { Mode } from "./edits.js";
import { runIncident } from "./run-incident.js";
import { Stage } from "./stage.js";
import { generateIncident } from "./world.js";

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

/** psql takes longer than the query does: it runs the patch of every twentieth incident. */
const psqlEvery = 20;

/** Incidents a test, so that one that fails is soon found. */
const batchSize = 20;

/** The same few hundred incidents in every run, those of one mode: each mode has a file, and so a process, of its own. */
export function playIncidents(mode: Mode): void {
  const incidents = seeds.map((seed) => generateIncident(seed)).filter((incident) => incident.mode === mode);
  const url = (role: string) => databaseUrl(`fuzz_${role}`);
  let stage: Stage;
  let folder: string;

  beforeAll(async () => {
    stage = await Stage.create(databaseUrl("postgres"), url);
    folder = await mkdtemp(join(tmpdir(), "pgmend-incidents-"));
  });

  afterAll(async () => {
    await stage?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (let from = 0; from < incidents.length; from += batchSize) {
    const batch = incidents.slice(from, from + batchSize);
    const names = [batch[0], batch.at(-1)].map((incident) => incident?.seed);
    it(`${mode}: seeds ${names.join(" to ")}`, { timeout: 120_000 }, async () => {
      for (const incident of batch) {
        const psql = incident.seed % psqlEvery === 0;
        const complaints = await runIncident({ stage, url, folder: join(folder, "plan"), psql }, incident);
        // To play it again: npm run fuzz -- --incidents 1 --seed SEED
        expect({ seed: incident.seed, complaints }).toEqual({ seed: incident.seed, complaints: [] });
      }
    });
  }
}
