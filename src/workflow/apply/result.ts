import { type RowWrite, writtenKey } from "../../model/change.js";
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

/** Findings of rows at hand, by table and key. */
export function namedRows(
  tables: readonly Table[],
  rows: readonly RowWrite[],
  findings: readonly Finding[],
): readonly LeftRow[] {
  const texts = new Map(findings.map((finding) => [finding.position, finding]));
  return rows.flatMap((row) => {
    const [finding, table] = [texts.get(row.position), tables[row.table] as Table];
    if (finding === undefined) return [];
    const { kind: state, text } = finding;
    return [{ table: table.label, key: keyObject(table, writtenKey(table, row)), state, finding: text }];
  });
}

/** Findings by table and key, in plan order. */
async function leftRows(
  store: PlanStore,
  tables: readonly Table[],
  findings: readonly Finding[],
): Promise<readonly LeftRow[]> {
  const rows: LeftRow[] = [];
  for await (const batch of store.rows({ positions: findings.map(({ position }) => position) }))
    rows.push(...namedRows(tables, batch, findings));
  return rows;
}
