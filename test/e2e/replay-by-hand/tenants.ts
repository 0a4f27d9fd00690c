import type { ExpectedOutcome, TenantFigures } from "../../../sample-data/story.js";
import type { Item } from "./item.js";
import type { Evidence } from "./replay.js";
import { keyText, type Row } from "./snapshot.js";

/** Tables without the tenant's column, and the foreign key on the shortest way to one that has it. */
const ways: Readonly<Record<string, readonly [column: string, parent: string]>> = {
  "public.issue_label": ["issue_id", "public.issue"],
  "public.reaction": ["comment_id", "public.comment"],
  "public.content_draft": ["document_id", "public.document"],
  "public.content_draft_entry": ["document_id", "public.document"],
};

/** Row changes by workspace, sorted. A workspace is its own tenant. */
export function countByTenant(items: readonly Item[], evidence: Evidence): TenantFigures[] {
  const tenants = new Map<
    string,
    { outcomes: Record<ExpectedOutcome, number>; conflicts: Record<string, number> }
  >();
  for (const item of items) {
    const tenant = tenantOf(item, evidence);
    const figures = tenants.get(tenant) ?? {
      outcomes: { apply: 0, already: 0, conflict: 0, kept: 0, excluded: 0, skipped: 0 },
      conflicts: {},
    };
    tenants.set(tenant, figures);
    if (item.outcome) figures.outcomes[item.outcome] += 1;
    const { kind } = item.conflict ?? {};
    if (item.outcome === "conflict" && kind) figures.conflicts[kind] = (figures.conflicts[kind] ?? 0) + 1;
  }
  return [...tenants]
    .map(([tenant, figures]) => ({ tenant, ...figures }))
    .sort((left, right) => (left.tenant < right.tenant ? -1 : 1));
}

/** Told by the side that has the row. */
function tenantOf({ table, pre, post }: Item, evidence: Evidence): string {
  const row = post ?? pre ?? {};
  if (table === "public.workspace") return row["id"] ?? "";
  const way = ways[table];
  return (way ? parentOf(row, way, post ? evidence.post : evidence.pre) : row)?.["workspace_id"] ?? "";
}

function parentOf(
  row: Row,
  [column, parent]: (typeof ways)[string],
  { tables }: Evidence["pre"],
): Row | undefined {
  return tables.get(parent)?.rows.get(keyText([column], row));
}
