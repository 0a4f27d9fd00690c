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
  const own = foreignKeys.filter((key) => key.table === table.label);
  // What an update does not write it could not put back; what others refer to must not move.
  const isFree = (at: number) =>
    !table.key.includes(at) &&
    isWritten(change, at) &&
    !isReferred(table, columnAt(table, at).name, foreignKeys);
  const candidates = positionsOf(table, rule.columns).filter(isFree);
  const canBeNull = (at: number) => isFree(at) && !columnAt(table, at).notNull;
  const nullable = rule.nullsClash ? [] : candidates.filter(canBeNull);
  const named = candidates.filter((at) => !own.some(({ columns }) => refersBy(table, columns, at)));
  return [
    ...nullable.flatMap((at) => {
      const all = nullTogether(table, at, own);
      return all.every(canBeNull) ? [all.map((column) => ({ column, value: null }))] : [];
    }),
    ...named.flatMap((at) =>
      standIns(columnAt(table, at), position, rule).map((value) => [{ column: at, value }]),
    ),
  ];
}

/** MATCH FULL wants all columns to be NULL or none, and some of them may belong to another such key. */
function nullTogether(table: Table, position: number, own: readonly ForeignKey[]): readonly number[] {
  const together = new Set([position]);
  // A set goes on to what is added meanwhile.
  for (const at of together) {
    for (const { matchFull, columns } of own)
      if (matchFull && refersBy(table, columns, at))
        for (const other of positionsOf(table, columns)) together.add(other);
  }
  return [...together];
}

function positionsOf(table: Table, names: readonly string[]): readonly number[] {
  return names.flatMap((name) => {
    const at = table.columns.findIndex((column) => column.name === name);
    return at === -1 ? [] : [at];
  });
}

function refersBy(table: Table, names: readonly string[], at: number): boolean {
  return names.includes(columnAt(table, at).name);
}

/** A foreign key whose parent is written later is NULL until then. */
export function parkForCycle(
  table: Table,
  foreignKey: ForeignKey,
  foreignKeys: readonly ForeignKey[],
): readonly ParkedCell[] | undefined {
  if (isBag(table)) return undefined;
  const own = foreignKeys.filter((key) => key.table === table.label);
  const canBeNull = (at: number) => !columnAt(table, at).notNull && !table.key.includes(at);
  const columns = positionsOf(table, foreignKey.columns);
  const nullable = columns.map((at) => nullTogether(table, at, own)).filter((all) => all.every(canBeNull));
  // MATCH SIMPLE looks no further once one of the columns is NULL; MATCH FULL wants all of them to be.
  if (nullable.length === 0 || (foreignKey.matchFull && nullable.length < foreignKey.columns.length))
    return undefined;
  return [...new Set(nullable.flat())].map((column) => ({ column, value: null }));
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
