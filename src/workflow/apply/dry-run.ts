import { invert } from "../../model/change.js";
import type { Direction } from "../../model/journal.js";
import type { Operation } from "../../model/value.js";
import { Connection } from "./connection.js";
import { type ApplyOptions, defaultLimits } from "./options.js";
import { RowQueue } from "./queue.js";
import { rowsInOrder } from "./row-order.js";
import { checkSelection, sift, Waiting } from "./selection.js";

/** One transaction that would be written: how many rows of what. */
export interface PlannedBatch {
  readonly number: number;
  readonly parts: readonly { readonly operation: Operation; readonly table: string; readonly rows: number }[];
}

type DryRunOptions = Pick<
  ApplyOptions,
  "store" | "current" | "direction" | "selection" | "allowOtherDatabase" | "limits" | "signal"
>;

/** What `apply` would write, batch by batch, at the largest size that batches may have. Changes nothing anywhere. */
export async function* dryRun(options: DryRunOptions): AsyncGenerator<PlannedBatch> {
  const { store, direction, selection, signal } = options;
  const header = await store.readHeader();
  checkSelection(selection, header);
  const limits = { ...defaultLimits, ...options.limits };
  const connection = await Connection.open({
    ...{ url: options.current.url, name: "dry run", header, direction, signal },
    ...{ allowOtherDatabase: options.allowOtherDatabase, reconnectMs: 0, onWait: () => undefined },
  });
  const { id } = connection.target;
  await connection.close();
  const states = await store.journal.states(id);
  const bonds = await store.bonds.read();
  const waiting = new Waiting(store, header.tables, bonds, direction);
  await waiting.withoutUnselected(selection, states, direction);
  const queue = new RowQueue(rowsInOrder(store, bonds, direction));
  let number = 0;
  for (;;) {
    const taken = await queue.take(limits.batchRows);
    if (taken.length === 0) return;
    const sieve = { tables: header.tables, states, direction, selection, waiting };
    const rows = sift(sieve, taken).ready.flat();
    const counts = new Map<string, { operation: Operation; table: string; rows: number }>();
    for (const { table, change } of rows) {
      if (change === undefined) continue;
      const part = {
        operation: operationOf(change, direction),
        table: header.tables[table]?.label ?? "",
        rows: 0,
      };
      const name = `${part.operation} ${part.table}`;
      counts.set(name, { ...part, rows: (counts.get(name)?.rows ?? 0) + 1 });
    }
    if (counts.size === 0) continue;
    number += 1;
    yield { number, parts: [...counts.values()] };
  }
}

function operationOf(change: Parameters<typeof invert>[0], direction: Direction): Operation {
  return (direction === "patch" ? change : invert(change)).kind;
}
