import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { databaseUrl } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { featuresOf } from "./constrained/features.js";
import { runConstrained } from "./constrained/run.js";
import { generateConstrained } from "./constrained/world.js";
import { shrink } from "./shrink.js";
import { Stage } from "./stage.js";
import type { Incident } from "./world.js";

const incidents = 60;
const url = (role: string) => databaseUrl(`constrained_${role}`);

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.create(databaseUrl("postgres"), url);
});

afterAll(async () => {
  await stage?.close();
});

it(`${incidents} incidents with constraints: the patch applies, and what is withheld would break one`, {
  timeout: 240_000,
}, async () => {
  const features = await featuresOf(stage.current);
  const folder = join(newFolder(), "plan");
  const seen = new Set<string>();
  const differences: string[] = [];
  for (let seed = 1; seed <= incidents; seed += 1) {
    const incident = generateConstrained(seed, 30, features);
    const bench = { stage, url, folder, psql: seed % 10 === 0 };
    const complaints = await runConstrained(bench, incident, (label) => seen.add(label));
    differences.push(...complaints.map((complaint) => `seed ${seed}: ${complaint}`));
  }
  expect(differences).toEqual([]);
  // What would go unnoticed if incidents no longer met with it.
  expect(expectedLabels.filter((label) => !seen.has(label))).toEqual([]);
});

const expectedLabels: readonly string[] = [
  ...["insert", "update", "delete"].flatMap((write) => [
    `apply ${write}`,
    `${write} steps aside`,
    `withheld ${write}: foreign-key`,
  ]),
  ...["insert", "update"].map((write) => `withheld ${write}: unique`),
  "withheld insert: skipped",
  "withheld update: check",
];

it("an incident is made smaller by leaving out what does not matter", async () => {
  const features = { nullsNotDistinct: true, btreeGist: true };
  const incident = generateConstrained(3, 30, features);
  const needed = [incident.pieces[1], incident.pieces.at(-1)] as string[];
  const fails = async ({ pieces }: Incident) => needed.every((piece) => pieces.includes(piece));
  const smallest = await shrink(incident, (left) => generateConstrained(3, 30, features, left), fails);
  expect(smallest.pieces).toEqual(needed);
});
