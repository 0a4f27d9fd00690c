import { conflictId, fingerprintOf } from "../../merge/conflict-id.js";
import { isBag } from "../../model/bag.js";
import { type PlannedRow, versionsOf } from "../../model/change.js";
import { isRowConflict } from "../../model/conflict.js";
import type { Decision } from "../../model/decision.js";
import { keyOfObject, type Table } from "../../model/table.js";
import type { Mode } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import type { PlanStore } from "../../store/plan-store.js";

/** The plan whose decisions are to be taken over, and who plans again. */
export interface Earlier {
  readonly store: Pick<PlanStore, "decisions">;
  readonly by: string;
}

export interface Reused {
  readonly reused: number;
  readonly lapsed: number;
  /** The first that lapsed, by table, key and kind. */
  readonly named: readonly string[];
}

interface Target {
  readonly store: PlanStore;
  readonly tables: readonly Table[];
  readonly mode: Mode;
}

/** Decisions looked up in one query for each table. */
const chunkSize = 1000;
const namedDecisions = 5;

/**
 * Takes over the decisions of an earlier plan whose conflicts may be there again and whose rows are still the same; the
 * others are written down in the journal, and told. Asked when the rows are merged and nothing was checked yet.
 */
export async function reuseDecisions(target: Target, { store: earlier, by }: Earlier): Promise<Reused> {
  let [reused, lapsed] = [0, 0];
  const named: string[] = [];
  for await (const decisions of earlier.decisions(chunkSize)) {
    const fit = await fitting(target, decisions);
    const others = decisions.filter((decision) => !fit.has(decision));
    await target.store.saveDecisions([...fit], "reused");
    await target.store.lapseDecisions(others, { by, at: new Date().toISOString() });
    reused += fit.size;
    lapsed += others.length;
    const more = others.slice(0, namedDecisions - named.length);
    named.push(...more.map(({ table, key, kind }) => `${table} ${JSON.stringify(key)} (${kind})`));
  }
  return { reused, lapsed, named };
}

/** Of rows that two things got one key for, by conflict: no strategy may give one a new key that is decided about. */
export async function decidedInserts({ store }: Earlier): Promise<ReadonlyMap<string, string>> {
  const fingerprints = new Map<string, string>();
  for await (const decisions of store.decisions())
    for (const { conflict, kind, fingerprint } of decisions)
      if (kind === "insert/insert") fingerprints.set(conflict, fingerprint);
  return fingerprints;
}

async function fitting(
  { store, tables, mode }: Target,
  decisions: readonly Decision[],
): Promise<ReadonlySet<Decision>> {
  const fit = new Set<Decision>();
  for (const [at, table] of tables.entries()) {
    if (isBag(table)) {
      for (const decision of await fittingCopies({ store, tables, mode }, at, decisions)) fit.add(decision);
      continue;
    }
    const mine = decisions.flatMap((decision) => {
      const key = decision.table === table.label ? keyOfObject(table, decision.key) : undefined;
      return key === undefined ? [] : [{ decision, key }];
    });
    if (mine.length === 0) continue;
    const rows = new Map<string, PlannedRow>();
    for await (const batch of store.rows({ table: at, keys: mine.map(({ key }) => key) }))
      for (const row of batch) rows.set(valuesKey(row.key), row);
    for (const { decision, key } of mine) {
      const row = rows.get(valuesKey(key));
      if (row !== undefined && fits(table, mode, row, decision)) fit.add(decision);
    }
  }
  return fit;
}

/** A copy of a row is told by the id of its conflict alone, as its key is in no file. */
async function fittingCopies(
  { store, tables, mode }: Target,
  at: number,
  decisions: readonly Decision[],
): Promise<readonly Decision[]> {
  const table = tables[at] as Table;
  const mine = new Map(
    decisions.filter((one) => one.table === table.label).map((one) => [one.conflict, one] as const),
  );
  const kinds = new Set([...mine.values()].map(({ kind }) => kind));
  const fit: Decision[] = [];
  if (mine.size === 0) return fit;
  for await (const batch of store.rows({ table: at })) {
    for (const row of batch) {
      const ids = [...kinds].map((kind) => conflictId(table.label, row.key, kind));
      const found = ids.flatMap((id) => mine.get(id) ?? []);
      fit.push(...found.filter((decision) => fits(table, mode, row, decision)));
    }
  }
  return fit;
}

function fits(table: Table, mode: Mode, row: PlannedRow, decision: Decision): boolean {
  if (fingerprintOf(table, versionsOf(mode, row)) !== decision.fingerprint) return false;
  const { conflict, change } = row;
  // Behind the suspicion there may be a conflict that shows once it is decided.
  if (conflict?.id === decision.conflict || conflict?.kind === "suspected-damage") return true;
  // Whether a constraint allows what is written is not known yet.
  return !isRowConflict(decision.kind) && (change !== undefined || conflict !== undefined);
}
