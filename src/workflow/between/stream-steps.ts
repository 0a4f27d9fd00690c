import { changesInWindow, operationOf, sameRow } from "../../merge/between/around-damage.js";
import { walkSnapshots } from "../../merge/timeline/walk-snapshots.js";
import type { Sighting } from "../../model/between.js";
import type { Difference } from "../../model/change.js";
import { InterruptedError } from "../../model/errors.js";
import { keyOf, type Table } from "../../model/table.js";
import type { Row } from "../../model/value.js";
import { readTable } from "../../postgres/read-table.js";
import { keyOrdering } from "../../sql/key-order.js";
import {
  comparing,
  fetchSize,
  keepSize,
  type StreamedParts,
  type TableTask,
} from "../comparing/table-task.js";

/**
 * Reads one table, or parts of it, in `pre`, all snapshots between and `post`, once each, side by side in key order.
 * Keeps, in the store, what differs anywhere: rows that are in `post` as they were in `pre`, though they were something
 * else meanwhile, apart from the incident delta.
 *
 * @returns how many keys were compared
 */
export async function streamSteps(task: TableTask, only: StreamedParts | undefined): Promise<number> {
  const { sessions, table, tableIndex, store, onCompared, wanted, signal } = task;
  const { orderBy, compare } = keyOrdering(table, "t");
  const read = {
    orderBy,
    batchSize: fetchSize,
    seed: only?.seed,
    withTransaction: true,
  };
  const all = [sessions.pre, ...sessions.between, sessions.post];
  const parts = only && [only.parts.pre, ...(only.parts.between ?? []), only.parts.post];
  const kept: Difference[] = [];
  const passing: Difference[] = [];
  const keep = async () => {
    await store.appendDifferences(tableIndex, kept.splice(0));
    await store.appendPassing(tableIndex, passing.splice(0));
  };
  const keys = await walkSnapshots(
    all.map((session, at) => readTable(session, table, { ...read, parts: parts?.[at] })),
    {
      compare: comparing(table, compare),
      names: all.map((_, at) => `${table.label} in snapshot ${at + 1} of ${all.length}`),
      onKey: (rows) => {
        const difference = toDifference(table, rows);
        if (difference === undefined || wanted?.(difference) === false) return;
        (sameRow(difference.pre, difference.post) ? passing : kept).push(difference);
        return kept.length + passing.length < keepSize ? undefined : keep();
      },
      onWalked: (walked) => {
        if (signal?.aborted === true) throw new InterruptedError();
        onCompared((only?.before ?? 0) + walked);
      },
    },
  );
  await keep();
  return keys;
}

/** Undefined: the row is the same in all snapshots. */
function toDifference(table: Table, rows: readonly (Row | undefined)[]): Difference | undefined {
  const width = table.columns.length;
  if (!differs(rows, width)) return undefined;
  // Each carries its transaction as one value more than the table has columns.
  const seen = rows.map(
    (row): Sighting => ({ row: row?.slice(0, width), transaction: row?.[width] ?? undefined }),
  );
  if (!changesInWindow(seen)) return undefined;
  const [pre, post] = [seen[0]?.row, seen.at(-1)?.row];
  const any = seen.find(({ row }) => row !== undefined)?.row as Row;
  return {
    key: keyOf(table, any),
    operation: operationOf(pre, post),
    ...{ pre, post, seen },
    transaction: seen.at(-1)?.transaction,
  };
}

/** Looked at for every row there is, so without making anything. */
function differs(rows: readonly (Row | undefined)[], width: number): boolean {
  const [first] = rows;
  return rows.some((row) => {
    if (row === undefined || first === undefined) return row !== first;
    for (let at = 0; at < width; at += 1) if (row[at] !== first[at]) return true;
    return false;
  });
}
