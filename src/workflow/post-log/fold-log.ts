import type { Catalogs } from "../../merge/align-schemas.js";
import { FoldedRow } from "../../merge/post-log/fold-actions.js";
import type { Difference } from "../../model/change.js";
import { InterruptedError } from "../../model/errors.js";
import type { DatabaseIdentity } from "../../model/plan.js";
import type { LogAction, LogProblem, PostLogFacts, PostLogSource } from "../../model/post-log.js";
import type { Table } from "../../model/table.js";
import type { Key, Row } from "../../model/value.js";
import { countRows } from "../../postgres/count-rows.js";
import { lookUpRows } from "../../postgres/look-up.js";
import { readIdentity } from "../../postgres/session/identity.js";
import type { Compared } from "../comparing/compare-all.js";
import type { Work } from "../work.js";
import { findOrphans, type Orphans } from "./find-orphans.js";
import { type LoadedLog, loadLog } from "./load-log.js";
import { LogTables } from "./log-tables.js";
import { UsedNumbers } from "./used-numbers.js";

export interface FoldedLog extends Compared {
  readonly postLog: PostLogFacts;
  readonly numbers: UsedNumbers;
  /** Not to be replayed, though they are among the differences. */
  readonly orphans: Orphans;
}

/**
 * Step one where a change log stands in the place of `post`: what the log made of the rows of `pre` are the differences,
 * in the store, like those that two databases show.
 */
export async function foldLog(work: Work, catalogs: Catalogs, log: PostLogSource): Promise<FoldedLog> {
  const { sessions, store, tables, tell, signal } = work;
  const { pre, post } = sessions;
  tell({ kind: "step", text: `reading ${log.name}` });
  const numbers = await UsedNumbers.from(pre);
  const options = {
    tables: new LogTables(tables, catalogs),
    session: pre,
    store: store.log,
    numbers,
    signal,
  };
  const loaded = await loadLog(log, options);
  await Promise.all([pre.snapshot(), post.snapshot()]);
  const identity = await readIdentity(pre);
  const rowsCompared: Record<string, number> = {};
  for (const [at, table] of tables.entries()) {
    const keys = await foldTable(work, table, at);
    tell({
      ...{ kind: "rows", phase: "compare", table: table.label, tableNumber: at + 1, tables: tables.length },
      ...{ done: keys, tableDone: keys, tableEnded: true, total: undefined },
    });
    rowsCompared[table.label] = keys;
  }
  await store.flushDifferences();
  const orphans = await findOrphans(work, catalogs.current.foreignKeys);
  await store.log.flushProblems();
  await store.log.drop();
  await countWhereMuchIsGone(work, rowsCompared);
  return {
    pre: identity,
    post: identityOf(log, loaded, identity),
    rowsCompared,
    methods: Object.fromEntries(tables.map(({ label }) => [label, "log" as const])),
    postLog: {
      ...{ name: log.name, actions: loaded.actions, ignored: loaded.ignored },
      problems: await store.log.countProblems(),
    },
    numbers,
    orphans,
  };
}

/** @returns how many rows the log speaks of */
async function foldTable({ sessions, store, only, signal }: Work, table: Table, at: number): Promise<number> {
  const wanted = only?.get(table.label);
  const isWanted = (key: Key) => only === undefined || wanted?.has(JSON.stringify(key)) === true;
  let row: FoldedRow | undefined;
  let keys = 0;
  for await (const actions of store.log.sorted(at)) {
    if (signal?.aborted === true) throw new InterruptedError();
    const differences: Difference[] = [];
    const problems: LogProblem[] = [];
    const pre = await rowsOf(sessions.pre, table, actions, row);
    for (const action of actions) {
      if (row === undefined || !sameKey(row.key, action.key)) {
        push(differences, row?.difference());
        row = new FoldedRow(table, action.key, pre.get(JSON.stringify(action.key)));
        keys += 1;
      }
      push(problems, row.take(action));
    }
    await store.appendDifferences(
      at,
      differences.filter(({ key }) => isWanted(key)),
    );
    await store.log.appendProblems(problems);
  }
  const last = row?.difference();
  if (last !== undefined && isWanted(last.key)) await store.appendDifferences(at, [last]);
  return keys;
}

/** The rows of `pre` that these actions speak of, but for the one that is being followed. */
async function rowsOf(
  session: Work["sessions"]["pre"],
  table: Table,
  actions: readonly LogAction[],
  followed: FoldedRow | undefined,
): Promise<ReadonlyMap<string, Row>> {
  const keys = new Map(actions.map(({ key }) => [JSON.stringify(key), key]));
  if (followed !== undefined) keys.delete(JSON.stringify(followed.key));
  const rows = await lookUpRows(session, table, [...keys.values()]);
  return new Map([...keys.keys()].flatMap((name, at) => (rows[at] === undefined ? [] : [[name, rows[at]]])));
}

function sameKey(a: Key, b: Key): boolean {
  return a.every((text, at) => text === b[at]);
}

function push<T>(list: T[], found: T | undefined): void {
  if (found !== undefined) list.push(found);
}

/** The guard against mass deletes holds them against all rows there were, which a log does not tell. */
async function countWhereMuchIsGone(
  { sessions, settings, store, tables }: Work,
  rowsCompared: Record<string, number>,
): Promise<void> {
  const counts = await store.countDifferences();
  for (const { table, operation, rows } of counts) {
    const there = tables[table];
    if (operation !== "delete" || rows <= settings.guard.massDelete.rows || there === undefined) continue;
    const inserted = counts.find((other) => other.table === table && other.operation === "insert")?.rows ?? 0;
    rowsCompared[there.label] = (await countRows(sessions.pre, there)) + inserted;
  }
}

/** The log as if it were a database: named like one, and without a server. */
function identityOf(log: PostLogSource, { until }: LoadedLog, pre: DatabaseIdentity): DatabaseIdentity {
  const nowhere = { systemIdentifier: undefined, inRecovery: false };
  return { ...nowhere, database: log.name, server: "", version: "", snapshotAt: until ?? pre.snapshotAt };
}
