import {
  type ApplyPreview,
  type ApplyResult,
  type InvariantResult,
  type LeftRow,
  number,
  operations,
  type PlannedBatch,
  plural,
  visible,
} from "../../src/index.js";

/** Rows that are listed at most, where nobody asks for more. */
export const shownRows = 20;

/** What is asked about before the first write. */
export function previewText({ database, server, direction, tables, open }: ApplyPreview): string {
  const lines = tables.map((table) => {
    const parts = operations.flatMap((operation) =>
      table[operation] === 0 ? [] : [`${number(table[operation])} ${plural(table[operation], operation)}`],
    );
    return `  ${visible(table.table)}: ${parts.join(", ")}\n`;
  });
  const what = direction === "patch" ? "planned" : "planned, of which what was written is taken back";
  return `${lines.join("")}${number(open)} ${plural(open, "row")} to go (above: all that is ${what}), in ${visible(database)} on ${server}\n`;
}

export function batchText({ number: at, parts }: PlannedBatch): string {
  const texts = parts.map(
    ({ operation, table, rows }) => `${operation} ${number(rows)} of ${visible(table)}`,
  );
  return `batch ${at}: ${texts.join(", ")}\n`;
}

/** @param most rows that are listed */
export function applyText(result: ApplyResult, most = shownRows): string {
  const { direction, written, already, moved, waits, batches, seconds } = result;
  const verb = direction === "patch" ? "written" : "taken back";
  const rate = seconds > 0 ? Math.round((written + already) / seconds) : 0;
  const as = direction === "patch" ? "as planned" : "as before";
  return [
    `${number(written)} ${plural(written, "row")} ${verb}, in ${number(batches)} ${batches === 1 ? "batch" : "batches"}, ${seconds.toFixed(1)} s (${number(rate)} rows/s).\n`,
    already > 0 ? `${number(already)} ${already === 1 ? "was" : "were"} ${as} already.\n` : "",
    moved > 0 ? `${number(moved)} moved: changed by somebody since, and left as they are.\n` : "",
    waits > 0 ? `${number(waits)} left, because they need a row that is not ${verb}.\n` : "",
    leftText(result.rows, moved + waits, most),
    ...result.invariants.map(invariantText),
  ].join("");
}

export function leftText(rows: readonly LeftRow[], total: number, most = shownRows): string {
  const lines = rows
    .slice(0, most)
    .map(({ table, key, state, finding }) =>
      visible(`  ${state}: ${table} ${JSON.stringify(key)}: ${finding}`).concat("\n"),
    );
  const more = total - Math.min(rows.length, most);
  return lines.join("") + (more > 0 ? `  … and ${number(more)} more (--json lists them)\n` : "");
}

export function invariantText({ name, holds, rows, examples }: InvariantResult): string {
  if (holds) return `invariant holds: ${visible(name)}\n`;
  const lines = examples.map((row) => `    ${visible(row)}\n`);
  return `INVARIANT DOES NOT HOLD: ${visible(name)}: ${number(rows)} ${plural(rows, "row")}\n${lines.join("")}`;
}
