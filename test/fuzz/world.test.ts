import { describe, expect, it } from "vitest";
import { matchesAny } from "./patterns.js";
import { shrink } from "./shrink.js";
import { generateIncident, type Incident } from "./world.js";

const seeds = Array.from({ length: 300 }, (_, index) => index + 1);

describe("a generated incident", () => {
  it("is the same for the same seed", () => {
    for (const seed of seeds.slice(0, 50)) expect(generateIncident(seed)).toEqual(generateIncident(seed));
  });

  it("differs from seed to seed", () => {
    const all = new Set(seeds.map((seed) => JSON.stringify({ ...generateIncident(seed), seed: 0 })));
    expect(all.size).toBe(seeds.length);
  });

  it("keeps its tables and what is asked when it gets smaller", () => {
    for (const seed of seeds.slice(0, 50)) {
      const [large, small] = [generateIncident(seed), generateIncident(seed, 3)];
      expect(small.tables).toEqual(large.tables);
      expect(small.config).toEqual(large.config);
      expect(large.pieces).toEqual(expect.arrayContaining([...small.pieces]));
    }
  });

  it("keeps all other rows when one is left out", () => {
    const whole = generateIncident(11);
    const piece = whole.pieces.find((name) => name.startsWith("row")) as string;
    const less = generateIncident(11, 30, new Set([piece]));
    expect(less.pieces).toEqual(whole.pieces.filter((name) => name !== piece));
    expect(less.request).toEqual(whole.request);
  });

  it("asks only for tables that are compared", () => {
    for (const seed of seeds) {
      const { tables, request } = generateIncident(seed);
      const compared = tables.filter((table) => !matchesAny(request.excludeTables, table));
      for (const { tables: patterns } of [...request.rules, ...request.strategies]) {
        expect(compared.some((table) => matchesAny(patterns, table))).toBe(true);
      }
    }
  });
});

describe("shrinking", () => {
  it("ends with what the failure needs and nothing else", async () => {
    const incident = generateIncident(11);
    const rows = incident.pieces.filter((name) => name.startsWith("row"));
    const needed = [rows[1], rows.at(-1)] as string[];
    const fails = async ({ pieces }: Incident) => needed.every((piece) => pieces.includes(piece));
    expect(
      (await shrink(incident, (without) => generateIncident(incident.seed, 30, without), fails)).pieces,
    ).toEqual(needed);
  });
});
