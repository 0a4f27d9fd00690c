import type { CheckRule } from "../../model/constraint.js";
import { columnAt, type Table } from "../../model/table.js";
import type { Row } from "../../model/value.js";
import type { Bar } from "../../model/withheld.js";
import { findViolations } from "../../postgres/constraint-facts.js";
import { type Checking, type PlannedWrite, plannedWrites, positionsOf, rowAfter } from "./planned-writes.js";

const smallChunk = 1000;

/** NOT NULL, CHECK and the checks of domains, over each row as it would be. */
export async function checkRows(
  checking: Checking,
  at: number,
  rules: readonly CheckRule[],
): Promise<readonly Bar[]> {
  const table = checking.tables[at] as Table;
  const asked = askedOf(table, rules);
  const bars: Bar[] = [];
  // Nothing to ask the server: then there is no need to gather many rows for one question.
  const size = asked.length === 0 ? smallChunk : undefined;
  for await (const chunk of plannedWrites(checking, at, (change) => change.kind !== "delete", size)) {
    bars.push(...chunk.flatMap((write) => missingValues(table, write)));
    if (asked.length === 0) continue;
    const rows = chunk.map(({ change }) => rowAfter(change) as Row);
    const violations = await findViolations(checking.current, table, asked, rows);
    for (const [order, places] of violations.entries()) {
      const { name, expression, columns: names } = asked[order] as CheckRule;
      const columns = positionsOf(table, names) ?? [];
      const reason = {
        kind: "check",
        columns,
        constraint: name,
        text: `${name} does not hold: ${expression}`,
      } as const;
      for (const place of places) {
        bars.push({
          row: (chunk[place] as PlannedWrite).position,
          reason,
          excluded: false,
          because: undefined,
        });
      }
    }
  }
  return bars;
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
