import { copyNumberOf, isBag } from "../model/bag.js";
import type { TouchWrite } from "../model/plan.js";
import { type Column, columnAt, type Table } from "../model/table.js";
import { assertNever, type Value } from "../model/value.js";
import { columnReference, isNull, overriding, sameExpression, target } from "./patch/names.js";
import { contentOf, type KeyedChange } from "./patch/step.js";
import { identifier, literal } from "./quote.js";

/**
 * What the patch does with one row, as one statement for people to read, or to run by hand: the patch itself stages
 * rows and writes many at once. It is guarded the same way, so on a row that has moved it does nothing. Needs the
 * settings that the head of the patch makes where a type prints otherwise without them.
 */
export function rowStatement(
  table: Table,
  keyed: Pick<KeyedChange, "key" | "change">,
  touchWrite: TouchWrite,
): string {
  const { change } = keyed;
  if (isBag(table)) return copyStatement(table, copyNumberOf(keyed.key), change);
  switch (change.kind) {
    case "insert":
      return insertStatement(table, keyed.key, change.after, touchWrite);
    case "update":
      return `UPDATE ${target(table)} AS t
SET ${assignments(table, change, touchWrite).join(",\n    ")}
WHERE ${[...keyConditions(table, keyed.key), ...updateGuards(table, change)].join("\n  AND ")};\n`;
    case "delete": {
      const columns = table.columns.map((_, at) => at).filter((at) => !table.key.includes(at));
      const guards = contentOf(table, columns).map((at) => isStill(table, at, change.before[at] ?? null));
      return `DELETE FROM ${target(table)} AS t
WHERE ${[...keyConditions(table, keyed.key), ...guards].join("\n  AND ")};\n`;
    }
    default:
      return assertNever(change);
  }
}

/** Of a row without a key it counts that the copies before are there, and no more. */
function copyStatement(table: Table, copy: number, change: KeyedChange["change"]): string {
  const row = change.kind === "delete" ? change.before : change.after;
  const same = table.columns.map((_, at) => isStill(table, at, row[at] ?? null)).join("\n    AND ");
  const copies = `(SELECT count(*) FROM ${target(table)} AS t\n  WHERE ${same})`;
  if (change.kind !== "delete")
    return `${insertHead(table)}
SELECT ${row.map(literal).join(", ")}
WHERE ${copies} = ${copy - 1};\n`;
  return `DELETE FROM ${target(table)} AS d
WHERE (d.tableoid, d.ctid) = (SELECT t.tableoid, t.ctid FROM ${target(table)} AS t
  WHERE ${same} LIMIT 1)
  AND ${copies} = ${copy};\n`;
}

function insertHead(table: Table): string {
  return `INSERT INTO ${table.label} (${table.columns.map(({ name }) => identifier(name)).join(", ")})${overriding(table)}`;
}

type Update = Extract<KeyedChange["change"], { kind: "update" }>;

function insertStatement(
  table: Table,
  key: KeyedChange["key"],
  after: readonly Value[],
  touchWrite: TouchWrite,
): string {
  const values = table.columns.map((_, at) =>
    isStamped(table, at, touchWrite) ? "pg_catalog.now()" : literal(after[at] ?? null),
  );
  return `${insertHead(table)}
SELECT ${values.join(", ")}
WHERE NOT EXISTS (SELECT FROM ${target(table)} AS t WHERE ${keyConditions(table, key).join(" AND ")});\n`;
}

function keyConditions(table: Table, key: KeyedChange["key"]): readonly string[] {
  return table.key.map((position, at) => {
    const column = columnAt(table, position);
    return `${columnReference("t", column)} ${column.equals ?? "="} ${literal(key[at] ?? null)}`;
  });
}

function assignments(table: Table, { before, after, columns }: Update, touchWrite: TouchWrite) {
  const stamped = table.touch.filter((at) => isStamped(table, at, touchWrite));
  const written = columns.filter((at) => !stamped.includes(at));
  return [
    ...written.map((at) => assignment(table, at, before[at] ?? null, after[at] ?? null)),
    ...stamped.map((at) => `${identifier(columnAt(table, at).name)} = pg_catalog.now()`),
  ];
}

/** A touch column that moved since the plan keeps what it has. */
function assignment(table: Table, position: number, before: Value, after: Value): string {
  const column = columnAt(table, position);
  const name = identifier(column.name);
  if (!table.touch.includes(position)) return `${name} = ${literal(after)}`;
  const reference = columnReference("t", column);
  return `${name} = CASE WHEN ${isStill(table, position, before)} THEN ${literal(after)} ELSE ${reference} END`;
}

function updateGuards(table: Table, { before, columns }: Update): readonly string[] {
  const content = contentOf(table, columns);
  return (content.length === 0 ? columns : content).map((at) => isStill(table, at, before[at] ?? null));
}

function isStill(table: Table, position: number, value: Value): string {
  const column = columnAt(table, position);
  const reference = columnReference("t", column);
  return value === null ? isNull(column, reference) : sameExpression(column, reference, typed(column, value));
}

/** Compared as the type prints it here, whatever the session makes of it: both sides print alike. */
function typed(column: Column, value: Value): string {
  return column.equalityIsExact ? literal(value) : `${literal(value)}::${column.baseType}`;
}

function isStamped(table: Table, position: number, touchWrite: TouchWrite): boolean {
  return touchWrite === "now" && table.touch.includes(position) && columnAt(table, position).isTime;
}
