import { isBag } from "../../model/bag.js";
import type { Change, ParkedCell } from "../../model/change.js";
import type { UniqueRule } from "../../model/constraint.js";
import { type Column, columnAt, type ForeignKey, type Table } from "../../model/table.js";
import type { Row, Value } from "../../model/value.js";

/**
 * Values that a row can hold while the patch runs, so that another row can have the one it gives up, best first: NULL
 * where the column allows it, else values that no row is likely to have and that are different for every row of the
 * plan. Whether the checks of the table allow them is for PostgreSQL to say.
 */
export function parkForClash(
  table: Table,
  rule: UniqueRule,
  change: Change,
  position: number,
  foreignKeys: readonly ForeignKey[],
): readonly (readonly ParkedCell[])[] {
  // Of copies that are alike nobody can tell afterwards which one stood aside.
  if (isBag(table)) return [];
  const candidates = rule.columns.flatMap((name) => {
    const at = table.columns.findIndex((column) => column.name === name);
    // What an update does not write it could not put back; what others refer to must not move.
    const isFree =
      at !== -1 && !table.key.includes(at) && isWritten(change, at) && !isReferred(table, name, foreignKeys);
    return isFree ? [{ at, column: columnAt(table, at) }] : [];
  });
  const nullable = rule.nullsClash ? [] : candidates.filter(({ column }) => !column.notNull);
  const named = candidates.filter(({ column }) => !refers(table, column.name, foreignKeys));
  return [
    ...nullable.map(({ at }) => [{ column: at, value: null }]),
    ...named.flatMap(({ at, column }) =>
      standIns(column, position, rule).map((value) => [{ column: at, value }]),
    ),
  ];
}

/** A foreign key whose parent is written later is NULL until then. */
export function parkForCycle(table: Table, foreignKey: ForeignKey): readonly ParkedCell[] | undefined {
  if (isBag(table)) return undefined;
  const columns = foreignKey.columns.map((name) => table.columns.findIndex((column) => column.name === name));
  const nullable = columns.filter(
    (at) => at !== -1 && !columnAt(table, at).notNull && !table.key.includes(at),
  );
  // MATCH SIMPLE looks no further once one of the columns is NULL; MATCH FULL wants all of them to be.
  if (nullable.length === 0 || (foreignKey.matchFull && nullable.length < columns.length)) return undefined;
  return nullable.map((column) => ({ column, value: null }));
}

/** The row as it stands aside. */
export function aside(row: Row, park: readonly ParkedCell[]): Row {
  const moved = [...row];
  for (const { column, value } of park) moved[column] = value;
  return moved;
}

/** Each row that will stand aside at some moment, by the patch or by its rollback. */
export function asideRows(change: Change, park: readonly ParkedCell[]): readonly Row[] {
  const rows = [
    ...(change.kind === "insert" ? [] : [change.before]),
    ...(change.kind === "delete" ? [] : [change.after]),
  ];
  return rows.map((row) => aside(row, park));
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

/** Values of the type, different for every position of the plan; none for types that have none to spare. */
function standIns({ baseType }: Column, position: number, rule: UniqueRule): readonly Value[] {
  const limit = /^character varying\((\d+)\)$/.exec(baseType)?.[1];
  if (limit !== undefined) return textStandIns(position).filter((text) => text.length <= Number(limit));
  switch (baseType) {
    case "text":
    case "character varying":
    case "public.citext":
      return textStandIns(position);
    case "smallint":
      return position < 30_000 ? [String(-32_000 + position), String(32_000 - position)] : [];
    case "integer":
      return [String(-2_000_000_000 + position), String(2_000_000_000 - position)];
    case "bigint":
    case "numeric":
      return [
        String(-9_000_000_000_000_000_000n + BigInt(position)),
        String(9_000_000_000_000_000_000n - BigInt(position)),
      ];
    case "uuid":
      return [`ffffffff-ffff-4fff-bfff-${position.toString(16).padStart(12, "0")}`];
    case "bytea":
      return [
        `\\x${Array.from(`pgmend ${position}`, (character) => character.charCodeAt(0).toString(16)).join("")}`,
      ];
    default:
      return rule.kind === "exclusion" && /range$/.test(baseType) ? ["empty"] : [];
  }
}

/** The second for columns that want letters only, the third for short ones. */
function textStandIns(position: number): readonly string[] {
  const letters = Array.from(String(position), (digit) => "abcdefghij"[Number(digit)]).join("");
  return [`pgmend ${position}`, `pgmend${letters}`, `~${position.toString(36)}`];
}
