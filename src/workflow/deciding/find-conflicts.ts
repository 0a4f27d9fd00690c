import { matchesColumns, matchesTable } from "../../merge/rules/match.js";
import type { PlannedConflict, PlannedRow } from "../../model/change.js";
import type { ConflictKind } from "../../model/conflict.js";
import { type Mistake, UsageError } from "../../model/errors.js";
import type { PlanHeader } from "../../model/plan.js";
import { columnNames, type Table } from "../../model/table.js";
import { checkWhere, evaluateWhere } from "../../postgres/evaluate-where.js";
import type { Session } from "../../postgres/session/session.js";
import type { PlanStore } from "../../store/plan-store.js";
import { didYouMean } from "../settings/did-you-mean.js";

/** Which conflicts are meant; what is not given does not restrict. */
export interface ConflictFilter {
  /** Ids; a few thousand at most. */
  readonly conflicts?: readonly string[] | undefined;
  /** Globs over labels. */
  readonly tables?: readonly string[] | undefined;
  /** Globs over names: one of the columns in conflict. */
  readonly columns?: readonly string[] | undefined;
  readonly kinds?: readonly ConflictKind[] | undefined;
  readonly tenants?: readonly string[] | undefined;
  /** A PostgreSQL expression over the rows pre, post and current; it is asked on `current`. */
  readonly where?: string | undefined;
}

/** A row with its conflict, open or decided. */
export interface FoundConflict {
  readonly table: Table;
  readonly row: PlannedRow & { readonly conflict: PlannedConflict };
}

/** Rows of a batch: one question to PostgreSQL each. */
const batchSize = 1000;

/**
 * The conflicts that are meant, in the order of the plan, in batches.
 *
 * @param current only asked where there is a `where`
 * @throws UsageError for names that the plan does not have, and a `where` that PostgreSQL does not understand
 */
export async function* findConflicts(
  store: PlanStore,
  header: Pick<PlanHeader, "tables" | "tenant">,
  filter: ConflictFilter,
  current?: Session,
): AsyncGenerator<readonly FoundConflict[]> {
  const meant = header.tables.flatMap((table, at) =>
    matchesTable(filter.tables, table) ? [{ table, at }] : [],
  );
  await checkFilter(header, meant, filter, current);
  for (const { table, at } of meant) {
    const { conflicts } = filter;
    const named = conflicts === undefined ? {} : { conflicts };
    for await (const batch of store.rows({ table: at, inConflict: true, ...named }, batchSize)) {
      const found = batch.flatMap((row) => {
        const { conflict } = row;
        return conflict !== undefined && isMeant(table, conflict, row.tenant, filter)
          ? [{ table, row: { ...row, conflict } }]
          : [];
      });
      const holding = await whereHolds(table, found, filter, current);
      if (holding.length > 0) yield holding;
    }
  }
}

function isMeant(
  table: Table,
  conflict: PlannedConflict,
  tenant: string | undefined,
  { columns, kinds, tenants }: ConflictFilter,
): boolean {
  if (tenants !== undefined && (tenant === undefined || !tenants.includes(tenant))) return false;
  if (kinds !== undefined && !(kinds as readonly string[]).includes(conflict.kind)) return false;
  if (columns === undefined) return true;
  return columnNames(table, conflict.columns).some((name) => matchesColumns(columns, name));
}

async function whereHolds(
  table: Table,
  found: readonly FoundConflict[],
  { where }: ConflictFilter,
  current: Session | undefined,
): Promise<readonly FoundConflict[]> {
  if (where === undefined || current === undefined || found.length === 0) return found;
  const [holds = []] = await evaluateWhere(
    current,
    table,
    [where],
    found.map(({ row }) => row),
  );
  return found.filter((_, at) => holds[at]);
}

async function checkFilter(
  { tables, tenant }: Pick<PlanHeader, "tables" | "tenant">,
  meant: readonly { readonly table: Table }[],
  { tables: patterns, columns, tenants, where }: ConflictFilter,
  current: Session | undefined,
): Promise<void> {
  const mistakes: Mistake[] = [];
  if (tenants !== undefined && tenant === undefined)
    mistakes.push({ where: "--tenant", what: "the plan knows no tenants: its config named none" });
  mistakes.push(...unknownTables(patterns ?? [], tables), ...unknownColumns(columns ?? [], meant));
  if (where !== undefined && current !== undefined) {
    for (const { table } of meant) {
      const complaint = await checkWhere(current, table, where);
      if (complaint !== undefined)
        mistakes.push({ where: "--where", what: `cannot be asked of ${table.label}: ${complaint}` });
    }
  }
  if (mistakes.length === 0) return;
  const narrower = mistakes.some((mistake) => mistake.where === "--where");
  throw new UsageError(mistakes, narrower ? "--table narrows down which tables are asked" : undefined);
}

function unknownTables(patterns: readonly string[], tables: PlanHeader["tables"]): Mistake[] {
  const labels = tables.map(({ label }) => label);
  return patterns
    .filter((pattern) => !tables.some((table) => matchesTable([pattern], table)))
    .map((pattern) => {
      const what = `the plan has no table "${pattern}"${didYouMean(pattern, labels)}`;
      return { where: "--table", what };
    });
}

/** Without a table that is meant there is nothing to look a column up in, and that is told already. */
function unknownColumns(patterns: readonly string[], meant: readonly { readonly table: Table }[]): Mistake[] {
  const names = new Set(meant.flatMap(({ table }) => table.columns.map(({ name }) => name)));
  if (meant.length === 0) return [];
  return patterns
    .filter((pattern) => ![...names].some((name) => matchesColumns([pattern], name)))
    .map((pattern) => {
      const what = `no table that is meant has a column "${pattern}"${didYouMean(pattern, [...names])}`;
      return { where: "--column", what };
    });
}
