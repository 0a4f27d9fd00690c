import fc from "fast-check";
import { expect, it } from "vitest";
import { outcomes } from "../../src/model/change.js";
import { conflictKinds } from "../../src/model/conflict.js";
import type { Tally } from "../../src/model/plan.js";
import { operations } from "../../src/model/value.js";
import { summarize } from "../../src/report/summary.js";
import { headerOf } from "../unit/report/plans.js";
import { tableOf } from "../unit/tables.js";

const tables = ["device", "invoice", "account"].map((name) => tableOf(name, ["id"]));

/** Whatever a plan can hold, and some of what it should not. */
const tally: fc.Arbitrary<Tally> = fc.record({
  table: fc.nat({ max: tables.length - 1 }),
  operation: fc.constantFrom(...operations),
  outcome: fc.constantFrom(...outcomes),
  change: fc.constantFrom(...operations),
  conflictKind: fc.option(fc.constantFrom(...conflictKinds), { nil: undefined }),
  decided: fc.boolean(),
  rekeyed: fc.boolean(),
  rows: fc.nat({ max: 1_000_000 }),
});

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, n) => total + n, 0);

it("every row of the incident delta is counted, once", () => {
  fc.assert(
    fc.property(fc.array(tally), (tallies) => {
      const { totals, tables: perTable } = summarize(headerOf({ tables }), tallies);
      const rows = tallies.reduce((total, one) => total + one.rows, 0);
      expect(totals.incoming).toBe(rows);
      expect(outcomes.reduce((total, outcome) => total + totals[outcome], 0)).toBe(rows);
      for (const { incident, apply, conflicts, already, kept, excluded, skipped } of perTable) {
        expect(sum(apply) + sum(conflicts) + already + kept + excluded + skipped).toBe(sum(incident));
      }
      expect(perTable.reduce((total, table) => total + sum(table.conflicts), 0)).toBe(totals.conflict);
    }),
  );
});
