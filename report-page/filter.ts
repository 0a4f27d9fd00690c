import type { Entry } from "./entries.js";

/** What is asked for; empty is everything. */
export interface Filter {
  readonly text: string;
  readonly table: string;
  readonly outcome: string;
  readonly kind: string;
  readonly tenant: string;
}

export const noFilter: Filter = { text: "", table: "", outcome: "", kind: "", tenant: "" };

/** Of rows without a tenant. It is no tenant's name: PostgreSQL has no such text. */
export const noTenant = "\u0000";

/** Words must all be there, in any order; what stands in quotes must be there as it stands. */
export function matcher(filter: Filter): (entry: Entry) => boolean {
  const needles = (filter.text.toLowerCase().match(/"[^"]+"|\S+/g) ?? []).map((word) =>
    /^".+"$/s.test(word) ? word.slice(1, -1) : word,
  );
  const table = filter.table === "" ? undefined : Number(filter.table);
  return ({ row, haystack }) => {
    if (table !== undefined && row.table !== table) return false;
    if (filter.outcome !== "" && row.outcome !== filter.outcome) return false;
    if (filter.kind !== "" && kindOf(row) !== filter.kind) return false;
    if (filter.tenant !== "" && (row.tenant ?? noTenant) !== filter.tenant) return false;
    return needles.every((needle) => haystack.includes(needle));
  };
}

/** What a row is to its reader: its conflict, or else what is written, or else what the incident did. */
export function kindOf(row: Entry["row"]): string {
  return row.conflict?.kind ?? row.write?.kind ?? row.did;
}

export const sortings = {
  open: "open first",
  plan: "order of the patch",
  newest: "newest first",
} as const;
export type Sorting = keyof typeof sortings;

const urgency: Readonly<Record<string, number>> = {
  conflict: 0,
  apply: 1,
  skipped: 2,
  kept: 3,
  excluded: 4,
  already: 5,
};

export function comparator(sorting: Sorting): (a: Entry, b: Entry) => number {
  const inPlan = (a: Entry, b: Entry) => a.row.at - b.row.at;
  switch (sorting) {
    case "plan":
      return inPlan;
    case "open":
      return (a, b) => (urgency[a.row.outcome] ?? 9) - (urgency[b.row.outcome] ?? 9) || inPlan(a, b);
    case "newest":
      return (a, b) => {
        const [mine = "", theirs = ""] = [a.row.time, b.row.time];
        return mine === theirs ? inPlan(a, b) : mine < theirs ? 1 : -1;
      };
  }
}
