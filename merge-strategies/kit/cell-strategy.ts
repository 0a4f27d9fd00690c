import type { Conflict, ConflictCell, Strategy } from "../../src/model/conflict.js";
import { type Column, columnAt, type Table } from "../../src/model/table.js";
import type { Side, Triple, Value } from "../../src/model/value.js";

/** What becomes of one cell: it goes to one side, or gets a value of its own. Undefined passes it on. */
export type CellDecision = Side | { readonly value: Value } | undefined;

export interface CellStrategy extends Pick<Strategy, "name" | "summary"> {
  /** Why, for whoever reads the report: stands behind the name. Holds no values, which may be secret. */
  readonly because: string;
  decide(cell: Triple<Value>, column: Column): CellDecision;
}

/**
 * Lifts "decide one cell" to a conflict. It speaks of update/update only: elsewhere there is a row to keep or to
 * lose, and nothing that one cell says could tell which. Cells it passes stay open for the next entry of the chain.
 */
export function cellStrategy({ name, summary, because, decide }: CellStrategy): Strategy {
  const reason = `${name}: ${because}`;
  return {
    name,
    summary,
    resolve(conflict, { table }) {
      if (conflict.kind !== "update/update") return undefined;
      const decisions = conflict.cells.map((cell) =>
        standsAlone(cell, conflict, table) ? decide(cell, columnAt(table, cell.column)) : undefined,
      );
      const [first] = decisions;
      if (typeof first === "string" && decisions.every((decision) => decision === first)) {
        return { kind: "take", role: first, reason };
      }
      const values = new Map(conflict.cells.flatMap((cell, at) => decided(cell, decisions[at])));
      return values.size === 0 ? undefined : { kind: "cells", values, reason };
    },
  };
}

function decided(cell: ConflictCell, decision: CellDecision): readonly (readonly [number, Value])[] {
  if (decision === undefined) return [];
  return [[cell.column, typeof decision === "string" ? cell[decision] : decision.value]];
}

/** A cell of a group means something only beside the others: 12 of one currency is not 12 of another. */
function standsAlone({ column }: ConflictCell, { rows }: Conflict, { groups }: Table): boolean {
  const others = groups.find((group) => group.includes(column)) ?? [];
  const { base, current, incoming } = rows;
  return others.every(
    (at) => at === column || (base?.[at] === current?.[at] && base?.[at] === incoming?.[at]),
  );
}
