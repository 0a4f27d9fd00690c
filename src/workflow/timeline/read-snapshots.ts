import type { SnapshotTable } from "../../merge/timeline/align-snapshots.js";
import { ChangeCounter } from "../../merge/timeline/count-changes.js";
import { walkSnapshots } from "../../merge/timeline/walk-snapshots.js";
import type { SnapshotTarget } from "../../model/between.js";
import { InterruptedError, SchemaMismatchError } from "../../model/errors.js";
import type { Table } from "../../model/table.js";
import type { TableInterval } from "../../model/timeline.js";
import type { Row } from "../../model/value.js";
import { readTable } from "../../postgres/read-table.js";
import { keyOrdering } from "../../sql/key-order.js";
import type { SnapshotSessions } from "./open-snapshots.js";

/** Rows fetched at a time from each snapshot. */
const fetchSize = 1000;

export interface ReadTable {
  /** Different keys over all snapshots. */
  readonly keys: number;
  readonly intervals: readonly TableInterval[];
}

export interface ReadOptions {
  readonly snapshots: readonly SnapshotTarget[];
  readonly signal: AbortSignal | undefined;
  readonly onWalked: (keys: number) => void;
}

/** Reads one table in all snapshots that have it, once each, side by side in key order; only counts are kept. */
export async function readSnapshots(
  sessions: SnapshotSessions,
  table: SnapshotTable,
  { snapshots, signal, onWalked }: ReadOptions,
): Promise<ReadTable> {
  const counter = new ChangeCounter(table);
  const here = table.tables.flatMap((own, at) => (own === undefined ? [] : [{ own, at }]));
  const first = here[0]?.own;
  if (first === undefined) return { keys: 0, intervals: counter.intervals() };
  const { compare } = keyOrdering(first, "t");
  const read = { batchSize: fetchSize, withTransaction: false };
  const streams = here.flatMap(({ own, at }) => {
    const session = sessions[at];
    return session === undefined ? [] : [readTable(session, own, read)];
  });
  // As long as there are snapshots, one place for each, also for those without the table.
  const all: (Row | undefined)[] = table.tables.map(() => undefined);
  const keys = await walkSnapshots(streams, {
    compare: first.keySource === "config" ? comparingWholeKeys(first, compare) : compare,
    names: here.map(({ at }) => `${table.label} in snapshot ${snapshots[at]?.label}`),
    onKey: (rows) => {
      for (const [position, { at }] of here.entries()) all[at] = rows[position];
      counter.take(all);
    },
    onWalked: (walked) => {
      if (signal?.aborted === true) throw new InterruptedError();
      onWalked(walked);
    },
  });
  return { keys, intervals: counter.intervals() };
}

/** Nothing in a database keeps a key of the config from being NULL, and rows without a key cannot be told apart. */
function comparingWholeKeys(table: Table, compare: (a: Row, b: Row) => number): (a: Row, b: Row) => number {
  const isWhole = (row: Row) => table.key.every((at) => row[at] !== null);
  return (a, b) => {
    if (isWhole(a) && isWhole(b)) return compare(a, b);
    throw new SchemaMismatchError(`the configured key of ${table.label} is NULL in some rows`, {
      hint: "name another key under keys: in the config, or leave the table out with --exclude-tables",
    });
  };
}
