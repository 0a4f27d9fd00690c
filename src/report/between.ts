import { endsOf, type IntervalRange } from "../model/between.js";
import type { BetweenFacts, DatabaseIdentity } from "../model/plan.js";
import type { Operation } from "../model/value.js";

/** Two neighbouring snapshots, by label. */
export interface IntervalName {
  readonly from: string;
  readonly to: string;
}

/** What `summary.json` says of snapshots between `pre` and `post`. */
export interface BetweenSummary {
  readonly snapshots: readonly ({ readonly label: string } & Pick<
    DatabaseIdentity,
    "database" | "server" | "version" | "snapshotAt"
  >)[];
  /** As they were asked for; empty: nobody said when the damage was done. */
  readonly damage: readonly IntervalName[];
  /** All of them, with the tables of which rows changed there. */
  readonly intervals: readonly (IntervalName & {
    readonly tables: readonly ({ readonly table: string } & Readonly<Record<Operation, number>>)[];
  })[];
}

export function summarizeBetween(facts: BetweenFacts): BetweenSummary {
  const { snapshots, damage, tables } = facts;
  const ends = endsOf(facts);
  return {
    snapshots: snapshots.map(({ label, identity: { database, server, version, snapshotAt } }) => ({
      ...{ label, database, server, version, snapshotAt },
    })),
    damage: damage.map((range) => intervalName(ends, range)),
    intervals: ends.slice(1).map((_, at) => ({
      ...intervalName(ends, { first: at + 1, last: at + 1 }),
      tables: Object.entries(tables).flatMap(([table, counts]) => {
        const { insert = 0, update = 0, delete: deleted = 0 } = counts[at] ?? {};
        return insert + update + deleted === 0 ? [] : [{ table, insert, update, delete: deleted }];
      }),
    })),
  };
}

export function intervalName(ends: readonly string[], { first, last }: IntervalRange): IntervalName {
  return { from: ends[first - 1] ?? "", to: ends[last] ?? "" };
}

/** `22:16 → 22:20`. Not escaped. */
export function intervalWords({ from, to }: IntervalName): string {
  return `${from} → ${to}`;
}
