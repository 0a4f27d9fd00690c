import type { PagePlan, PageRow, PageValue } from "../src/report/html/page-data.js";

/** A row with what it is found by. */
export interface Entry {
  readonly row: PageRow;
  /** All its texts, in lower case. */
  readonly haystack: string;
}

export function entryOf(row: PageRow, plan: PagePlan): Entry {
  const texts = [
    plan.tables[row.table]?.label ?? "",
    ...row.key,
    ...valuesOf(row).map(plainText),
    row.conflict?.kind ?? "",
    row.conflict?.cause ?? "",
    row.conflict?.reason ?? "",
    row.conflict?.id ?? "",
    row.reason ?? "",
    row.tenant ?? "",
    row.transaction ?? "",
  ];
  // The separator is in no text of PostgreSQL's: nothing is found across two values.
  return { row, haystack: texts.join("\u0000").toLowerCase() };
}

function valuesOf({ write, versions }: PageRow): readonly PageValue[] {
  const { pre, post, current } = versions ?? {};
  return [...(write?.from ?? []), ...(write?.to ?? []), ...(pre ?? []), ...(post ?? []), ...(current ?? [])];
}

function plainText(value: PageValue): string {
  return value === null ? "" : typeof value === "string" ? value : value.start;
}
