import type { Row } from "./printed.js";
import type { RowConflict } from "./request.js";
import type { TableSpec } from "./table.js";

/** What the merge of one row needs to know of its table and of what was asked. */
export interface MergeTerms {
  readonly table: TableSpec;
  /** Names of the table's touch columns. */
  readonly touch: readonly string[];
  readonly writesTouch: boolean;
  readonly groups: readonly (readonly string[])[];
  readonly equal: (column: string, left: string, right: string) => boolean;
}

/** What the table of section 2.1 says of one incoming row change, before any strategy is asked. */
export type Finding =
  | { readonly outcome: "insert" | "delete" | "already" | "kept" }
  | { readonly outcome: "update"; readonly cells: readonly string[] }
  | {
      readonly outcome: "conflict";
      readonly kind: RowConflict;
      readonly columns: readonly string[];
      /** Of update/update: what could be written all the same. */
      readonly clean: readonly string[];
    };

export function merge(
  terms: MergeTerms,
  base: Row | undefined,
  current: Row | undefined,
  incoming: Row | undefined,
): Finding {
  if (base && incoming) {
    if (current) return mergeUpdate(terms, base, current, incoming);
    // A touch alone never makes a conflict, not even with a row that was removed since.
    return saying(terms).some((name) => incoming.get(name) !== base.get(name))
      ? wholeRow("delete/update")
      : { outcome: "kept" };
  }
  if (base) return mergeDelete(terms, base, current);
  if (incoming) return mergeInsert(terms, current, incoming);
  throw new Error("a row change needs a row before or after");
}

const wholeRow = (kind: RowConflict, columns: readonly string[] = []): Finding => ({
  outcome: "conflict",
  kind,
  columns,
  clean: [],
});

function mergeDelete(terms: MergeTerms, base: Row, current: Row | undefined): Finding {
  if (current === undefined) return { outcome: "already" };
  const touched = saying(terms).some((name) => current.get(name) !== base.get(name));
  return touched ? wholeRow("update/delete") : { outcome: "delete" };
}

function mergeInsert(terms: MergeTerms, current: Row | undefined, incoming: Row): Finding {
  if (current === undefined) return { outcome: "insert" };
  const columns = saying(terms).filter((name) => !agree(terms, name, current, incoming));
  return columns.length > 0 ? wholeRow("insert/insert", columns) : { outcome: "already" };
}

function mergeUpdate(terms: MergeTerms, base: Row, current: Row, incoming: Row): Finding {
  const changed = names(terms).filter((name) => incoming.get(name) !== base.get(name));
  const untouched = (name: string) => current.get(name) === base.get(name);
  const spoken = changed.filter((name) => !terms.touch.includes(name));
  const columns = conflicting(terms, base, current, incoming);
  const clean = spoken.filter((name) => !contested(terms, name, base, current));
  if (terms.writesTouch)
    clean.push(...changed.filter((name) => terms.touch.includes(name) && untouched(name)));
  if (columns.length > 0) return { outcome: "conflict", kind: "update/update", columns, clean };
  if (clean.length > 0) return { outcome: "update", cells: clean };
  if (spoken.length > 0) return { outcome: "already" };
  return { outcome: changed.every((name) => current.get(name) === incoming.get(name)) ? "already" : "kept" };
}

/** Columns on which current and incoming both changed something, and do not agree. */
function conflicting(terms: MergeTerms, base: Row, current: Row, incoming: Row): string[] {
  return saying(terms).filter((name) => {
    const together = groupOf(terms, name);
    const changedBy = (side: Row) => together.some((member) => side.get(member) !== base.get(member));
    return changedBy(incoming) && changedBy(current) && !agree(terms, name, current, incoming);
  });
}

/** Did current change it too? In a group one changed column stands for all of them. */
function contested(terms: MergeTerms, name: string, base: Row, current: Row): boolean {
  return groupOf(terms, name).some((member) => current.get(member) !== base.get(member));
}

/** A column in no group is a group of its own. */
const groupOf = (terms: MergeTerms, name: string): readonly string[] =>
  terms.groups.find((group) => group.includes(name)) ?? [name];

function agree(terms: MergeTerms, name: string, current: Row, incoming: Row): boolean {
  const left = current.get(name) ?? null;
  const right = incoming.get(name) ?? null;
  if (left === null || right === null) return left === right;
  return left === right || terms.equal(name, left, right);
}

const names = (terms: MergeTerms): string[] => terms.table.columns.map((column) => column.name);

/** All columns but touch columns: those that say something. */
const saying = (terms: MergeTerms): string[] => names(terms).filter((name) => !terms.touch.includes(name));
