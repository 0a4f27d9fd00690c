import type { BlockDigests, Blocks, KeyRange } from "../model/blocks.js";
import type { Column, Table } from "../model/table.js";
import { digestQuery, keyBoundsQuery } from "../sql/digest-query.js";
import { rowDigest, type Seed, seedsFrom } from "../sql/row-digest.js";
import type { Session } from "./session.js";

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
    session.each(digestQuery(table, blocks, seed), ([block, rows, sum]) => {
      counts[Number(block)] = Number(rows);
      sums[Number(block)] = BigInt(sum ?? 0);
    }),
  );
  return { counts, sums };
}

/** Undefined where the table has no rows. */
export async function readKeyBounds(session: Session, table: Table): Promise<KeyRange | undefined> {
  const [[low, high] = []] = await session.query(keyBoundsQuery(table));
  return low == null || high == null ? undefined : { low: BigInt(low), high: BigInt(high) };
}

/** Pages on disk, partitions included: how much there is to read. */
export async function countPages(session: Session, table: Table): Promise<number> {
  const sql = `SELECT coalesce(pg_catalog.sum(pg_catalog.pg_relation_size(c.oid)), 0) / pg_catalog.current_setting('block_size')::int
    FROM pg_catalog.pg_class AS c WHERE c.oid = $1::pg_catalog.regclass OR ($2::boolean
      AND c.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree($1::pg_catalog.regclass) WHERE isleaf))`;
  const [[pages] = []] = await session.query(sql, [table.label, table.partitioned]);
  return Math.round(Number(pages ?? 0));
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
