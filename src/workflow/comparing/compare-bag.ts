import { type AlignedRow, alignRows } from "../../merge/align-rows.js";
import { copiesOf, deltaKey, identityOf } from "../../model/bag.js";
import type { Difference } from "../../model/change.js";
import { InterruptedError } from "../../model/errors.js";
import type { CompareMethod } from "../../model/plan.js";
import type { Table } from "../../model/table.js";
import type { Row } from "../../model/value.js";
import {
  copiesAt,
  copyAt,
  identityAt,
  readBag,
  readBuckets,
  transactionAt,
} from "../../postgres/read-bag.js";
import { compareBytes, compareIntegers } from "../../sql/key-order.js";
import { fewPages } from "./compare-small.js";
import type { TableTask } from "./table-task.js";

/** Rows fetched at a time from each server, and kept at a time before they go to the store. */
const batchSize = 1000;

/**
 * Compares a table without a key: rows are told apart by all of their values, copies of one row by numbers. What one
 * side has more copies of is inserted or deleted, copy by copy; nothing is ever updated.
 *
 * @returns how many copies were compared
 */
export async function compareBag(task: TableTask, forced?: CompareMethod): Promise<number> {
  const { sessions, table, tableIndex, store, onCompared, wanted, signal } = task;
  const { buckets, equalRows } = await findBuckets(task, forced);
  const [identity, copy] = [identityAt(table), copyAt(table)];
  const text = (row: Row, at: number) => row[at] as string;
  let compared = 0;
  const aligned = alignRows(
    readBag(sessions.pre, table, { batchSize, withTransaction: false, buckets }),
    readBag(sessions.post, table, { batchSize, withTransaction: true, buckets }),
    {
      compare: (a, b) =>
        compareBytes(text(a, identity), text(b, identity)) || compareIntegers(text(a, copy), text(b, copy)),
      equal: () => true,
      batchSize,
      table: table.label,
      onCompared: (copies) => {
        compared = copies;
        if (signal?.aborted === true) throw new InterruptedError();
        onCompared(equalRows + copies);
      },
    },
  );
  let before: Difference | undefined;
  for await (const batch of aligned) {
    const differences = batch.map((row) => {
      before = toDifference(table, row, before);
      return before;
    });
    await store.appendDifferences(
      tableIndex,
      wanted === undefined ? differences : differences.filter(wanted),
    );
  }
  return equalRows + compared;
}

/** Beyond this share of rows in buckets that differ, all of them are read. */
const mostDiffering = 0.6;

/** The servers say first which buckets of rows differ: most rows are equal, and need not be sorted and sent. */
async function findBuckets(
  { sessions: { pre, post }, table, pages }: TableTask,
  forced: CompareMethod | undefined,
): Promise<{ readonly buckets: readonly number[] | undefined; readonly equalRows: number }> {
  if (forced === "stream" || (forced === undefined && pages < fewPages))
    return { buckets: undefined, equalRows: 0 };
  const [before, after] = await Promise.all([readBuckets(pre, table), readBuckets(post, table)]);
  const numbers = [...new Set([...before.keys(), ...after.keys()])];
  const differs = (bucket: number) =>
    before.get(bucket)?.rows !== after.get(bucket)?.rows ||
    before.get(bucket)?.digest !== after.get(bucket)?.digest;
  const buckets = numbers.filter(differs);
  const rowsIn = (some: readonly number[]) =>
    some.reduce((sum, at) => sum + Math.max(before.get(at)?.rows ?? 0, after.get(at)?.rows ?? 0), 0);
  const [differing, all] = [rowsIn(buckets), rowsIn(numbers)];
  if (forced === undefined && differing > mostDiffering * all) return { buckets: undefined, equalRows: 0 };
  return { buckets, equalRows: all - differing };
}

/** @param before the difference before this one: of one row, the first copy that is not on both sides tells how many are */
function toDifference(table: Table, { left, right }: AlignedRow, before: Difference | undefined): Difference {
  const row = (left ?? right) as Row;
  const width = table.columns.length;
  const identity = row[identityAt(table)] as string;
  const copy = Number(row[copyAt(table)]);
  const more = Number(row[copiesAt(table)]);
  const isNext = before !== undefined && identityOf(before.key) === identity;
  const known = isNext ? copiesOf(before.key) : undefined;
  const fewer = known === undefined ? copy - 1 : Math.min(known.pre, known.post);
  const copies = left === undefined ? { pre: fewer, post: more } : { pre: more, post: fewer };
  return {
    key: deltaKey(identity, copy, copies),
    operation: left === undefined ? "insert" : "delete",
    pre: left?.slice(0, width),
    post: right?.slice(0, width),
    transaction: right?.[transactionAt(table)] ?? undefined,
  };
}
