import { matchesAny } from "./patterns.js";
import type { PlanRequest, RowConflict, StrategyEntry } from "./request.js";
import type { TableSpec } from "./table.js";

type Side = "current" | "incoming";

/** A whole row goes to one side; the cells of an update/update go each to their own. */
export type Settlement =
  | { readonly whole: Side }
  | { readonly taken: readonly string[]; readonly keptCells: readonly string[] };

/** Section 2.3. Undefined: the conflict stays open, because some of it is not decided. */
export function settle(
  request: PlanRequest,
  table: TableSpec,
  kind: RowConflict,
  columns: readonly string[],
): Settlement | undefined {
  const entries = request.strategies.filter(
    (entry) => matchesAny(entry.tables, table) && (entry.kinds?.includes(kind) ?? true),
  );
  if (kind !== "update/update") {
    const side = firstAnswer(entries.filter((entry) => entry.columns === undefined));
    return side && { whole: side };
  }
  const sides = columns.map((name) =>
    firstAnswer(entries.filter((entry) => entry.columns?.includes(name) ?? true)),
  );
  if (sides.includes(undefined)) return undefined;
  return {
    taken: columns.filter((_, index) => sides[index] === "incoming"),
    keptCells: columns.filter((_, index) => sides[index] === "current"),
  };
}

/** `manual` ends the chain without an answer. */
function firstAnswer([first]: readonly StrategyEntry[]): Side | undefined {
  switch (first?.use) {
    case "keep-current":
      return "current";
    case "take-incoming":
      return "incoming";
    default:
      return undefined;
  }
}
