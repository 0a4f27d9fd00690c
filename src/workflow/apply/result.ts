import type { Finding } from "../../model/journal.js";
import { keyObject, type Table } from "../../model/table.js";
import { summarize } from "../../report/summary.js";
import type { PlanStore } from "../../store/plan-store.js";
import type { InvariantResult } from "./invariants.js";
import type { ApplyResult, LeftRow } from "./options.js";
import type { Run } from "./write-all.js";

const listedRows = 1000;

export async function resultOf(run: Run, invariants: readonly InvariantResult[]): Promise<ApplyResult> {
  const { options, header, past, counts } = run;
  const { store, direction } = options;
  const findings = await store.journal.findings(past.connection.target.id, direction, listedRows);
  const { totals } = summarize(header, await store.tallies());
  return {
    ...{ planId: header.planId, direction, ...counts, before: run.before },
    rows: await leftRows(store, header.tables, findings),
    ...{ invariants, openInPlan: totals.open },
    seconds: (performance.now() - run.begun) / 1000,
  };
}

/** Findings by table and key, in plan order. */
export async function leftRows(
  store: PlanStore,
  tables: readonly Table[],
  findings: readonly Finding[],
): Promise<readonly LeftRow[]> {
  const names = new Map<number, Pick<LeftRow, "table" | "key">>();
  for await (const batch of store.rows({ positions: findings.map(({ position }) => position) })) {
    for (const { position, table: at, key } of batch) {
      const table = tables[at] as Table;
      names.set(position, { table: table.label, key: keyObject(table, key) });
    }
  }
  return findings.flatMap(({ position, kind, text }) => {
    const name = names.get(position);
    return name === undefined ? [] : [{ ...name, state: kind, finding: text }];
  });
}
