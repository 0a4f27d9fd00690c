import { sameRow } from "../../merge/between/around-damage.js";
import { isBag } from "../../model/bag.js";
import type { Sighting } from "../../model/between.js";
import { type PlannedRow, versionsOf, writtenKey } from "../../model/change.js";
import { UsageError } from "../../model/errors.js";
import type { PlanHeader } from "../../model/plan.js";
import type { NamedRow, RowStory, StoryConflict, StorySnapshot } from "../../model/row-story.js";
import { signatureNumber } from "../../model/signature.js";
import { columnNames, keyObject, type Table } from "../../model/table.js";
import { type DatabaseRole, databaseRoles, type Key, type Mode, type Row } from "../../model/value.js";
import { writtenColumns } from "../../report/jsonl/changes-jsonl.js";
import { rowObject } from "../../report/jsonl/row-objects.js";
import type { Redactor } from "../../report/redact-rows.js";
import { summarizeSignatures } from "../../report/signatures.js";
import { rowStatement } from "../../sql/row-statement.js";
import type { PlanStore } from "../../store/plan-store.js";
import { redactorOf } from "../redaction.js";
import { findTable, readKey } from "./find-row.js";
import { type LiveRows, liveRows, type Targets } from "./live-rows.js";

export interface ExplainOptions {
  readonly store: PlanStore;
  /** As typed: `public.device`, or `device`. */
  readonly table: string;
  /** As typed: `42`, `7,en` or a JSON object. */
  readonly key: string;
  /** Databases to look into besides the plan. */
  readonly targets: Targets;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The story of one row, in all databases and the plan.
 * @throws UsageError when there is no such table, or nobody knows of such a row
 */
export async function explain({ store, targets, signal, ...asked }: ExplainOptions): Promise<RowStory> {
  const header = await store.readHeader();
  const table = findTable(header.tables, asked.table);
  return explainRow({ store, table: table.label, key: readKey(table, asked.key), targets, signal });
}

/**
 * The same of a row that is known by its key; of a table without one, by that of the copy in the plan.
 * @throws UsageError when nobody knows of such a row
 */
export async function explainRow({
  store,
  targets,
  signal,
  key,
  ...asked
}: Omit<ExplainOptions, "key"> & { readonly key: Key }): Promise<RowStory> {
  const header = await store.readHeader();
  const table = findTable(header.tables, asked.table);
  const row = await plannedRow(store, header.tables.indexOf(table), key);
  // Without a key, nothing tells the copy from others in a database.
  const live = await liveRows(header, isBag(table) ? {} : targets, table, row?.key ?? key, signal);
  if (row === undefined && [...live.rows.values()].every((found) => found === undefined))
    throw await unknownRow(store, header, table, key.join(","), live);
  const redactor = redactorOf(header);
  const shown = row && redactor.row(row);
  const told =
    row === undefined || shown === undefined ? untold : await tell(store, header, table, row, shown);
  return {
    ...told,
    ...versions(header, table, shown, live, redactor),
    table: table.label,
    key: keyObject(table, redactor.key(table, key)),
  };
}

async function plannedRow(store: PlanStore, table: number, key: readonly string[]) {
  for await (const [row] of store.rows({ table, keys: [key] })) return row;
  return undefined;
}

const untold = {
  incident: null,
  transaction: null,
  signature: null,
  rule: null,
  outcome: null,
  reason: null,
  conflict: null,
  change: null,
  sql: null,
} as const;

async function tell(
  store: PlanStore,
  header: PlanHeader,
  table: Table,
  row: PlannedRow,
  shown: PlannedRow,
): Promise<Omit<RowStory, "table" | "key" | keyof ReturnType<typeof versions>>> {
  const { transaction, rule, change } = row;
  const isRedacted = (header.redaction?.columns[table.label] ?? []).length > 0;
  const ruled = rule === undefined ? undefined : header.rules?.[rule - 1];
  return {
    incident: row.operation,
    transaction:
      transaction === undefined
        ? null
        : { id: transaction, committedAt: (await store.times.of(transaction)) ?? null },
    signature: signatureOf(header, row),
    rule: rule === undefined || ruled === undefined ? null : { number: rule, ...ruled },
    outcome: row.outcome,
    reason: shown.reason ?? null,
    conflict: await conflictOf(store, table, shown),
    change: shown.change
      ? { operation: shown.change.kind, columns: writtenColumns(table, shown.change) }
      : null,
    sql:
      change === undefined || isRedacted
        ? null
        : rowStatement(table, { key: writtenKey(table, row), change }, header.touchWrite),
  };
}

function signatureOf(header: PlanHeader, { signature }: PlannedRow): RowStory["signature"] {
  const { redaction } = header;
  const redactor = redaction === undefined ? undefined : redactorOf(header);
  const found = summarizeSignatures(header, redactor).find(({ id }) => signatureNumber(id) === signature);
  return found === undefined ? null : { id: found.id, words: found.words };
}

async function conflictOf(
  store: PlanStore,
  table: Table,
  { conflict }: PlannedRow,
): Promise<StoryConflict | null> {
  if (conflict === undefined) return null;
  const { id, kind, columns, cause = null, resolution = null, reason = null } = conflict;
  const decision = await store.decisionOf(id);
  return {
    conflict: id,
    kind,
    columns: columnNames(table, columns),
    cause,
    resolution: decision?.resolution ?? resolution,
    reason: decision?.reason ?? reason,
    decided: decision === undefined ? null : { by: decision.by, at: decision.at },
  };
}

function versions(
  { redaction, mode, between: facts }: PlanHeader,
  table: Table,
  row: PlannedRow | undefined,
  live: LiveRows,
  redactor: Redactor,
): Pick<RowStory, "planned" | "between" | "merged" | "now" | "differing" | "notes"> {
  const named = (found: Row | undefined): NamedRow =>
    rowObject(
      table,
      found?.map((value, at) => redactor.value(table.label, at, value)),
    );
  const now = Object.fromEntries([...live.rows].map(([role, found]) => [role, named(found)]));
  const planned = row === undefined ? {} : plannedVersions(table, row);
  const inside = row?.seen === undefined ? undefined : { between: snapshotsOf(table, row.seen, facts) };
  const merged = row?.seen === undefined ? undefined : mergedVersions(table, row, row.seen, mode);
  const snapshots = (inside?.between ?? []).map((one) => one.row);
  const all = [...Object.values(planned), ...snapshots, ...Object.values(now)];
  const differing = table.columns.flatMap(({ name }) =>
    new Set(all.map((version) => JSON.stringify(version?.[name]))).size > 1 ? [name] : [],
  );
  const notes = [
    ...(row === undefined ? ["the incident did not change it, and the plan does not touch it"] : []),
    ...(redaction === undefined ? [] : ["marks stand for values that are redacted"]),
    ...live.notes,
  ];
  return { planned, ...inside, ...(merged && { merged }), now, differing, notes };
}

function snapshotsOf(
  table: Table,
  seen: readonly Sighting[],
  facts: PlanHeader["between"],
): readonly StorySnapshot[] {
  return (facts?.snapshots ?? []).map(({ label }, at) => {
    const { row, transaction = null } = seen[at + 1] ?? {};
    return { label, row: rowObject(table, row), transaction: transaction ?? null };
  });
}

/** Of a row whose damage is told apart from what people did before and after it; undefined: it is as pre and post say. */
function mergedVersions(
  table: Table,
  row: PlannedRow,
  seen: readonly Sighting[],
  mode: Mode,
): RowStory["merged"] {
  if (sameRow(row.pre, seen[0]?.row) && sameRow(row.post, seen.at(-1)?.row)) return undefined;
  const { base, incoming } = versionsOf(mode, row);
  return { base: rowObject(table, base), incoming: rowObject(table, incoming) };
}

/** Of rows that are not incoming, nobody looked into current. */
function plannedVersions(table: Table, row: PlannedRow): RowStory["planned"] {
  const asked = row.current !== undefined || !["kept", "excluded"].includes(row.outcome);
  const roles: readonly DatabaseRole[] = databaseRoles.filter((role) => role !== "current" || asked);
  const { seen } = row;
  const versions = seen === undefined ? row : { ...row, pre: seen[0]?.row, post: seen.at(-1)?.row };
  return Object.fromEntries(roles.map((role) => [role, rowObject(table, versions[role])]));
}

async function unknownRow(
  store: PlanStore,
  header: PlanHeader,
  table: Table,
  key: string,
  live: LiveRows,
): Promise<UsageError> {
  const known: string[] = [];
  for await (const rows of store.rows({ table: header.tables.indexOf(table) }, 3)) {
    const redactor = redactorOf(header);
    known.push(...rows.map((row) => redactor.key(table, row.key).join(",")));
    break;
  }
  const where = live.rows.size === 0 ? "" : `, and ${[...live.rows.keys()].join(", ")} has no such row`;
  const what = `the incident changed no row ${key} of ${table.label}${where}`;
  const hints = [
    ...live.notes,
    ...(live.rows.size === 0 ? ["to see a row that it did not change, give --pre, --post or --current"] : []),
    known.length === 0 ? "it changed none of this table" : `rows that it changed: ${known.join(" ")} …`,
  ];
  return new UsageError([{ where: "key", what }], hints.join("; "));
}
