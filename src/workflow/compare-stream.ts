import { type AlignedRow, alignRows } from "../merge/align-rows.js";
import type { TablePart } from "../model/blocks.js";
import type { Difference } from "../model/change.js";
import { InterruptedError, SchemaMismatchError } from "../model/errors.js";
import { keyOf, type Table } from "../model/table.js";
import type { Row } from "../model/value.js";
import { readTable } from "../postgres/read-table.js";
import { keyOrdering } from "../sql/key-order.js";
import type { Seed } from "../sql/row-digest.js";
import type { PlanStore } from "../store/plan-store.js";
import type { Sessions } from "./connect.js";

/** Rows fetched at a time from each server, and kept at a time before they go to the store. */
const fetchSize = 1000;
const keepSize = 1000;

/** One table to compare, and where to. */
export interface TableTask {
  readonly sessions: Pick<Sessions, "pre" | "post">;
  readonly table: Table;
  readonly tableIndex: number;
  /** On disk, in the database where there are more. */
  readonly pages: number;
  readonly store: PlanStore;
  readonly onCompared: (keys: number) => void;
  /** Differences that are wanted; without it, all of them. */
  readonly wanted?: ((difference: Difference) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is read of the table, where it is not all of it. */
export interface StreamedParts {
  readonly parts: Readonly<Record<"pre" | "post", readonly TablePart[]>>;
  /** Undefined: no part is by hash. */
  readonly seed?: Seed | undefined;
  /** Keys that were compared before. */
  readonly before: number;
}

/**
 * Reads `pre` and `post` of one table, or of parts of it, in key order and keeps, in the store, only what differs.
 *
 * @returns how many keys were compared
 */
export async function streamTable(
  { sessions, table, tableIndex, store, onCompared, wanted, signal }: TableTask,
  only?: StreamedParts,
): Promise<number> {
  const ordering = keyOrdering(table, "t");
  const read = { orderBy: ordering.orderBy, batchSize: fetchSize, seed: only?.seed };
  const { pre, post } = only?.parts ?? { pre: undefined, post: undefined };
  let compared = 0;
  const aligned = alignRows(
    readTable(sessions.pre, table, { ...read, parts: pre, withTransaction: false }),
    readTable(sessions.post, table, { ...read, parts: post, withTransaction: true }),
    {
      compare: table.keySource === "config" ? comparingWholeKeys(table, ordering.compare) : ordering.compare,
      equal: rowsEqual(table.columns.length),
      batchSize: keepSize,
      table: table.label,
      onCompared: (keys) => {
        compared = keys;
        if (signal?.aborted === true) throw new InterruptedError();
        onCompared((only?.before ?? 0) + keys);
      },
    },
  );
  for await (const batch of aligned) {
    const differences = batch.map((row) => toDifference(table, row));
    await store.appendDifferences(
      tableIndex,
      wanted === undefined ? differences : differences.filter(wanted),
    );
  }
  return compared;
}

/** Nothing in the database keeps a key of the config from being NULL, and rows without a key cannot be told apart. */
function comparingWholeKeys(table: Table, compare: (a: Row, b: Row) => number): (a: Row, b: Row) => number {
  const isWhole = (row: Row) => table.key.every((at) => row[at] !== null);
  return (a, b) => {
    if (isWhole(a) && isWhole(b)) return compare(a, b);
    throw new SchemaMismatchError(`the configured key of ${table.label} is NULL in some rows`, {
      hint: `name another key under keys: in the config, or leave the table out with --exclude-tables`,
    });
  };
}

function rowsEqual(columns: number): (a: Row, b: Row) => boolean {
  return (a, b) => {
    for (let at = 0; at < columns; at += 1) if (a[at] !== b[at]) return false;
    return true;
  };
}

function toDifference(table: Table, { left, right }: AlignedRow): Difference {
  const width = table.columns.length;
  // The row in `post` carries its transaction as one value more than the table has columns.
  const post = right?.slice(0, width);
  return {
    key: keyOf(table, (left ?? right) as Row),
    operation: left === undefined ? "insert" : right === undefined ? "delete" : "update",
    pre: left,
    post,
    transaction: right?.[width] ?? undefined,
  };
}
