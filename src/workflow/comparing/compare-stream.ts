import { type AlignedRow, alignRows } from "../../merge/align-rows.js";
import type { Difference } from "../../model/change.js";
import { InterruptedError } from "../../model/errors.js";
import { keyOf, type Table } from "../../model/table.js";
import type { Row } from "../../model/value.js";
import { readTable } from "../../postgres/read-table.js";
import { keyOrdering } from "../../sql/key-order.js";
import { streamSteps } from "../between/stream-steps.js";
import { comparing, fetchSize, keepSize, type StreamedParts, type TableTask } from "./table-task.js";

/**
 * Reads `pre` and `post` of one table, or of parts of it, in key order and keeps, in the store, only what differs.
 *
 * @returns how many keys were compared
 */
export async function streamTable(task: TableTask, only?: StreamedParts): Promise<number> {
  if (task.sessions.between.length > 0) return streamSteps(task, only);
  const { sessions, table, tableIndex, store, onCompared, wanted, signal } = task;
  const ordering = keyOrdering(table, "t");
  const read = { batchSize: fetchSize, seed: only?.seed };
  const { pre, post } = only?.parts ?? { pre: undefined, post: undefined };
  let compared = 0;
  const aligned = alignRows(
    readTable(sessions.pre, table, { ...read, parts: pre, withTransaction: false }),
    readTable(sessions.post, table, { ...read, parts: post, withTransaction: true }),
    {
      compare: comparing(table, ordering.compare),
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
