import { classify, type SameValue } from "../../merge/classify.js";
import { conflictId, fingerprintOf } from "../../merge/conflict-id.js";
import type { Ruling } from "../../merge/rules/rules.js";
import { cellsChange, settle, settledVerdict } from "../../merge/settle.js";
import type { Change, Difference, Judged, PlannedConflict, Verdict } from "../../model/change.js";
import type { Conflict } from "../../model/conflict.js";
import type { StrategyEntry } from "../../model/settings.js";
import { assertNever, type Row, type Triple } from "../../model/value.js";
import type { Bench } from "./bench.js";

/** Both rows are to stay, and the incoming one needs a new key, which is not known yet. */
export interface ToRekey {
  readonly conflict: PlannedConflict;
  readonly reason: string;
  readonly by: StrategyEntry;
}

type Versions = Triple<Row | undefined>;

/** An outcome about which there is no more to say. Named one by one: these are most of the rows that there are. */
function plainly(outcome: Judged["outcome"], change?: Change, reason?: string): Judged {
  return { outcome, change, conflict: undefined, decided: false, reason };
}

/** What becomes of one row by its ruling, the merge and the strategies. */
export function judgeRow(
  bench: Bench,
  difference: Difference,
  ruling: Ruling,
  versions: Versions,
  sameValue: SameValue,
): Judged | ToRekey {
  if (ruling.kind !== "incoming") return plainly(ruling.kind, undefined, ruling.reason);
  const merged = merge(bench, difference, versions, sameValue);
  return "by" in merged ? merged : suspect(bench, difference, ruling, merged);
}

/**
 * Deletes of a table that lost most of its rows are not replayed on the word of a default: a TRUNCATE is damage, not
 * people's work (design 2.6).
 */
function suspect(
  { table, suspicion }: Bench,
  { key, operation }: Difference,
  { rule }: Pick<Ruling, "rule">,
  judged: Judged,
): Judged {
  if (suspicion === undefined || operation !== "delete" || rule !== undefined || judged.outcome === "already")
    return judged;
  const kind = "suspected-damage";
  const conflict: PlannedConflict = {
    id: conflictId(table.label, key, kind),
    ...{ kind, columns: [], cause: suspicion, resolution: undefined, reason: undefined },
  };
  return openRow(conflict);
}

function merge(
  bench: Bench,
  difference: Difference,
  versions: Versions,
  sameValue: SameValue,
): Judged | ToRekey {
  const { table, settings, strategies, onBlame } = bench;
  const verdict = classify(table, versions, { sameValue, touchWrite: settings.touch.write });
  if (verdict.kind !== "conflict") return withoutConflict(verdict);
  const { conflict } = verdict;
  const planned: PlannedConflict = {
    id: conflictId(table.label, difference.key, conflict.kind),
    kind: conflict.kind,
    columns: conflict.cells.map((cell) => cell.column),
    clean: waiting(conflict),
    cause: causeOf(difference, conflict),
    resolution: undefined,
    reason: undefined,
  };
  if (bench.decided.size > 0 && bench.decided.get(planned.id) === fingerprintOf(table, versions))
    return openRow(planned);
  const settled = settle(table, conflict, strategies);
  settled.blame.forEach(onBlame);
  if (settled.kind === "open")
    return { ...openRow(planned), change: cleanCells(conflict, settings.granularity) };
  if (settled.kind === "rekey") return { conflict: planned, reason: settled.reason, by: settled.by };
  const { resolution, reason } = settled;
  return {
    ...withoutConflict(settledVerdict(settled)),
    decided: true,
    conflict: { ...planned, resolution, reason },
  };
}

/** Somebody wrote over the damage in the window: then current need not have changed since `post`. */
function causeOf({ overwritten }: Difference, { cells }: Conflict): string | undefined {
  if (overwritten === undefined) return undefined;
  const { columns, words } = overwritten;
  return columns === "row" || cells.some(({ column }) => columns.includes(column)) ? words : undefined;
}

/** Nobody settled the conflict. */
export function openRow(conflict: PlannedConflict): Judged {
  return { ...plainly("conflict"), conflict };
}

/** What a decision needs to know besides the three versions: which cells are incoming without being in conflict. */
function waiting({ kind, clean, rows: { base, incoming } }: Conflict): readonly number[] | undefined {
  const incomingCells =
    kind === "delete/update" ? base?.flatMap((value, at) => (value === incoming?.[at] ? [] : [at])) : clean;
  return incomingCells?.length === 0 ? undefined : incomingCells;
}

/** With cell granularity the cells that merged cleanly are written although others of the row are in conflict. */
function cleanCells(conflict: Conflict, granularity: "row" | "cell"): Change | undefined {
  return granularity === "cell" ? cellsChange(conflict, new Map()) : undefined;
}

function withoutConflict(verdict: Exclude<Verdict, { kind: "conflict" }>): Judged {
  switch (verdict.kind) {
    case "apply":
      return plainly("apply", verdict.change);
    case "already":
      return plainly("already");
    case "kept":
      return plainly("kept", undefined, verdict.reason);
    default:
      return assertNever(verdict);
  }
}
