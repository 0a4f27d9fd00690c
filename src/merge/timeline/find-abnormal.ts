import type {
  ChangedColumn,
  TableInterval,
  TimelineFinding,
  TimelineInterval,
  TimelineSuggestion,
} from "../../model/timeline.js";
import { type Operation, operations } from "../../model/value.js";

/**
 * An interval is held against all others: what they let expect is the median of their rates, and how far one may be
 * from it follows from how far they are from each other (the median of that, so that one incident does not hide
 * another). Changes that come one by one scatter by the square root of their number; that much is always allowed.
 *
 * Updates are judged column by column and not by the set of columns that changed together: rows of one sort of work
 * change now these columns and now those, and the number of each such set goes up and down with nothing behind it.
 */
const limits = {
  /** Fewer rows than this are never unusual. */
  rows: 20,
  /** So many times what is usual, at least. */
  times: 3,
  /** So many times the spread above what is usual, at least. */
  spreads: 6,
  /** What is smaller than this share of the largest unusual thing is not named beside it. */
  share: 0.05,
  /** Columns whose rows differ by less than this share changed together. */
  together: 0.02,
} as const;

/** Makes the median of absolute deviations comparable with a standard deviation. */
const madScale = 1.4826;

/** Intervals as they were counted, without a verdict. */
export type CountedInterval = Omit<TimelineInterval, "findings">;

/** Adds to each interval what is abnormal about it. */
export function findAbnormal(intervals: readonly CountedInterval[]): readonly TimelineInterval[] {
  const lost = intervals.map(({ tables }) => tables.flatMap(lostRows));
  const unusual = intervals.map((interval, at) =>
    interval.tables.flatMap((table) => unusualIn(intervals, at, table)),
  );
  const largest = Math.max(0, ...unusual.flat().map(({ rows }) => rows));
  return intervals.map((interval, at) => {
    const emptied = new Set(lost[at]?.map(({ table }) => table));
    const rest = (unusual[at] ?? []).filter(
      ({ table, operation, rows }) =>
        rows >= largest * limits.share && !(operation === "delete" && emptied.has(table)),
    );
    const findings = [...(lost[at] ?? []), ...rest].sort((a, b) => b.rows - a.rows);
    return { ...interval, findings };
  });
}

/** What to compare: each run of abnormal intervals, and where there are several, from the first to the last. */
export function suggestWindows(intervals: readonly TimelineInterval[]): readonly TimelineSuggestion[] {
  const runs: TimelineSuggestion[] = [];
  for (const [at, { findings }] of intervals.entries()) {
    if (findings.length === 0) continue;
    const last = runs.at(-1);
    if (last?.post === at) runs[runs.length - 1] = { pre: last.pre, post: at + 1 };
    else runs.push({ pre: at, post: at + 1 });
  }
  const [first, last] = [runs[0], runs.at(-1)];
  return first === undefined || last === undefined || first === last
    ? runs
    : [...runs, { pre: first.pre, post: last.post }];
}

/** A table that lost all its rows is abnormal whatever the others did. */
function lostRows({ table, rowsBefore, rowsAfter }: TableInterval): readonly TimelineFinding[] {
  if (rowsBefore === undefined || rowsBefore === 0 || (rowsAfter ?? 0) > 0) return [];
  const reason = rowsAfter === undefined ? "dropped" : "emptied";
  return [{ reason, table, operation: "delete", columns: [], rows: rowsBefore, usual: undefined }];
}

function unusualIn(
  intervals: readonly CountedInterval[],
  at: number,
  { table, columns, counts }: TableInterval,
): readonly TimelineFinding[] {
  const byColumn = columns.flatMap(({ rows, ...column }) =>
    judge(intervals, at, rows, { table, operation: "update", columns: [column] }),
  );
  // A column says more than the sum; the sum is told where no column alone is unusual.
  const sums = operations
    .filter((operation) => operation !== "update" || byColumn.length === 0)
    .flatMap((operation) => judge(intervals, at, counts[operation], { table, operation, columns: [] }));
  return [...changedTogether(byColumn), ...sums];
}

/** Columns that changed in as many rows are one finding. */
function changedTogether(findings: readonly TimelineFinding[]): readonly TimelineFinding[] {
  const groups: TimelineFinding[] = [];
  for (const finding of findings.toSorted((a, b) => b.rows - a.rows)) {
    const last = groups.at(-1);
    if (last === undefined || finding.rows < last.rows * (1 - limits.together)) groups.push(finding);
    else groups[groups.length - 1] = { ...last, columns: [...last.columns, ...finding.columns] };
  }
  return groups;
}

/** Of one column at most. */
type Subject = Pick<TimelineFinding, "table" | "operation" | "columns">;

function judge(
  intervals: readonly CountedInterval[],
  at: number,
  rows: number,
  subject: Subject,
): readonly TimelineFinding[] {
  if (rows < limits.rows) return [];
  const mine = intervals[at]?.minutes;
  // Where times are known, a long interval may hold more than a short one.
  const others = intervals
    .filter((_, other) => other !== at)
    .map((interval) => rowsOf(interval, subject) * scaleTo(mine, interval.minutes));
  if (others.length === 0) return [];
  const usual = median(others);
  const spread = madScale * median(others.map((count) => Math.abs(count - usual)));
  const allowed = Math.max(spread, Math.sqrt(usual), 1) * limits.spreads;
  if (rows < usual * limits.times || rows - usual < allowed) return [];
  return [{ reason: "unusual", ...subject, rows, usual: Math.round(usual) }];
}

function scaleTo(mine: number | undefined, theirs: number | undefined): number {
  return mine === undefined || theirs === undefined ? 1 : mine / theirs;
}

function rowsOf({ tables }: CountedInterval, { table, operation, columns }: Subject): number {
  const found = tables.find((other) => other.table === table);
  const [column] = columns;
  if (found === undefined) return 0;
  return column === undefined ? found.counts[operation] : columnRows(found, operation, column);
}

function columnRows({ columns }: TableInterval, operation: Operation, wanted: ChangedColumn): number {
  if (operation !== "update") return 0;
  const isWanted = ({ name, transition }: ChangedColumn) =>
    name === wanted.name && transition === wanted.transition;
  return columns.find(isWanted)?.rows ?? 0;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0];
  return (low + high) / 2;
}
