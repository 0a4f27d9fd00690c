import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { databaseUrl } from "../support/database.js";
import { tellPlan } from "../support/methods.js";
import { planIncident } from "./run-incident.js";
import { Stage } from "./stage.js";
import { generateIncident, type Incident } from "./world.js";

/** Every way to find the difference gives the same plan, to the letter. */
const seeds = Array.from({ length: 30 }, (_, index) => 1000 + index);
const batchSize = 10;
const url = (role: string) => databaseUrl(`methods_${role}`);
let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await Stage.create(databaseUrl("postgres"), url);
  folder = await mkdtemp(join(tmpdir(), "pgmend-methods-"));
});

afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

for (let from = 0; from < seeds.length; from += batchSize) {
  const batch = seeds.slice(from, from + batchSize);
  it(`digest and stream: seeds ${batch[0]} to ${batch.at(-1)}`, { timeout: 120_000 }, async () => {
    const used = new Set<string>();
    for (const seed of batch) {
      const incident = generateIncident(seed);
      await stage.build(incident);
      try {
        const digest = await planned(incident, "digest");
        const stream = await planned(incident, "stream");
        expect({ seed, ...digest, methods: {} }).toEqual({ seed, ...stream, methods: {} });
        for (const method of [digest, stream].flatMap(({ methods }) => Object.values(methods)))
          used.add(method);
      } finally {
        await stage.clear(incident);
      }
    }
    // Tables without a key have a way of their own, whichever is asked for.
    expect([...used].filter((method) => method !== "bag").toSorted()).toEqual(["digest", "stream"]);
  });
}

async function planned(incident: Incident, method: "digest" | "stream") {
  const own = join(folder, `${incident.seed}-${method}`);
  await mkdir(own);
  const store = await planIncident({ url, folder: own }, incident, method);
  try {
    return await tellPlan(store);
  } finally {
    await store.close();
  }
}
