import type { Progress } from "../../../src/index.js";
import { withPlace } from "./next.js";
import { placeOf, type ScannedTable, type ScanPlace, type State } from "./state.js";

/** Longest list of warnings that is kept; all of them are in the plan. */
const keptWarnings = 100;

/** Takes in what a plan in the making tells. @param at milliseconds */
export function told(state: State, progress: Progress, at: number): State {
  const place = placeOf(state);
  if (place.screen !== "scan") return state;
  const started = place.startedAt === 0 ? { ...place, startedAt: at, phaseStartedAt: at } : place;
  return withPlace(state, follow({ ...started, now: at }, progress, at));
}

function follow(place: ScanPlace, progress: Progress, at: number): ScanPlace {
  switch (progress.kind) {
    case "step":
    case "wait":
      return inPhase(place, progress.text, at);
    case "warning":
      return { ...place, warnings: [...place.warnings, progress.text].slice(-keptWarnings) };
    case "rows": {
      const { phase, tables, done, total, tableDone } = progress;
      const followed = inPhase(place, phase, at);
      const counts = tableDone === undefined ? counted(followed, progress, at) : side(followed, progress, at);
      return { ...followed, tables: counts, tableCount: tables, done, total };
    }
  }
}

function inPhase(place: ScanPlace, phase: string, at: number): ScanPlace {
  if (phase === place.phase) return place;
  const ended = place.tables.map((table) => ({ ...table, endedAt: table.endedAt ?? at }));
  const isRows = phase === "compare" || phase === "merge";
  const tables = isRows ? [] : ended;
  return { ...place, phase, phaseStartedAt: at, tables, done: isRows ? 0 : place.done };
}

type Rows = Extract<Progress, { kind: "rows" }>;

/** Several tables side by side, each told for itself. */
function side(
  place: ScanPlace,
  { table, tableDone = 0, tableEnded }: Rows,
  at: number,
): readonly ScannedTable[] {
  const known = place.tables.find((other) => other.table === table);
  const endedAt = tableEnded === true ? at : undefined;
  if (known === undefined) return [...place.tables, { table, rows: tableDone, startedAt: at, endedAt }];
  return place.tables.map((other) => (other === known ? { ...known, rows: tableDone, endedAt } : other));
}

/** Rows are told over all tables: those of one table are what came since it began. */
function counted(place: ScanPlace, { table, done }: Rows, at: number): readonly ScannedTable[] {
  const last = place.tables.at(-1);
  const others = place.tables.slice(0, -1);
  if (last === undefined || last.table !== table) {
    const before = sum(place.tables);
    const closed = place.tables.map((known) => ({ ...known, endedAt: known.endedAt ?? at }));
    return [...closed, { table, rows: Math.max(0, done - before), startedAt: at, endedAt: undefined }];
  }
  return [...others, { ...last, rows: Math.max(0, done - sum(others)) }];
}

const sum = (tables: readonly ScannedTable[]): number => tables.reduce((all, { rows }) => all + rows, 0);
