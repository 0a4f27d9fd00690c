import type { Catalogs } from "../merge/align-schemas.js";
import type { Difference } from "../model/change.js";
import { InterruptedError } from "../model/errors.js";
import type { CompareMethod, DatabaseIdentity } from "../model/plan.js";
import type { Table } from "../model/table.js";
import { readIdentity } from "../postgres/identity.js";
import { takeSnapshots } from "./choose-lineage.js";
import { type ComparedTable, compareTable, digestsAgree } from "./compare-tables.js";
import { openReaders, type Readers } from "./open-readers.js";
import { namesSignatures } from "./signatures/check-ids.js";
import { type Work, wantedIn } from "./work.js";

export interface Compared {
  readonly pre: DatabaseIdentity;
  readonly post: DatabaseIdentity;
  readonly rowsCompared: Readonly<Record<string, number>>;
  readonly methods: Readonly<Record<string, CompareMethod>>;
  readonly warnings?: readonly string[];
}

/** Several tables at a time, where nobody asked for another number: one waits for the servers while one is compared. */
const defaultJobs = 2;

/** Step one: where do `pre` and `post` differ. `current` is not touched meanwhile. */
export async function compareAll(work: Work, catalogs: Catalogs, forced?: CompareMethod): Promise<Compared> {
  const { sessions, store, tables, settings, only, tell, signal } = work;
  const part = namesSignatures(settings.rules) ? undefined : only;
  const { pre, post } = sessions;
  const digests = await digestsAgree({ pre, post });
  const wanted = (settings.lineage ?? true) && (forced === undefined || forced === "lineage");
  const { lineage, warnings } = await takeSnapshots({ pre, post }, tables, {
    ...{ wanted, always: forced === "lineage" },
  });
  const identities = { pre: await readIdentity(pre), post: await readIdentity(post) };
  const count = Math.min(settings.jobs ?? defaultJobs, tables.length);
  const { readers, close } = await openReaders(sessions, { settings, count, tell, signal });
  try {
    const progress = tellTotals(work, estimateRows(tables, catalogs));
    const found = await eachTable(tables, readers, async (table, at, { pre, post }, stopped) => {
      const onCompared = (keys: number) => {
        if (stopped()) throw new InterruptedError();
        progress(at, keys);
      };
      onCompared(0);
      if (part !== undefined && !part.has(table.label)) return undefined;
      const isWanted = wantedIn(work, table);
      const wanted = part && (({ key }: Difference) => isWanted(key));
      const task = { sessions: { pre, post }, table, tableIndex: at, store, onCompared, wanted, signal };
      const compared = await compareTable(task, { digests, lineage, forced });
      progress(at, compared.keys, true);
      return compared;
    });
    await store.flushDifferences();
    const byTable = <T>(of: (table: ComparedTable) => T) =>
      Object.fromEntries(
        tables.flatMap(({ label }, at) => {
          const compared = found[at];
          return compared === undefined ? [] : [[label, of(compared)]];
        }),
      ) as Record<string, T>;
    return {
      ...identities,
      rowsCompared: byTable(({ keys }) => keys),
      methods: byTable(({ method }) => method),
      warnings,
    };
  } finally {
    await close();
  }
}

/**
 * Works on as many tables at a time as there are readers. After a failure nothing new is begun, and it is thrown once
 * all others have stopped: then nobody uses the sessions or the store any more.
 */
async function eachTable<T>(
  tables: readonly Table[],
  readers: readonly Readers[],
  work: (table: Table, at: number, readers: Readers, stopped: () => boolean) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  const failures: unknown[] = [];
  const queue = tables.entries();
  const takeTurns = async (mine: Readers) => {
    for (const [at, table] of queue) {
      if (failures.length > 0) return;
      try {
        results[at] = await work(table, at, mine, () => failures.length > 0);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(readers.map(takeTurns));
  if (failures.length > 0) throw failures[0];
  return results;
}

function tellTotals(
  { tables, tell }: Work,
  estimates: readonly (number | undefined)[],
): (table: number, keys: number, ended?: boolean) => void {
  const done = tables.map(() => 0);
  const total = estimates.includes(undefined)
    ? undefined
    : estimates.reduce<number>((sum, rows) => sum + (rows ?? 0), 0);
  const toCome = tables.map(({ label }, at) => ({ table: label, rows: estimates[at] }));
  tell({ kind: "tables", phase: "compare", tables: toCome });
  return (at, keys, tableEnded = false) => {
    done[at] = keys;
    tell({
      kind: "rows",
      phase: "compare",
      table: tables[at]?.label ?? "",
      tableNumber: at + 1,
      tables: tables.length,
      done: done.reduce((sum, compared) => sum + compared, 0),
      tableDone: keys,
      tableEnded,
      total,
    });
  };
}

function estimateRows(tables: readonly Table[], catalogs: Catalogs): readonly (number | undefined)[] {
  const estimates = new Map(
    catalogs.post.tables.map((table) => [
      table.label,
      table.estimatedRows ?? catalogs.pre.tables.find((other) => other.label === table.label)?.estimatedRows,
    ]),
  );
  return tables.map((table) => estimates.get(table.label));
}
