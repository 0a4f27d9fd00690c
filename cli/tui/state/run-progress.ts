import type { Progress } from "../../../src/index.js";
import type { RunProgress } from "./recovery-places.js";

/** Longest list of warnings that is kept. */
const keptWarnings = 20;

export const noProgress: RunProgress = {
  ...{ startedAt: 0, now: 0, idle: 0, table: "", batch: undefined, done: 0, total: undefined },
  ...{ left: 0, gaveWay: 0, wait: undefined, warnings: [] },
};

/** Takes in what a rehearsal, apply or verify tells. @param at milliseconds */
export function followRun(before: RunProgress, told: Progress, at: number): RunProgress {
  const known = before.startedAt === 0 ? { ...before, startedAt: at, now: at } : before;
  const waited = known.wait === undefined ? 0 : at - known.now;
  const now = { ...known, now: at, idle: known.idle + waited };
  switch (told.kind) {
    case "tables":
      return now;
    case "step":
      return { ...now, wait: undefined, table: told.text };
    case "warning":
      return { ...now, warnings: [...now.warnings, told.text].slice(-keptWarnings) };
    case "wait":
      return { ...now, wait: told.text, gaveWay: now.gaveWay + (told.gaveWay === true ? 1 : 0) };
    case "rows": {
      const { table, done, total, batch = now.batch, left = now.left } = told;
      return { ...now, wait: undefined, table, done, total, batch, left };
    }
  }
}
