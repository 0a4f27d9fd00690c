/**
 * What pgmend should make of an incident, worked out from sections 2.1 to 2.3 of the design alone: nested loops over
 * rows in memory, slow and plain. It shares no line with `src/`, on purpose: two readings of one contract agree, or
 * one of them is wrong.
 */

import { judgeBag } from "./oracle-bags.js";
import { type Finding, type MergeTerms, merge } from "./oracle-merge.js";
import { type DeltaRow, shareOf } from "./oracle-rules.js";
import { settle } from "./oracle-strategies.js";
import { matchesAny } from "./patterns.js";
import { type Equal, type Printed, type PrintedTable, type Row, rowOf, tableOf } from "./printed.js";
import type { Operation, PlanRequest } from "./request.js";
import { isBag, type TableSpec } from "./table.js";
import { count, type RowVerdict, type TableVerdict, type Verdicts } from "./verdict.js";

/** What the oracle reads of an incident. */
export interface Case {
  readonly tables: readonly TableSpec[];
  readonly request: PlanRequest;
}

export function judge(incident: Case, printed: Printed, equal: Equal): Verdicts {
  const tables = comparedTables(incident).map((table) => judgeTable(table, incident.request, printed, equal));
  return { tables, totals: count(tables.flatMap((table) => [...table.rows.values()])) };
}

export function comparedTables({ tables, request }: Case): TableSpec[] {
  return tables.filter((table) => !matchesAny(request.excludeTables, table));
}

function judgeTable(table: TableSpec, request: PlanRequest, printed: Printed, equal: Equal): TableVerdict {
  if (isBag(table)) return judgeBag(table, request, printed);
  const current = tableOf(printed.current, table);
  const terms = termsOf(table, request, equal);
  const rows = new Map<string, RowVerdict>();
  for (const [key, row] of incidentDelta(table, printed)) {
    const share = shareOf(request, row);
    const ruling =
      share.part === "none"
        ? { ...untouched, outcome: share.outcome, end: row.versions.current }
        : judgeRow(terms, request, row, share.part === "all" ? undefined : share.columns);
    rows.set(key, { ...ruling, operation: row.operation, end: inOrder(table, current, ruling.end) });
  }
  return { table: table.label, rows, totals: count([...rows.values()]) };
}

function termsOf(table: TableSpec, request: PlanRequest, equal: Equal): MergeTerms {
  return {
    table,
    touch: touchColumns(table, request),
    writesTouch: request.touch?.write !== "keep",
    groups: request.groups.get(table.label) ?? [],
    equal: (column, left, right) => equal(table.label, column, left, right),
  };
}

/** By default timestamps with one of the usual names. */
function touchColumns(table: TableSpec, { touch }: PlanRequest): string[] {
  const isTouch = ({ name, type }: TableSpec["columns"][number]): boolean =>
    touch?.columns?.includes(name) ??
    (type.startsWith("timestamp") && /^(updated_at|modified_at|last_modified.*)$/.test(name));
  return table.columns.filter(isTouch).map((column) => column.name);
}

/** Every key whose rows differ between pre and post in a column all three databases have. */
function incidentDelta(table: TableSpec, printed: Printed): [string, DeltaRow][] {
  const [pre, post, current] = [printed.pre, printed.post, printed.current].map((tables) =>
    tableOf(tables, table),
  );
  if (!pre || !post || !current) return [];
  const delta: [string, DeltaRow][] = [];
  for (const key of new Set([...pre.rows.keys(), ...post.rows.keys()])) {
    const versions = { pre: rowOf(pre, key), post: rowOf(post, key), current: rowOf(current, key) };
    const operation = operationOf(table, versions.pre, versions.post);
    if (operation !== undefined) delta.push([key, { table, operation, versions }]);
  }
  return delta;
}

function operationOf(table: TableSpec, pre: Row | undefined, post: Row | undefined): Operation | undefined {
  if (pre === undefined) return "insert";
  if (post === undefined) return "delete";
  return table.columns.some(({ name }) => pre.get(name) !== post.get(name)) ? "update" : undefined;
}

/** A verdict but for the operation; `end` still by name. */
type Ruling = Omit<RowVerdict, "operation" | "end"> & { readonly end: Row | undefined };

const untouched = { kind: undefined, columns: [], decided: false, write: undefined } as const;

/** `columns` are the only ones incoming, if given; the rest counts as not touched by the incident. */
function judgeRow(
  terms: MergeTerms,
  request: PlanRequest,
  row: DeltaRow,
  columns?: readonly string[],
): Ruling {
  const { pre, post, current } = row.versions;
  const [base, source] = request.mode === "undo" ? [post, pre] : [pre, post];
  const incoming = columns && base && source ? withCells(base, source, columns) : source;
  const finding = merge(terms, base, current, incoming);
  if (finding.outcome === "conflict") return judgeConflict(terms, request, finding, current, incoming);
  switch (finding.outcome) {
    case "insert":
      return { ...untouched, outcome: "apply", write: "insert", end: incoming };
    case "delete":
      return { ...untouched, outcome: "apply", write: "delete", end: undefined };
    case "update":
      return {
        ...untouched,
        outcome: "apply",
        write: "update",
        end: withCells(current, incoming, finding.cells),
      };
    default:
      return { ...untouched, outcome: finding.outcome, end: current };
  }
}

type OpenFinding = Extract<Finding, { outcome: "conflict" }>;

function judgeConflict(
  terms: MergeTerms,
  request: PlanRequest,
  { kind, columns, clean }: OpenFinding,
  current: Row | undefined,
  incoming: Row | undefined,
): Ruling {
  const settlement = settle(request, terms.table, kind, columns);
  if (settlement === undefined) {
    const cells = request.granularity === "cell" ? clean : [];
    return { ...writing(current, incoming, cells), outcome: "conflict", kind, columns, decided: false };
  }
  const decided = { kind, columns, decided: true };
  if ("taken" in settlement) {
    const written = writing(current, incoming, [...clean, ...settlement.taken]);
    return { ...decided, ...written, outcome: written.write ? "apply" : "kept" };
  }
  if (settlement.whole === "current") return { ...decided, outcome: "kept", write: undefined, end: current };
  if (kind === "insert/insert")
    return { ...decided, outcome: "apply", ...writing(current, incoming, columns) };
  return { ...decided, outcome: "apply", write: incoming ? "insert" : "delete", end: incoming };
}

function writing(current: Row | undefined, incoming: Row | undefined, cells: readonly string[]) {
  const write: Operation | undefined = cells.length > 0 ? "update" : undefined;
  return { write, end: withCells(current, incoming, cells) };
}

function withCells(row: Row | undefined, source: Row | undefined, cells: readonly string[]): Row | undefined {
  return row && new Map([...row, ...cells.map((name) => [name, source?.get(name) ?? null] as const)]);
}

/** As current prints it. A column that only current has keeps its value, or gets its default in a new row. */
function inOrder(table: TableSpec, current: PrintedTable, row: Row | undefined) {
  const added = (name: string) => (name === table.extra?.name ? table.extra.value : null);
  return row && current.columns.map((name) => (row.has(name) ? (row.get(name) ?? null) : added(name)));
}
