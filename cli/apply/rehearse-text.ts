import { number, operations, plural, type RehearseResult, visible } from "../../src/index.js";
import { invariantText, leftText, shownRows } from "./apply-text.js";

/** What a rehearsal found, for people. @param most rows that are listed */
export function rehearseText(result: RehearseResult, most = shownRows): string {
  const { written, already, moved, waits, seconds, invariants } = result;
  const calls = result.triggers.filter(({ constraint }) => constraint === undefined);
  const checks = result.triggers.filter(({ constraint }) => constraint !== undefined);
  return [
    `${number(written)} ${plural(written, "row")} would be written, in ${seconds.toFixed(1)} s. All of it was rolled back.\n`,
    already > 0 ? `${number(already)} ${already === 1 ? "is" : "are"} as planned already.\n` : "",
    moved > 0 ? `${number(moved)} moved: no longer as planned.\n` : "",
    waits > 0 ? `${number(waits)} would be left, because they need a row that is not written.\n` : "",
    leftText(result.rows, moved + waits, most),
    block(
      "Written",
      result.tables.map(
        ({ table, operation, rows, ms }) => `${table}: ${number(rows)} ${operation}, ${number(ms)} ms`,
      ),
    ),
    block(
      "Triggers that fired",
      calls.map(({ table, trigger, calls: count }) => `${table}: ${trigger}, ${times(count)}`),
    ),
    block(
      "Foreign keys at work",
      checks.map(({ table, constraint, calls: count }) => `${table}: ${constraint}, ${times(count)}`),
    ),
    block(
      "Written besides, by triggers, rules and cascades: NOT part of the plan",
      result.others.map(otherText),
    ),
    block(
      "Locks, until the end",
      result.locks.map(({ table, mode, ms }) => `${table}: ${mode}, ${number(ms)} ms`),
    ),
    block("Invariants before", invariants.before.map(invariantText)),
    block("Invariants after", invariants.after.map(invariantText)),
  ].join("");
}

function otherText({ table, ...counts }: RehearseResult["others"][number]): string {
  const parts = operations.flatMap((operation) =>
    counts[operation] === 0 ? [] : [`${number(counts[operation])} ${operation}`],
  );
  return `${table}: ${parts.join(", ")}`;
}

const times = (count: number): string => (count === 1 ? "once" : `${number(count)} times`);

function block(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `${title}:\n${lines.map((line) => `  ${line.endsWith("\n") ? line : `${visible(line)}\n`}`).join("")}`;
}
