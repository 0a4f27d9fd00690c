import { holds, type Lookup } from "./condition.js";
import { matchesAny } from "./patterns.js";
import type { Row } from "./printed.js";
import type { Operation, PlanRequest, Rule } from "./request.js";
import type { Role, TableSpec } from "./table.js";

/** One row of the incident delta and its three versions. */
export interface DeltaRow {
  readonly table: TableSpec;
  readonly operation: Operation;
  readonly versions: Readonly<Record<Role, Row | undefined>>;
}

/** Which part of a row change is to be merged into current; none, and why. */
export type Share =
  | { readonly part: "all" }
  | { readonly part: "columns"; readonly columns: readonly string[] }
  | { readonly part: "none"; readonly outcome: "kept" | "excluded" };

const all: Share = { part: "all" };
const kept: Share = { part: "none", outcome: "kept" };
const excluded: Share = { part: "none", outcome: "excluded" };

/** Section 2.2: the first rule that matches decides, else the default of the mode. */
export function shareOf(request: PlanRequest, row: DeltaRow): Share {
  const rule = request.rules.find((candidate) => matches(candidate, row));
  if (rule === undefined) return defaultShare(request, row);
  return request.mode === "undo" ? undoShare(rule, row) : replayShare(rule, row);
}

function defaultShare(request: PlanRequest, row: DeltaRow): Share {
  if (request.mode === "replay") return all;
  return (request.damage ?? ["update", "delete"]).includes(row.operation) ? all : kept;
}

/** Only damage is undone. */
function undoShare(rule: Rule, row: DeltaRow): Share {
  if (rule.is === "legitimate") return kept;
  if (rule.is === "excluded") return excluded;
  return rule.columns === undefined ? all : part(listed(rule, row), kept);
}

/** Everything is replayed but damage and what is excluded. */
function replayShare(rule: Rule, row: DeltaRow): Share {
  if (rule.is === "legitimate") return all;
  const otherwise = rule.is === "damage" ? kept : excluded;
  return rule.columns === undefined ? otherwise : part(unlisted(rule, row), otherwise);
}

const part = (columns: readonly string[], otherwise: Share): Share =>
  columns.length > 0 ? { part: "columns", columns } : otherwise;

const listed = (rule: Rule, row: DeltaRow): string[] =>
  changedInIncident(row).filter((name) => rule.columns?.includes(name));

const unlisted = (rule: Rule, row: DeltaRow): string[] =>
  changedInIncident(row).filter((name) => !rule.columns?.includes(name));

function changedInIncident({ table, versions: { pre, post } }: DeltaRow): string[] {
  return table.columns.map((column) => column.name).filter((name) => pre?.get(name) !== post?.get(name));
}

function matches(rule: Rule, row: DeltaRow): boolean {
  if (!matchesAny(rule.tables, row.table)) return false;
  if (rule.operations !== undefined && !rule.operations.includes(row.operation)) return false;
  if (rule.columns !== undefined && (row.operation !== "update" || listed(rule, row).length === 0))
    return false;
  const lookup: Lookup = (role, column) => row.versions[role]?.get(column) ?? null;
  return rule.where === undefined || holds(rule.where, lookup);
}
