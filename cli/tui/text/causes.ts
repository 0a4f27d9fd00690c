import type { Cause } from "../../../src/index.js";
import { shown } from "./measure.js";
import { valueText } from "./value.js";

/** `public.issue 4 (insert, in conflict: unique)`: one link of what keeps a row from being written. */
export function causeText({ table, key, operation, outcome, kind, reason }: Cause): string {
  const names = Object.entries(key);
  const [only] = names;
  const cells = names.map(([name, value]) => `${shown(name)}=${valueText(value)}`).join(" ");
  const row = names.length === 1 && only?.[0] === "id" ? valueText(only[1]) : cells;
  const because = reason === undefined ? "" : `: ${shown(reason)}`;
  const fate = outcome === "conflict" ? `in conflict: ${kind ?? "open"}` : `${fates[outcome]}${because}`;
  return `${shown(table)} ${row} (${operation === undefined ? "" : `${operation}, `}${fate})`;
}

/** The chain on one line, from the row in the way to the end. */
export function chainText(causes: readonly Cause[]): string {
  return causes.map((cause) => `${omittedText(cause)}${causeText(cause)}`).join(" ← ");
}

/** What is said in place of links that are left out. */
export const omittedText = ({ omitted }: Cause): string =>
  omitted === undefined ? "" : `… ${omitted} more … ← `;

const fates: Readonly<Record<Exclude<Cause["outcome"], "conflict">, string>> = {
  apply: "to be written",
  already: "as it should be already",
  kept: "kept as it is",
  excluded: "excluded",
  skipped: "skipped",
  unchanged: "stays in current",
  missing: "not there",
};
