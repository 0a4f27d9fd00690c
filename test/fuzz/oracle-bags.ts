import { shareOf } from "./oracle-rules.js";
import {
  copyName,
  identityInName,
  type Printed,
  type PrintedTable,
  type Row,
  rowOf,
  tableOf,
} from "./printed.js";
import type { Operation, PlanRequest } from "./request.js";
import type { TableSpec } from "./table.js";
import { count, type RowVerdict, type TableVerdict } from "./verdict.js";

/**
 * A table without a key, by the section of docs/merge-rules.md on it: of each row the copies are counted, and both sides'
 * changes count, but once where they agree.
 */
export function judgeBag(table: TableSpec, request: PlanRequest, printed: Printed): TableVerdict {
  const [pre, post, current] = [printed.pre, printed.post, printed.current].map((all) => tableOf(all, table));
  const rows = new Map<string, RowVerdict>();
  if (!pre || !post || !current) throw new RangeError("three databases");
  for (const identity of new Set([...identities(pre), ...identities(post)])) {
    const copies = {
      pre: copiesOf(pre, identity),
      post: copiesOf(post, identity),
      current: copiesOf(current, identity),
    };
    const row = rowOf(copies.pre > 0 ? pre : post, copyName(identity, 1));
    if (row === undefined || copies.pre === copies.post) continue;
    for (const [name, verdict] of judgeCopies(table, request, { identity, row, copies, current }))
      rows.set(name, verdict);
  }
  return { table: table.label, rows, totals: count([...rows.values()]) };
}

function identities({ rows }: PrintedTable): readonly string[] {
  return [...rows.keys()].map(identityInName);
}

function copiesOf(table: PrintedTable, identity: string): number {
  return identities(table).filter((other) => other === identity).length;
}

interface Copies {
  readonly identity: string;
  readonly row: Row;
  readonly copies: Readonly<Record<"pre" | "post" | "current", number>>;
  readonly current: PrintedTable;
}

function judgeCopies(
  table: TableSpec,
  request: PlanRequest,
  { identity, row, copies, current }: Copies,
): readonly (readonly [string, RowVerdict])[] {
  const operation: Operation = copies.post > copies.pre ? "insert" : "delete";
  const versions = {
    pre: operation === "delete" ? row : undefined,
    post: operation === "insert" ? row : undefined,
    current: copies.current > 0 ? row : undefined,
  };
  const verdict = (more: Partial<RowVerdict>): RowVerdict => ({
    ...{
      operation,
      outcome: "kept",
      kind: undefined,
      columns: [],
      decided: false,
      write: undefined,
      end: undefined,
    },
    ...more,
  });
  const changed = Math.abs(copies.post - copies.pre);
  const share = shareOf(request, { table, operation, versions });
  // Copies that nothing is written for have names that no row of current has.
  const idle = (some: number, outcome: RowVerdict["outcome"]) =>
    times(some, (at) => [copyName(identity, `${outcome} ${at}`), verdict({ outcome })] as const);
  if (share.part === "none") return idle(changed, share.outcome);
  const base = request.mode === "undo" ? copies.post : copies.pre;
  const wanted = request.mode === "undo" ? copies.pre - copies.post : copies.post - copies.pre;
  const since = copies.current - base;
  const agreed = wanted * since > 0 ? Math.min(changed, Math.abs(since)) : 0;
  const end = current.columns.map((name) =>
    name === table.extra?.name ? table.extra.value : (row.get(name) ?? null),
  );
  const written = times(changed - agreed, (at) =>
    wanted > 0
      ? ([
          copyName(identity, copies.current + 1 + at),
          verdict({ outcome: "apply", write: "insert", end }),
        ] as const)
      : ([copyName(identity, copies.current - at), verdict({ outcome: "apply", write: "delete" })] as const),
  );
  return [...idle(agreed, "already"), ...written];
}

const times = <T>(many: number, make: (at: number) => T): readonly T[] =>
  Array.from({ length: many }, (_, at) => make(at));
