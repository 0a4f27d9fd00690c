import type { Catalog } from "../../model/catalog.js";
import type { Candidate } from "../../model/config-draft.js";

/** A person who writes rows is no tenant, though as many tables may refer to one. */
const people =
  /(^|_)(user|users|person|people|member|employee|author|actor|creator|owner|staff|admin|operator|agent)(_|$)|(created|updated|modified|deleted|edited)_by/i;

/** Fewer are chance. */
const leastReferences = 3;
const mostCandidates = 3;

/** Columns by which many tables refer to one: to a tenant, or to the person who wrote the row. */
export function suggestOwners(catalog: Catalog): {
  readonly tenants: readonly Candidate[];
  readonly actors: readonly Candidate[];
} {
  const candidates = countCandidates(catalog).filter(({ references }) => references >= leastReferences);
  const likeliest = candidates.sort((a, b) => b.references - a.references || (a.column < b.column ? -1 : 1));
  const isActor = ({ column, parent }: Candidate) => people.test(column) || people.test(bareName(parent));
  return {
    tenants: likeliest.filter((candidate) => !isActor(candidate)).slice(0, mostCandidates),
    actors: likeliest.filter(isActor).slice(0, mostCandidates),
  };
}

function bareName(label: string): string {
  return label.slice(label.indexOf(".") + 1);
}

function countCandidates({ foreignKeys, tables }: Catalog): Candidate[] {
  const referring = new Map<string, { column: string; parent: string; tables: Set<string> }>();
  for (const { columns, parent, table } of foreignKeys) {
    const [column] = columns;
    // A composite key often begins with the tenant; which of its columns that is cannot be told.
    if (column === undefined || columns.length > 1 || table === parent) continue;
    const id = JSON.stringify([column, parent]);
    const entry = referring.get(id) ?? { column, parent, tables: new Set<string>() };
    referring.set(id, entry);
    entry.tables.add(table);
  }
  return [...referring.values()].map(({ column, parent, tables: referers }) => ({
    column,
    parent,
    references: referers.size,
    others: tables.filter(
      ({ label, columns }) => !referers.has(label) && columns.some(({ name }) => name === column),
    ).length,
  }));
}
