import type { BlockDigests, Blocks, KeyRange, TablePart } from "../model/blocks.js";
import { type Column, type Table, tableIn } from "../model/table.js";
import { digestQuery, keyBoundsQuery, placesQuery, tableDigestsQuery } from "../sql/digest-query.js";
import { rowDigest, type Seed, seedsFrom } from "../sql/row-digest.js";
import type { Session } from "./session/session.js";

/**
 * One scan, one small group for each block. The planner takes every row for a group of its own and would rather sort
 * the whole table on disk; the number of blocks is bounded, so a hash of this size always holds them.
 */
export const smallGroups = { enable_sort: "off", enable_hashagg: "on", work_mem: "128MB", jit: "off" };

/** @throws QueryError */
export async function readDigests(
  session: Session,
  table: Table,
  blocks: Blocks,
  seed: Seed,
): Promise<BlockDigests> {
  const counts = new Float64Array(blocks.count);
  const sums = new BigInt64Array(blocks.count);
  await session.planning(smallGroups, () =>
    session.each(digestQuery(tableIn(table, session.role), blocks, seed), ([packed]) => {
      const entries = unhex(packed);
      for (let at = 0; at < entries.length; at += entryBytes) {
        const block = entries.readInt32BE(at);
        counts[block] = Number(entries.readBigInt64BE(at + 4));
        sums[block] = entries.readBigInt64BE(at + 12);
      }
    }),
  );
  return { counts, sums };
}

/** A block as it is sent: its number, its rows and its digest. */
const entryBytes = 20;

function unhex(bytes: string | null | undefined): Buffer {
  return Buffer.from((bytes ?? "").slice(2), "hex");
}

/** Digest and place of each row of a part, 8 and 6 bytes, in the order of the digests. @throws QueryError */
export async function readPlaces(
  session: Session,
  table: Table,
  part: TablePart,
  seed: Seed,
): Promise<Buffer> {
  const { sql, values } = placesQuery(tableIn(table, session.role), part, seed);
  const [[packed] = []] = await session.query(sql, values);
  return unhex(packed);
}

/** Undefined where the table has no rows. */
export async function readKeyBounds(session: Session, table: Table): Promise<KeyRange | undefined> {
  const [[low, high] = []] = await session.query(keyBoundsQuery(tableIn(table, session.role)));
  return low == null || high == null ? undefined : { low: BigInt(low), high: BigInt(high) };
}

/** All rows of a table. */
export interface TableDigest {
  readonly rows: number;
  /** The same where the same rows are as many times in it; but once in 2^64 only then. */
  readonly digest: string | null;
}

/**
 * Of several tables, in their order, by one query.
 *
 * @throws QueryError
 */
export async function digestTables(
  session: Session,
  tables: readonly Table[],
  seed: Seed,
): Promise<readonly TableDigest[]> {
  const digests: TableDigest[] = tables.map(() => ({ rows: 0, digest: null }));
  const here = tables.map((table) => tableIn(table, session.role));
  for (const [at, rows, digest = null] of await session.query(tableDigestsQuery(here, seed))) {
    digests[Number(at)] = { rows: Number(rows), digest };
  }
  return digests;
}

/**
 * What a server makes of a row with a value of each kind: servers that agree on it have the same hash functions. Text
 * is hashed as the server encodes it, so that is part of the answer. Ask outside of a transaction: an old server
 * fails, and then has no answer.
 */
export async function digestFingerprint(session: Session): Promise<string | undefined> {
  const columns = Object.entries(samples).map(([type], at) => sampleColumn(`c${at}`, type));
  const values = Object.entries(samples).map(([type, value], at) => `'${value}'::${type} AS c${at}`);
  const table = { columns } as unknown as Table;
  const sql = `SELECT pg_catalog.current_setting('server_encoding'), pg_catalog.bit_xor(${rowDigest(table, "t", seedsFrom(1n))})
    FROM (SELECT ${values.join(", ")}) AS t`;
  try {
    const [row] = await session.query(sql);
    return row?.join(" ");
  } catch {
    return undefined;
  }
}

const samples: Readonly<Record<string, string>> = {
  integer: "-7",
  bigint: "-9007199254740993",
  boolean: "true",
  text: "Größe 😀",
  uuid: "2f6ce1d2-2a5b-4a35-8a11-0d8f3f1f9a10",
  bytea: "\\x00ff",
  date: "2024-02-29",
  real: "-0",
  cidr: "10.0.0.0/8",
  "timestamp with time zone": "2024-02-29 12:00:00.000001+00",
  numeric: "-1.0",
  "double precision": "-0",
  "character(5)": "ab",
  inet: "10.0.0.1/8",
  interval: "1 mon",
  "integer[]": "[0:1]={1,NULL}",
};

function sampleColumn(name: string, type: string): Column {
  return { name, type, baseType: type } as Column;
}
