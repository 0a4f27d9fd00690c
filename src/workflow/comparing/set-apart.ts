import type { AlignedSchemas } from "../../merge/align-schemas.js";
import { isBag } from "../../model/bag.js";
import type { Difference, PlannedRow } from "../../model/change.js";
import { QueryError } from "../../model/errors.js";
import type { LeftOut, RowsApart, Table } from "../../model/table.js";
import { type DatabaseRole, databaseRoles, type Key, type Row } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import {
  digestsApart,
  findOversized,
  longestPrinted,
  type Oversized,
  type OversizedRow,
  readApart,
} from "../../postgres/oversized.js";
import type { PlanStore } from "../../store/plan-store.js";
import type { Sessions } from "../connect.js";

/** A row with a value too long to be read, in one of the three databases at least. Long values are told by digests. */
export interface ApartRow {
  /** Undefined: it is the same in `pre` and `post`, so the incident did nothing to it. */
  readonly difference: Difference | undefined;
  readonly current: Row | undefined;
  readonly why: string;
}

/** By `valuesKey` of the key. */
export type ApartRows = ReadonlyMap<string, ApartRow>;

export interface SetApart {
  readonly aligned: AlignedSchemas;
  /** By table label. */
  readonly apart: ReadonlyMap<string, ApartRows>;
}

/**
 * Rows with values too long to be read are set apart before anything is read: servers tell by digests whether the
 * incident changed them, and no patch writes them. A table goes as a whole only where its rows cannot be told.
 */
export async function setApart(
  sessions: Sessions,
  aligned: AlignedSchemas,
  longest: number = longestPrinted,
): Promise<SetApart> {
  const found = await Promise.all(
    databaseRoles.map((role) => findOversized(sessions[role], aligned.tables, longest)),
  );
  const all = found.flat();
  const tables: Table[] = [];
  const leftOut: LeftOut[] = [];
  const apart = new Map<string, ApartRows>();
  for (const table of aligned.tables) {
    const mine = all.filter((one) => one.table === table.label);
    const done = mine.length === 0 ? undefined : await setRowsApart(sessions, table, mine, longest);
    if (done !== undefined)
      leftOut.push(...done.leftOut.map((what) => ({ table: table.label, what, open: true })));
    if (done?.rows !== undefined && done.rows.size > 0) apart.set(table.label, done.rows);
    if (done === undefined) tables.push(table);
    else if (done.apart !== undefined) tables.push({ ...table, apart: done.apart });
  }
  return { aligned: { ...aligned, tables, leftOut: [...aligned.leftOut, ...leftOut] }, apart };
}

interface Done {
  /** Undefined: all of the table is left out. */
  readonly apart?: RowsApart;
  readonly rows?: ApartRows;
  readonly leftOut: readonly string[];
}

async function setRowsApart(
  sessions: Sessions,
  table: Table,
  found: readonly Oversized[],
  longest: number,
): Promise<Done> {
  const whole = found.find((one) => one.kind === "table");
  if (whole !== undefined) return { leftOut: [whole.why] };
  const rows = found.flatMap((one) => (one.kind === "rows" ? one.rows : []));
  if (!isBag(table) && rows.some(({ key }) => key.some((value) => value === null)))
    return { leftOut: ["a value is too long to be read, and its configured key is NULL"] };
  try {
    return await (isBag(table) ? copiesApart : keysApart)(sessions, table, rows, longest);
  } catch (error) {
    // A value of which not even the server can make a digest.
    if (!(error instanceof QueryError) || databaseRoles.some((role) => !sessions[role].isOpen)) throw error;
    return { leftOut: [`a value is too long to be read (${error.message})`] };
  }
}

async function copiesApart(
  { pre, post }: Sessions,
  table: Table,
  [first]: readonly OversizedRow[],
  longest: number,
): Promise<Done> {
  const [before, after] = await Promise.all(
    [pre, post].map((session) => digestsApart(session, table, longest)),
  );
  const isSame = JSON.stringify(before) === JSON.stringify(after);
  const what = `rows without a key with a value too long to be read are not compared, ${before?.length} in pre and ${after?.length} in post: ${first?.why}`;
  return { apart: { kind: "longer", than: longest }, leftOut: isSame ? [] : [what] };
}

async function keysApart(
  sessions: Sessions,
  table: Table,
  found: readonly OversizedRow[],
  longest: number,
): Promise<Done> {
  const reasons = new Map<string, OversizedRow>();
  for (const row of found) if (!reasons.has(valuesKey(row.key))) reasons.set(valuesKey(row.key), row);
  const keys = [...reasons.values()].map(({ key }) => key);
  const read = (role: DatabaseRole) => readApart(sessions[role], table, keys, longest);
  const [pre, post, current] = await Promise.all([read("pre"), read("post"), read("current")]);
  const rows = new Map<string, ApartRow>();
  for (const [at, key] of keys.entries()) {
    const after = post[at];
    const difference = differenceOf(key, pre[at]?.row, after?.row, after?.transaction ?? undefined);
    const why = reasons.get(valuesKey(key))?.why ?? "";
    rows.set(valuesKey(key), { difference, current: current[at]?.row, why });
  }
  return { apart: { kind: "keys", keys }, rows, leftOut: [] };
}

function differenceOf(
  key: Key,
  pre: Row | undefined,
  post: Row | undefined,
  transaction: string | undefined,
): Difference | undefined {
  if (JSON.stringify(pre) === JSON.stringify(post)) return undefined;
  const operation = pre === undefined ? "insert" : post === undefined ? "delete" : "update";
  return { key, operation, pre, post, transaction };
}

/** Tables in which a row would have to be written that cannot be: they leave the plan open. */
export async function leftApart(
  store: PlanStore,
  tables: readonly Table[],
  apart: SetApart["apart"],
): Promise<readonly LeftOut[]> {
  const left: LeftOut[] = [];
  for (const [at, { label }] of tables.entries()) {
    const rows = apart.get(label);
    if (rows === undefined) continue;
    const skipped: ApartRow[] = [];
    for await (const batch of store.rows({ table: at, outcomes: ["skipped"] }))
      skipped.push(...batch.flatMap((row: PlannedRow) => rows.get(valuesKey(row.key)) ?? []));
    const [first] = skipped;
    if (first === undefined) continue;
    const many = skipped.length === 1 ? "1 row is" : `${skipped.length} rows are`;
    const what = `${many} skipped, as a value is too long to be read (skipped.jsonl says which): ${first.why}`;
    left.push({ table: label, what, open: true });
  }
  return left;
}
