import type {
  ExpectedConflict,
  ExpectedOutcome,
  ExpectedSkip,
  Replay,
  RowChange,
  TenantFigures,
} from "../story.js";
import type { Fate } from "./fate.js";
import type { Entry } from "./ledger.js";
import { printRef } from "./row-ref.js";
import type { Script } from "./script.js";

/** What a replay must come to, told from what people did and not from the databases. */
export function expectReplay({ entries, handedOut }: Script): Replay {
  return {
    excluded: entries.filter(({ fate }) => fate.kind === "excluded").map(printEntry),
    skipped: entries.flatMap((entry): ExpectedSkip[] => {
      if (entry.fate.kind !== "skipped") return [];
      const { cause } = entry.fate;
      return [{ ...printEntry(entry), ...(cause && { cause: cause.map(printRef) }) }];
    }),
    rekeyed: handedOut.rekeyed.map(({ table, from, to }) => ({
      table: `public.${table}`,
      from: { id: String(from) },
      to: { id: String(to) },
    })),
    tenants: countByTenant(entries),
  };
}

export function expectConflicts(entries: readonly Entry[]): ExpectedConflict[] {
  return entries.flatMap((entry): ExpectedConflict[] => {
    if (entry.fate.kind !== "conflict") return [];
    const { conflict, columns, cause } = entry.fate;
    return [{ ...printRef(entry.ref), kind: conflict, columns, cause: cause.map(printRef) }];
  });
}

export function countOutcomes(entries: readonly Entry[]): Record<ExpectedOutcome, number> {
  const counts = { apply: 0, already: 0, conflict: 0, kept: 0, excluded: 0, skipped: 0 };
  for (const { fate } of entries) counts[outcomeOf(fate)] += 1;
  return counts;
}

function countByTenant(entries: readonly Entry[]): readonly TenantFigures[] {
  const tenants = new Map<string, Entry[]>();
  for (const entry of entries) {
    const list = tenants.get(entry.workspace);
    if (list) list.push(entry);
    else tenants.set(entry.workspace, [entry]);
  }
  return [...tenants].map(([tenant, list]) => ({
    tenant,
    outcomes: countOutcomes(list),
    conflicts: countKinds(list),
  }));
}

function countKinds(entries: readonly Entry[]): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const { fate } of entries) {
    if (fate.kind === "conflict") kinds[fate.conflict] = (kinds[fate.conflict] ?? 0) + 1;
  }
  return kinds;
}

function outcomeOf({ kind }: Fate): ExpectedOutcome {
  if (kind === "gone" || kind === "missing") throw new Error(`no row of a snapshot is ${kind}`);
  return kind;
}

function printEntry({ ref, operation }: Entry): RowChange {
  return { ...printRef(ref), operation };
}
