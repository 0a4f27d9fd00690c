import type { PlannedRow } from "../../model/change.js";
import { InterruptedError } from "../../model/errors.js";
import type { Row } from "../../model/value.js";
import { type Bench, judgeSize } from "../judging/bench.js";
import { judge } from "../judging/judge.js";
import type { Work } from "../work.js";

/**
 * Judges rows again that refer to something which took a new key only after they had been judged: references within a
 * table, and against the order of tables. That may show that they need a new key themselves, so it is done until
 * nothing moves. A plan without new keys is not read.
 *
 * @param seen the version of each table's references when its rows were judged
 */
export async function followAll(
  { store, tables, signal }: Pick<Work, "store" | "tables" | "signal">,
  benchOf: (table: number) => Bench,
  seen: number[],
): Promise<void> {
  for (;;) {
    const stale = tables.flatMap((_, at) =>
      benchOf(at).newKeys.references.version(at) === seen[at] ? [] : [at],
    );
    if (stale.length === 0) return;
    for (const at of stale) {
      const bench = benchOf(at);
      seen[at] = bench.newKeys.references.version(at);
      for await (const batch of store.rows({ table: at }, judgeSize)) {
        if (signal?.aborted === true) throw new InterruptedError();
        const moved = batch.filter((row) => isStale(bench, row));
        if (moved.length === 0) continue;
        const positions = moved.map(({ position }) => position);
        await store.replaceRows(await judge(bench, moved, (order) => positions[order] as number));
      }
    }
  }
}

/** Whether the row would arrive otherwise than it does now; asked too often is harmless. */
function isStale({ newKeys, table, tableIndex }: Bench, { key, pre, post, rekeyed }: PlannedRow): boolean {
  if (post === undefined) return false;
  const incoming = table.columns.flatMap((_, at) => (pre?.[at] === post[at] ? [] : [at]));
  const row = newKeys.references.follow(tableIndex, post, incoming) ?? post;
  const arriving = newKeys.again(tableIndex, { key, row }) ?? row;
  return !sameRow(arriving, rekeyed ?? post);
}

const sameRow = (a: Row, b: Row): boolean => a.every((value, at) => value === b[at]);
