import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { databaseUrl, oldestMajor } from "../support/database.js";
import { drawTyped } from "./typed/incident.js";
import { TypedStage } from "./typed/run.js";

const incidents = 16;

let stage: TypedStage;
let folder: string;

beforeAll(async () => {
  stage = await TypedStage.create(
    databaseUrl("postgres"),
    (role) => databaseUrl(`typed_${role}`),
    oldestMajor(),
  );
  folder = await mkdtemp(join(tmpdir(), "pgmend-typed-"));
}, 120_000);

afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

it("incidents of any types, keys, names and values: recovered exactly", { timeout: 300_000 }, async () => {
  for (let seed = 1; seed <= incidents; seed += 1) {
    const complaints = await stage.play(drawTyped(seed, stage.pool), {
      folder: join(folder, "plan"),
      psql: seed % 8 === 0,
    });
    // To play it again: npm run fuzz -- --types --incidents 1 --seed SEED
    expect({ seed, complaints }).toEqual({ seed, complaints: [] });
  }
});
