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
    case "tables": {
      const { phase, tables } = progress;
      const toCome = tables.map(({ table, rows }) => waiting(table, rows));
      return { ...inPhase(place, phase, at), tables: toCome, tableCount: tables.length };
    }
    case "rows": {
      const { phase, tables, done, total, tableDone } = progress;
      const followed = inPhase(place, phase, at);
      const counts = tableDone === undefined ? counted(followed, progress, at) : side(followed, progress, at);
      return { ...followed, tables: counts, tableCount: Math.max(tables, counts.length), done, total };
    }
  }
}

const waiting = (table: string, expected?: number): ScannedTable => ({
  ...{ table, rows: 0, expected, startedAt: undefined, endedAt: undefined },
});

function inPhase(place: ScanPlace, phase: string, at: number): ScanPlace {
  if (phase === place.phase) return place;
  const isRows = phase === "compare" || phase === "merge";
  const tables = isRows ? [] : place.tables.map((table) => ended(table, at));
  return { ...place, phase, phaseStartedAt: at, tables, done: isRows ? 0 : place.done };
}

const ended = (table: ScannedTable, at: number): ScannedTable =>
  table.startedAt === undefined ? table : { ...table, endedAt: table.endedAt ?? at };

type Rows = Extract<Progress, { kind: "rows" }>;

/** Several tables side by side, each told for itself. */
function side(place: ScanPlace, { table, tableDone = 0, tableEnded }: Rows, at: number): ScanPlace["tables"] {
  const endedAt = tableEnded === true ? at : undefined;
  return withTable(place.tables, table, (known) => ({
    ...known,
    ...{ rows: tableDone, startedAt: known.startedAt ?? at, endedAt },
  }));
}

/** Rows are told over all tables, one table after the other: those of one are what the others have not. */
function counted(place: ScanPlace, { table, done }: Rows, at: number): ScanPlace["tables"] {
  const others = place.tables.filter((other) => other.table !== table);
  const rows = Math.max(0, done - sum(others));
  const closed = place.tables.map((other) => (other.table === table ? other : ended(other, at)));
  return withTable(closed, table, (known) => ({ ...known, rows, startedAt: known.startedAt ?? at }));
}

function withTable(
  tables: ScanPlace["tables"],
  table: string,
  change: (known: ScannedTable) => ScannedTable,
): ScanPlace["tables"] {
  if (!tables.some((known) => known.table === table)) return [...tables, change(waiting(table))];
  return tables.map((known) => (known.table === table ? change(known) : known));
}

const sum = (tables: readonly ScannedTable[]): number => tables.reduce((all, { rows }) => all + rows, 0);
