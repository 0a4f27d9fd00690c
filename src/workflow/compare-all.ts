import type { Catalogs } from "../merge/align-schemas.js";
import type { Difference } from "../model/change.js";
import type { DatabaseIdentity } from "../model/plan.js";
import type { Table } from "../model/table.js";
import { readIdentity } from "../postgres/identity.js";
import { compareTable } from "./compare-tables.js";
import type { Work } from "./work.js";

export interface Compared {
  readonly pre: DatabaseIdentity;
  readonly post: DatabaseIdentity;
  readonly rowsCompared: Readonly<Record<string, number>>;
}

/** Step one: where do `pre` and `post` differ. `current` is not touched meanwhile. */
export async function compareAll(
  { sessions, store, tables, only, tell, signal }: Work,
  catalogs: Catalogs,
): Promise<Compared> {
  const { pre, post } = sessions;
  await Promise.all([pre.snapshot(), post.snapshot()]);
  const identities = { pre: await readIdentity(pre), post: await readIdentity(post) };
  const total = estimateRows(tables, catalogs);
  const rowsCompared: Record<string, number> = {};
  let before = 0;
  for (const [at, table] of tables.entries()) {
    const report = (keys: number) =>
      tell({
        kind: "rows",
        phase: "compare",
        table: table.label,
        tableNumber: at + 1,
        tables: tables.length,
        done: before + keys,
        total,
      });
    report(0);
    const keys = only?.get(table.label);
    if (only !== undefined && keys === undefined) continue;
    const wanted = keys === undefined ? undefined : ({ key }: Difference) => keys.has(JSON.stringify(key));
    const compared = await compareTable(sessions, table, at, store, { onCompared: report, wanted, signal });
    rowsCompared[table.label] = compared;
    before += compared;
  }
  await store.flushDifferences();
  return { ...identities, rowsCompared };
}

function estimateRows(tables: readonly Table[], catalogs: Catalogs): number | undefined {
  const estimates = new Map(
    catalogs.post.tables.map((table) => [
      table.label,
      table.estimatedRows ?? catalogs.pre.tables.find((other) => other.label === table.label)?.estimatedRows,
    ]),
  );
  const known = tables.map((table) => estimates.get(table.label));
  return known.includes(undefined) ? undefined : known.reduce<number>((sum, rows) => sum + (rows ?? 0), 0);
}
