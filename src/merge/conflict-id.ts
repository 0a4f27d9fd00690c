import { createHash } from "node:crypto";
import type { Table } from "../model/table.js";
import type { Key, Row, Triple } from "../model/value.js";

/**
 * The id of a conflict: the same from run to run, because it depends on table, key and kind alone. 64 bits: among a
 * million conflicts two share an id once in tens of millions of plans.
 */
export function conflictId(table: string, key: Key, kind: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([table, key, kind]))
    .digest("hex");
  return `c${hash.slice(0, 16)}`;
}

/**
 * What a row was like when somebody decided about it: a decision counts only where it is the same again. Touch columns
 * say nothing, as everywhere.
 */
export function fingerprintOf(table: Table, { base, current, incoming }: Triple<Row | undefined>): string {
  const told = table.columns.flatMap(({ name }, at) =>
    table.touch.includes(at) ? [] : [[name, ...[base, current, incoming].map((row) => row?.[at])]],
  );
  const there = [base, current, incoming].map((row) => row !== undefined);
  const hash = createHash("sha256")
    .update(JSON.stringify([there, told]))
    .digest("hex");
  return hash.slice(0, 32);
}
