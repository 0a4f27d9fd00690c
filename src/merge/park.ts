import type { Change, ParkedCell } from "../model/change.js";
import type { UniqueRule } from "../model/constraint.js";
import { type Column, columnAt, type ForeignKey, type Table } from "../model/table.js";
import type { Value } from "../model/value.js";

/**
 * A value that a row can hold while the patch runs, so that another row can have the one it gives up: NULL where the
 * column allows it, else a value that no row is likely to have and that is different for every row of the plan.
 *
 * @returns undefined where no column of the rule can be parked
 */
export function parkForClash(
  table: Table,
  rule: UniqueRule,
  change: Change,
  position: number,
  foreignKeys: readonly ForeignKey[],
): readonly ParkedCell[] | undefined {
  const candidates = rule.columns.flatMap((name) => {
    const at = table.columns.findIndex((column) => column.name === name);
    // What an update does not write it could not put back; what others refer to must not move.
    const isFree =
      at !== -1 && !table.key.includes(at) && isWritten(change, at) && !isReferred(table, name, foreignKeys);
    return isFree ? [{ at, column: columnAt(table, at) }] : [];
  });
  const nullable = candidates.find(({ column }) => !column.notNull && !rule.nullsClash);
  if (nullable !== undefined) return [{ column: nullable.at, value: null }];
  for (const { at, column } of candidates) {
    const value = refers(table, column.name, foreignKeys) ? undefined : standIn(column, position, rule);
    if (value !== undefined) return [{ column: at, value }];
  }
  return undefined;
}

/** A foreign key whose parent is written later is NULL until then. */
export function parkForCycle(table: Table, foreignKey: ForeignKey): readonly ParkedCell[] | undefined {
  const columns = foreignKey.columns.map((name) => table.columns.findIndex((column) => column.name === name));
  const nullable = columns.filter(
    (at) => at !== -1 && !columnAt(table, at).notNull && !table.key.includes(at),
  );
  // MATCH SIMPLE looks no further once one of the columns is NULL; MATCH FULL wants all of them to be.
  if (nullable.length === 0 || (foreignKey.matchFull && nullable.length < columns.length)) return undefined;
  return nullable.map((column) => ({ column, value: null }));
}

function isWritten(change: Change, at: number): boolean {
  return change.kind !== "update" || change.columns.includes(at);
}

function isReferred(table: Table, name: string, foreignKeys: readonly ForeignKey[]): boolean {
  return foreignKeys.some(
    ({ parent, parentColumns }) => parent === table.label && parentColumns.includes(name),
  );
}

function refers(table: Table, name: string, foreignKeys: readonly ForeignKey[]): boolean {
  return foreignKeys.some((key) => key.table === table.label && key.columns.includes(name));
}

/** A value of the type, different for every position of the plan; undefined for types that have none to spare. */
function standIn({ baseType }: Column, position: number, rule: UniqueRule): Value | undefined {
  const text = `pgmend ${position}`;
  const limit = /^character varying\((\d+)\)$/.exec(baseType)?.[1];
  if (limit !== undefined) return text.length <= Number(limit) ? text : undefined;
  switch (baseType) {
    case "text":
    case "character varying":
    case "public.citext":
      return text;
    case "integer":
      return String(-2_000_000_000 + position);
    case "bigint":
      return String(-9_000_000_000_000_000_000n + BigInt(position));
    case "numeric":
      return String(-9_000_000_000_000_000_000n + BigInt(position));
    case "uuid":
      return `ffffffff-ffff-4fff-bfff-${position.toString(16).padStart(12, "0")}`;
    case "bytea":
      return `\\x${Array.from(text, (character) => character.charCodeAt(0).toString(16)).join("")}`;
    default:
      return rule.kind === "exclusion" && /range$/.test(baseType) ? "empty" : undefined;
  }
}
