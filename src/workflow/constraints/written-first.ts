import type { Obstacles } from "../../merge/withhold.js";
import type { Bar, Rivalry } from "../../model/withheld.js";
import type { Checking } from "./planned-writes.js";

/**
 * What `apply` has written is a fact. Nothing that people did since keeps it from being written, and of two rivals it
 * is the one that stays, wherever it comes in the plan. What rows need of each other is as true as before.
 */
export function withWritten(obstacles: Obstacles, isWritten: Checking["isWritten"]): Obstacles {
  if (isWritten === undefined) return obstacles;
  const lost = obstacles.rivalries.flatMap((rivalry) => barOf(rivalry, isWritten));
  return {
    needs: obstacles.needs,
    bars: [...obstacles.bars.filter(({ row }) => !isWritten(row)), ...lost],
    rivalries: obstacles.rivalries.filter(({ rows }) => !rows.some(isWritten)),
  };
}

function barOf(
  { rows: [a, b], reasons }: Rivalry,
  isWritten: NonNullable<Checking["isWritten"]>,
): readonly Bar[] {
  if (isWritten(a) === isWritten(b)) return [];
  const [row, reason, because] = isWritten(a) ? [b, reasons[1], a] : [a, reasons[0], b];
  return [{ row, reason, excluded: false, because }];
}
