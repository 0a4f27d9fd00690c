import { type Column, columnAt } from "../../model/table.js";
import { literal } from "../quote.js";
import { columnReference, isNull, type StagingNames, sameExpression } from "./names.js";
import { contentOf, type PatchStep } from "./step.js";

/** A value is told up to here; where it goes on, its beginning and its key are enough to find it. */
const longestTold = 200;

/** In words, what stands in the row `t` instead of what was expected; `s` is the staged row. */
export function finding(step: PatchStep, names: StagingNames, firstKey: Column): string {
  const missing = isNull(firstKey, columnReference("t", firstKey));
  const differences = differencesOf(step, names);
  if (step.kind === "insert") {
    return `CASE WHEN ${missing} THEN 'the row was not written; a trigger or rule prevented it, or gave it another key'
    WHEN d.n IS NOT NULL THEN 'a trigger or rule changed what was written: ' || ${differences}
    ELSE 'another row with this key is there: ' || ${differences} END`;
  }
  return `CASE WHEN ${missing} THEN 'the row is gone'
    WHEN d.n IS NOT NULL THEN 'a trigger or rule changed what was written: ' || ${differences}
    ELSE coalesce(nullif(${differences}, ''), 'the row was not written; a trigger or rule prevented it') END`;
}

/** `owner is 'bob', expected 'ann'`, for every column that says something else. */
function differencesOf({ table, kind, columns }: PatchStep, names: StagingNames): string {
  const expected = (position: number) => {
    if (kind === "insert") return names.becomes(position);
    if (kind === "delete") return names.was(position);
    return `CASE WHEN d.n IS NOT NULL THEN ${names.becomes(position)} ELSE ${names.was(position)} END`;
  };
  const parts = contentOf(table, columns)
    .filter((position) => !table.key.includes(position))
    .map((position) => {
      const column = columnAt(table, position);
      const [is, should] = [columnReference("t", column), expected(position)];
      const texts = [is, should].map(
        (value) => `pg_catalog.left((${value})::pg_catalog.text, ${longestTold})`,
      );
      return `CASE WHEN NOT (${sameExpression(column, is, `(${should})`)}) THEN pg_catalog.format('%s is %L, expected %L', ${literal(column.name)}, ${texts.join(", ")}) END`;
    });
  if (parts.length === 0) return "''";
  const joined = chunked(parts).map((chunk) => `pg_catalog.concat_ws('; ', ${chunk.join(", ")})`);
  return joined.length === 1
    ? joined.join()
    : `pg_catalog.concat_ws('; ', ${joined.map((part) => `nullif(${part}, '')`).join(", ")})`;
}

/** A function takes a hundred arguments at most (pitfall 27). */
function chunked<T>(items: readonly T[], size = 90): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
