import type {
  ChangedColumn,
  ChangeKind,
  Timeline,
  TimelineFinding,
  TimelineInterval,
  Transition,
} from "../../model/timeline.js";
import type { Operation } from "../../model/value.js";
import { planCommand } from "./plan-command.js";

const timelineFormatVersion = 1;

/** What report.html shows of it: findings, without values of columns that are hidden. */
export function findingsOf(
  timeline: TimelineSummary,
  isHidden: (table: string, column: string) => boolean,
): TimelineSummary {
  const hide = ({ columns, ...finding }: FindingSummary): FindingSummary => ({
    ...finding,
    columns: columns.map((column) =>
      isHidden(finding.table, column.name) ? { ...column, value: null } : column,
    ),
  });
  const intervals = timeline.intervals.map((interval) => ({
    ...interval,
    findings: interval.findings.map(hide),
    tables: [],
  }));
  return { ...timeline, intervals };
}

/** `value` is null where rows got different ones, or it is hidden by `--redact`. */
export interface ColumnSummary {
  readonly name: string;
  readonly transition: Transition;
  readonly value: string | null;
}

/** A kind of change, as JSON. */
export interface KindSummary {
  readonly operation: Operation;
  readonly columns: readonly ColumnSummary[];
  readonly rows: number;
}

export interface FindingSummary extends KindSummary {
  readonly reason: "emptied" | "dropped" | "unusual";
  readonly table: string;
  /** Rows that the other intervals would let expect; null where that does not matter. */
  readonly usual: number | null;
}

/** What `pgmend timeline --json` prints, and timeline.json holds (docs/timeline.md). */
export interface TimelineSummary {
  readonly formatVersion: number;
  readonly tool: { readonly version: string };
  readonly abnormal: number;
  readonly open: number;
  readonly snapshots: Timeline["snapshots"];
  readonly intervals: readonly {
    readonly from: string;
    readonly to: string;
    readonly minutes: number | null;
    readonly counts: Readonly<Record<Operation, number>>;
    readonly abnormal: boolean;
    readonly findings: readonly FindingSummary[];
    readonly tables: readonly {
      readonly table: string;
      readonly rowsBefore: number | null;
      readonly rowsAfter: number | null;
      readonly counts: Readonly<Record<Operation, number>>;
      readonly columns: readonly (ColumnSummary & { readonly rows: number })[];
      readonly kinds: readonly KindSummary[];
      readonly otherKinds: number;
      readonly schema: readonly string[];
    }[];
  }[];
  readonly suggestions: readonly {
    readonly pre: string;
    readonly post: string;
    readonly command: string;
  }[];
  readonly tables: Timeline["tables"];
  readonly leftOut: readonly { readonly table: string; readonly reason: string; readonly open: boolean }[];
  readonly warnings: readonly string[];
}

/** All of a timeline as data. */
export function summarizeTimeline(timeline: Timeline, toolVersion: string): TimelineSummary {
  const { snapshots, intervals, tables, leftOut, warnings } = timeline;
  return {
    formatVersion: timelineFormatVersion,
    tool: { version: toolVersion },
    abnormal: intervals.filter(({ findings }) => findings.length > 0).length,
    open: new Set(leftOut.filter(({ open }) => open).map(({ table }) => table)).size,
    snapshots,
    intervals: intervals.map(intervalSummary),
    suggestions: timeline.suggestions.map(({ pre, post }) => ({
      pre: snapshots[pre]?.label ?? "",
      post: snapshots[post]?.label ?? "",
      command: planCommand(snapshots[pre]?.url ?? "", snapshots[post]?.url ?? ""),
    })),
    tables,
    leftOut: leftOut.map(({ table, what, open }) => ({ table, reason: what, open })),
    warnings,
  };
}

function intervalSummary({
  from,
  to,
  minutes,
  tables,
  findings,
}: TimelineInterval): TimelineSummary["intervals"][number] {
  const sum = (operation: Operation) => tables.reduce((total, { counts }) => total + counts[operation], 0);
  return {
    ...{ from, to, minutes: minutes ?? null },
    counts: { insert: sum("insert"), update: sum("update"), delete: sum("delete") },
    abnormal: findings.length > 0,
    findings: findings.map(findingSummary),
    tables: tables.map((table) => ({
      ...table,
      rowsBefore: table.rowsBefore ?? null,
      rowsAfter: table.rowsAfter ?? null,
      columns: table.columns.map((column) => ({ ...columnSummary(column), rows: column.rows })),
      kinds: table.kinds.map(kindSummary),
    })),
  };
}

function findingSummary({ reason, table, usual, ...kind }: TimelineFinding): FindingSummary {
  return { reason, table, usual: usual ?? null, ...kindSummary(kind) };
}

function kindSummary({ operation, columns, rows }: ChangeKind): KindSummary {
  return { operation, columns: columns.map(columnSummary), rows };
}

function columnSummary({ name, transition, value }: ChangedColumn): ColumnSummary {
  return { name, transition, value: value ?? null };
}
