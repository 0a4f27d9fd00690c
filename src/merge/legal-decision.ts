import { isBag } from "../model/bag.js";
import type { PlannedConflict } from "../model/change.js";
import type { Decision } from "../model/decision.js";
import { columnAt, columnNames, type Table } from "../model/table.js";

/** What is wrong with a decision on this conflict, in words; undefined when it is legal. */
export function illegalDecision(
  table: Table,
  conflict: Pick<PlannedConflict, "kind" | "columns">,
  { resolution, values }: Pick<Decision, "resolution" | "values">,
): string | undefined {
  if (resolution !== "value") {
    return values === undefined ? undefined : `a value is given, but the resolution is ${resolution}`;
  }
  if (isBag(table))
    return `a row of ${table.label} has no key: with another value it is another row; take current or incoming`;
  const names = Object.keys(values ?? {});
  if (names.length === 0) return "no value is given";
  for (const name of names) {
    const wrong = illegalColumn(table, conflict, name);
    if (wrong !== undefined) return wrong;
    const notNull = table.columns.some((column) => column.name === name && column.notNull);
    if (notNull && values?.[name] === null) return `${table.label} allows no NULL in ${name}`;
  }
  return undefined;
}

function illegalColumn(
  table: Table,
  { kind, columns }: Pick<PlannedConflict, "kind" | "columns">,
  name: string,
): string | undefined {
  if (table.generated.some((column) => column.name === name))
    return `${name} of ${table.label} is generated, and cannot be written`;
  const at = table.columns.findIndex((column) => column.name === name);
  if (at === -1) {
    const known = table.columns.map((column) => column.name).join(", ");
    return `${table.label} has no column "${name}"; it has ${known}`;
  }
  if (table.key.includes(at))
    return `${name} is part of the key of ${table.label}: with another it is another row`;
  // Where only cells are in conflict, the others merged and are not in question.
  const cellsOnly = kind === "update/update" || kind === "insert/insert";
  if (!cellsOnly || columns.includes(at)) return undefined;
  return `${columnAt(table, at).name} is not in conflict there; in conflict are ${columnNames(table, columns).join(", ")}`;
}
