import { type Change, type RowVersions, writtenKey } from "../../model/change.js";
import type { UniqueRule } from "../../model/constraint.js";
import type { Table } from "../../model/table.js";
import type { Key, Row } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import type { Bar, Need, Reason, Rivalry } from "../../model/withheld.js";
import { findHolders, findRivals } from "../../postgres/constraint-facts.js";
import {
  addAll,
  type Checking,
  leavesRow,
  type PlannedWrite,
  plannedWrites,
  positionsOf,
  type RowsCheck,
  rowAfter,
  rowBefore,
  rowName,
  takesFromRow,
  unplanned,
  writes,
} from "./planned-writes.js";

export interface ClashObstacles {
  readonly bars: readonly Bar[];
  readonly needs: readonly Need[];
  readonly rivalries: readonly Rivalry[];
}

const none: ClashObstacles = { bars: [], needs: [], rivalries: [] };

/** Rows that would clash under a unique index or an exclusion constraint, with rows that stay or among each other. */
export function clashesCheck(
  checking: Checking,
  at: number,
  rule: UniqueRule,
): RowsCheck<ClashObstacles> | undefined {
  const table = checking.tables[at] as Table;
  const columns = rule.columns.flatMap((name) => table.columns.findIndex((column) => column.name === name));
  const read = readColumns(table, rule, columns);
  if (isOwnKey(table, rule) || read === undefined) return undefined;
  const bars: Bar[] = [];
  const needs: Need[] = [];
  const rivalries: Rivalry[] = [];
  const wanted = ({ change }: PlannedWrite) => writes(change, read);
  let chunks = 0;
  return {
    about: read,
    take: async (written) => {
      chunks += 1;
      const chunk = written.filter(wanted);
      if (chunk.length === 0) return;
      addAll(rivalries, await rivalsAmong(checking, table, rule, chunk));
      const rows = chunk.map(({ change }) => rowAfter(change) as Row);
      const held = (await findHolders(checking.current, table, rule, rows)).flatMap(({ row, key }) => {
        const position = chunk[row]?.position;
        return position === undefined ? [] : [{ position, key }];
      });
      const resolved = await resolveHolders(checking, at, rule, read, held);
      addAll(bars, resolved.bars);
      addAll(needs, resolved.needs);
      addAll(needs, await needsOfWritten(checking, at, rule, read, chunk));
    },
    finish: async () => {
      // In the chunks that were taken, so that each row meets each other one once.
      const again = () => plannedWrites(checking, at, leavesRow);
      if (chunks > 1)
        for await (const [one, other] of pairsOf(again))
          addAll(
            rivalries,
            await rivalsAcross(checking, table, rule, one.filter(wanted), other.filter(wanted)),
          );
      return { bars, needs, rivalries };
    },
  };
}

async function rivalsAcross(
  checking: Checking,
  table: Table,
  rule: UniqueRule,
  earlier: readonly PlannedWrite[],
  later: readonly PlannedWrite[],
): Promise<readonly Rivalry[]> {
  if (earlier.length === 0 || later.length === 0) return [];
  return rivalsAmong(checking, table, rule, [...earlier, ...later], earlier.length);
}

async function rivalsAmong(
  { current }: Checking,
  table: Table,
  rule: UniqueRule,
  writes: readonly PlannedWrite[],
  split?: number,
): Promise<readonly Rivalry[]> {
  const rows = writes.map(({ change }) => rowAfter(change) as Row);
  const found = await findRivals(current, table, rule, rows, split);
  const of = ({ key }: PlannedWrite) => clash(table, rule, rowName(table, key));
  return found.flatMap(([a, b]): readonly Rivalry[] => {
    const [one, other] = [writes[a], writes[b]];
    if (one === undefined || other === undefined) return [];
    return [{ rows: [one.position, other.position], reasons: [of(other), of(one)] }];
  });
}

/**
 * The values that written rows gave up: `current` may have nobody who holds them any more, and still the rollback must
 * not bring back the one before it takes back the other.
 */
