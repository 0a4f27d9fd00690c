import { decidedConflict, decisionText } from "../../merge/decide.js";
import { type Obstacles, withhold } from "../../merge/withhold.js";
import type { PlannedConflict, PlannedRow } from "../../model/change.js";
import type { Decision } from "../../model/decision.js";
import type { Bar, Reason } from "../../model/withheld.js";

/** Decisions on what constraints do not allow, by position of the row. */
export type DecidedWrites = ReadonlyMap<number, readonly Decision[]>;

/**
 * Rows that somebody decided not to write, as bars: what needs them is withheld in its turn. The reason is the one they
 * would be withheld for, if nobody had decided anything.
 */
export function declinedRows(obstacles: Obstacles, decided: DecidedWrites): readonly Bar[] {
  const declined = [...decided].flatMap(([row, decisions]) => {
    const decision = declining(decisions);
    return decision === undefined ? [] : [{ row, decision }];
  });
  if (declined.length === 0) return [];
  const withheld = withhold(obstacles);
  return declined.map(({ row, decision }) => ({
    row,
    reason: withheld.get(row)?.reason ?? nothingLeft(decision),
    excluded: false,
    because: withheld.get(row)?.because,
  }));
}

/** What was decided about a row makes of it, once it is withheld: it is kept, or its conflict stays, with a word on that. */
export function withDecision(row: PlannedRow, decisions: readonly Decision[] = []): PlannedRow {
  const { conflict } = row;
  if (row.outcome !== "conflict" || conflict === undefined) return row;
  const decision = declining(decisions);
  if (decision !== undefined) {
    const reason = decisionText(decision);
    const kept = decidedConflict({ ...conflict, id: decision.conflict, kind: decision.kind }, decision);
    return { ...row, outcome: "kept", change: undefined, conflict: kept, decided: true, reason };
  }
  const inVain = decisions.find(({ conflict: id }) => id === conflict.id);
  if (inVain === undefined) return row;
  const reason = `${decisionText(inVain)} (${inVain.resolution}), but the constraint still does not hold`;
  return { ...row, conflict: { ...conflict, reason } };
}

/** A row that can be written as it was decided. Another conflict that was settled before says more about it. */
export function writtenAsDecided(row: PlannedRow, [decision]: readonly Decision[]): PlannedRow {
  if (decision === undefined) return row;
  const conflict = row.conflict ?? decidedConflict(unnamed(decision), decision);
  return { ...row, decided: true, conflict };
}

function declining(decisions: readonly Decision[]): Decision | undefined {
  return decisions.find(({ resolution }) => resolution === "current");
}

function unnamed({ conflict, kind }: Decision): PlannedConflict {
  return { id: conflict, kind, columns: [], cause: undefined, resolution: undefined, reason: undefined };
}

function nothingLeft({ kind }: Decision): Reason {
  return {
    kind: kind as Reason["kind"],
    columns: [],
    constraint: "",
    text: "nothing stands in its way any more",
  };
}
