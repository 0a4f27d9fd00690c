import type { CheckRule } from "../../model/constraint.js";
import { columnAt, type Table } from "../../model/table.js";
import type { Row } from "../../model/value.js";
import type { Bar } from "../../model/withheld.js";
import { findViolations } from "../../postgres/constraint-facts.js";
import { type Checking, type PlannedWrite, positionsOf, type RowsCheck, rowAfter } from "./planned-writes.js";

/** NOT NULL, CHECK and the checks of domains, over each row as it would be. */
export function rowsCheck(
  { tables, current }: Checking,
  at: number,
  rules: readonly CheckRule[],
): RowsCheck<{ readonly bars: readonly Bar[] }> {
  const table = tables[at] as Table;
  const asked = askedOf(table, rules);
  const bars: Bar[] = [];
  const required = table.columns.flatMap(({ notNull }, at) => (notNull ? [at] : []));
  return {
    about: asked.length === 0 ? required : undefined,
    take: async (chunk) => {
      for (const write of chunk) bars.push(...missingValues(table, write));
      if (asked.length === 0) return;
      const rows = chunk.map(({ change }) => rowAfter(change) as Row);
      const violations = await findViolations(current, table, asked, rows);
      for (const [order, places] of violations.entries())
        for (const place of places)
          bars.push(doesNotHold(table, asked[order] as CheckRule, chunk[place] as PlannedWrite));
    },
    finish: async () => ({ bars }),
  };
}

function doesNotHold(
  table: Table,
  { name, expression, columns: names }: CheckRule,
  { position }: PlannedWrite,
): Bar {
  const columns = positionsOf(table, names) ?? [];
  const text = `${name} does not hold: ${expression}`;
  const reason = { kind: "check", columns, constraint: name, text } as const;
  return { row: position, reason, excluded: false, because: undefined };
}

/** A check that reads a column which is not compared cannot be evaluated here; PostgreSQL still enforces it. */
export function askedOf(table: Table, rules: readonly CheckRule[]): readonly CheckRule[] {
  const known = new Set([...table.columns, ...table.generated].map(({ name }) => name));
  return rules.filter((rule) => rule.table === table.label && rule.columns.every((name) => known.has(name)));
}

function missingValues(table: Table, { position, change }: PlannedWrite): readonly Bar[] {
  if (change.kind === "delete") return [];
  const written = change.kind === "insert" ? table.columns.map((_, at) => at) : change.columns;
  const missing = written.find((at) => columnAt(table, at).notNull && change.after[at] === null);
  if (missing === undefined) return [];
  const { name } = columnAt(table, missing);
  const reason = {
    kind: "not-null",
    columns: [missing],
    constraint: name,
    text: `${name} would be NULL`,
  } as const;
  return [{ row: position, reason, excluded: false, because: undefined }];
}