async function needsOfWritten(
  checking: Checking,
  at: number,
  rule: UniqueRule,
  columns: readonly number[],
  chunk: readonly PlannedWrite[],
): Promise<readonly Need[]> {
  const { current, tables, isWritten } = checking;
  if (isWritten === undefined) return [];
  const table = tables[at] as Table;
  const after = chunk.map(({ change }) => rowAfter(change) as Row);
  const needs: Need[] = [];
  const gaveUp = (write: PlannedWrite) => isWritten(write.position) && letsGo(write, columns);
  for await (const written of plannedWrites(checking, at, takesFromRow, gaveUp)) {
    const rows = [...after, ...written.map(({ change }) => rowBefore(change) as Row)];
    for (const [a, b] of await findRivals(current, table, rule, rows, chunk.length)) {
      const [one, holder] = [chunk[a], written[b - chunk.length]];
      if (one === undefined || holder === undefined || one.position === holder.position) continue;
      const reason = clash(table, rule, rowName(table, holder.key));
      needs.push({ row: one.position, needs: holder.position, reason, rule, awaits: "value" });
    }
  }
  return needs;
}

/** Each chunk with each one before it: two are in memory at a time, however many there are. */
async function* pairsOf<T>(chunks: () => AsyncIterable<T>): AsyncGenerator<readonly [T, T]> {
  let at = 0;
  for await (const later of chunks()) {
    let before = 0;
    for await (const earlier of chunks()) {
      if (before === at) break;
      before += 1;
      yield [earlier, later];
    }
    at += 1;
  }
}

/** The key the plan goes by needs no look-up: two rows with one key are one row of the plan. */
function isOwnKey(table: Table, { kind, parts, predicate }: UniqueRule): boolean {
  const key = table.key.map((at) => table.columns[at]?.name);
  const positions = positionsOf(table, parts);
  return (
    kind === "unique" &&
    predicate === undefined &&
    positions !== undefined &&
    parts.length === key.length &&
    parts.every((part) => key.includes(part))
  );
}

/** Columns whose writing may make a clash; those a generated column follows from are any. */
function readColumns(
  table: Table,
  rule: UniqueRule,
  columns: readonly number[],
): readonly number[] | undefined {
  const generated = rule.columns.some((name) => table.generated.some((column) => column.name === name));
  if (generated) return table.columns.map((_, at) => at);
  return columns.includes(-1) ? undefined : columns;
}

/** A row that the plan deletes or changes in these columns lets go of its value. */
async function resolveHolders(
  { store, tables, isWritten }: Checking,
  at: number,
  rule: UniqueRule,
  columns: readonly number[],
  held: readonly { readonly position: number; readonly key: Key }[],
): Promise<Omit<ClashObstacles, "rivalries">> {
  if (held.length === 0) return none;
  const table = tables[at] as Table;
  const holders = new Map<string, { readonly key: Key; readonly rows: number[] }>();
  for (const { position, key } of held) {
    const known = holders.get(valuesKey(key));
    if (known === undefined) holders.set(valuesKey(key), { key, rows: [position] });
    else known.rows.push(position);
  }
  const bars: Bar[] = [];
  const needs: Need[] = [];
  for await (const batch of store.versions({ table: at }, table.key)) {
    for (const row of batch) {
      const name = valuesKey(writtenKey(table, row));
      const holder = holders.get(name);
      if (holder === undefined) continue;
      holders.delete(name);
      // Counted among those that are written, by what it held before.
      if (isWritten?.(row.position) === true && letsGo(row, columns)) continue;
      const reason = clash(table, rule, rowName(table, row.key));
      for (const position of holder.rows) {
        if (letsGo(row, columns))
          needs.push({ row: position, needs: row.position, reason, rule, awaits: "value" });
        else
          bars.push({ row: position, reason, excluded: row.outcome === "excluded", because: row.position });
      }
    }
  }
  for (const { key, rows } of holders.values()) {
    const reason = { ...clash(table, rule, rowName(table, key)), outside: unplanned(table, key) };
    bars.push(...rows.map((row): Bar => ({ row, reason, excluded: false, because: undefined })));
  }
  return { bars, needs };
}

function letsGo({ change }: Pick<RowVersions, "change">, columns: readonly number[]): boolean {
  return change !== undefined && (change.kind === "delete" || changesAny(change, columns));
}

function changesAny(change: Change, columns: readonly number[]): boolean {
  return change.kind === "update" && columns.some((at) => change.columns.includes(at));
}

function clash(table: Table, { kind, name, parts, partColumns }: UniqueRule, holder: string): Reason {
  const what = kind === "unique" ? `has the same ${parts.join(", ")}` : `excludes it (${name})`;
  const columns = partColumns.flatMap((part) => positionsOf(table, [part]) ?? []);
  return { kind, columns, constraint: name, text: `${holder} ${what}` };
}
