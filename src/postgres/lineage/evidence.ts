import type { Ancestry, Evidence } from "../../model/lineage.js";
import type { Table } from "../../model/table.js";
import type { Session } from "../session/session.js";

/**
 * Output functions of the server itself that print the same bytes the same way, whatever the catalog says. Others look
 * names up (regclass, aclitem), are made of other types (records), or are an extension's.
 */
const plainOutputs = [
  ...["boolout", "byteaout", "charout", "nameout", "int8out", "int2out", "int4out", "textout", "oidout"],
  ...[
    "tidout",
    "xidout",
    "cidout",
    "xid8out",
    "json_out",
    "jsonb_out",
    "jsonpath_out",
    "xml_out",
    "float4out",
  ],
  ...[
    "float8out",
    "cash_out",
    "macaddr_out",
    "macaddr8_out",
    "inet_out",
    "cidr_out",
    "bpcharout",
    "varcharout",
  ],
  ...["date_out", "time_out", "timestamp_out", "timestamptz_out", "interval_out", "timetz_out", "bit_out"],
  ...[
    "varbit_out",
    "numeric_out",
    "uuid_out",
    "pg_lsn_out",
    "tsvectorout",
    "tsqueryout",
    "point_out",
    "lseg_out",
  ],
  ...["path_out", "box_out", "poly_out", "line_out", "circle_out"],
];

/** What a type is made of, all the way down, each with how it prints; and whether that is all there is to know. */
const printing = `WITH RECURSIVE part AS (
    SELECT t.oid AS root, t.oid FROM pg_catalog.pg_type AS t WHERE t.oid IN (SELECT a.atttypid FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid IN (SELECT w.oid FROM wanted AS w) AND a.attnum > 0 AND NOT a.attisdropped)
    UNION
    SELECT p.root, m.oid FROM part AS p JOIN pg_catalog.pg_type AS t ON t.oid = p.oid
      CROSS JOIN LATERAL (SELECT t.typbasetype WHERE t.typtype = 'd'
        UNION ALL SELECT t.typelem WHERE t.typtype = 'b' AND t.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc
        UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range AS r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)) AS m(oid)
  )
  SELECT p.root, pg_catalog.json_agg(pg_catalog.json_build_array(t.oid, t.typtype, o.prosrc, l.lanname,
      (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.oid, e.enumlabel) ORDER BY e.oid) FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid))
      ORDER BY t.oid) AS prints,
    pg_catalog.bool_and(l.lanname = 'internal' AND CASE t.typtype WHEN 'd' THEN true WHEN 'e' THEN o.prosrc = 'enum_out'
      WHEN 'r' THEN o.prosrc = 'range_out' WHEN 'm' THEN o.prosrc = 'multirange_out'
      WHEN 'b' THEN o.prosrc = 'array_out' OR o.prosrc = ANY ($2::pg_catalog.text[]) ELSE false END) AS plain
  FROM part AS p JOIN pg_catalog.pg_type AS t ON t.oid = p.oid JOIN pg_catalog.pg_proc AS o ON o.oid = t.typoutput
    JOIN pg_catalog.pg_language AS l ON l.oid = o.prolang
  GROUP BY p.root`;

/** Indexes made since the copies went their own ways are no witnesses: the other side may have one of the same numbers. */
function isOlder({ fork }: Ancestry): string {
  const age = "pg_catalog.age(x.xmin)";
  const since =
    fork === undefined ? "" : ` AND ${age} NOT BETWEEN 0 AND pg_catalog.age('${fork}'::pg_catalog.xid)`;
  return `${age} <> 2147483647${since}`;
}

/**
 * What a database says of tables, in one query. Columns that are not compared are among the evidence, too.
 *
 * @returns by table label
 * @throws QueryError
 */
export async function readEvidence(
  session: Session,
  tables: readonly Table[],
  ancestry: Ancestry,
): Promise<ReadonlyMap<string, Evidence>> {
  const sql = `WITH wanted AS MATERIALIZED (SELECT w.label, w.label::pg_catalog.regclass::pg_catalog.oid AS oid FROM pg_catalog.unnest($1::pg_catalog.text[]) AS w(label)),
    printing AS MATERIALIZED (${printing})
    SELECT w.label, CASE WHEN c.relkind <> 'r' THEN 'it is partitioned'
        WHEN c.relpersistence <> 'p' THEN 'it is unlogged' WHEN m.amname <> 'heap' THEN 'it is not stored as a heap'
        WHEN c.relfilenode <> pg_catalog.pg_relation_filenode(c.oid) THEN 'it is being rewritten'
        ELSE (SELECT 'the type of column ' || pg_catalog.min(a.attname) || ' prints what is not in the row' FROM pg_catalog.pg_attribute AS a
          LEFT JOIN printing AS p ON p.root = a.atttypid
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND p.plain IS NOT TRUE) END,
      pg_catalog.json_build_array(c.oid, c.relfilenode, (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, a.attnum,
          a.atttypid, a.atttypmod, a.atthasmissing, a.attmissingval::text, p.prints) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a LEFT JOIN printing AS p ON p.root = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)),
      (SELECT coalesce(pg_catalog.json_agg(pg_catalog.format('%s/%s/%s', x.oid, x.relfilenode, x.xmin)), '[]')
        FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
        WHERE i.indrelid = c.oid AND i.indisvalid AND x.relkind = 'i' AND ${isOlder(ancestry)})
    FROM wanted AS w JOIN pg_catalog.pg_class AS c ON c.oid = w.oid LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam`;
  const rows = await session.query(sql, [tables.map(({ label }) => label), plainOutputs]);
  return new Map(
    rows.map(([label, obstacle, shape, witnesses]) => [
      label ?? "",
      {
        obstacle: obstacle ?? undefined,
        shape: shape ?? "",
        witnesses: JSON.parse(witnesses ?? "[]") as string[],
      },
    ]),
  );
}

/** Takes the tables, so that nobody changes what they are while the snapshot lasts. Does not wait for others. @throws QueryError */
export async function holdTables(session: Session, tables: readonly Table[]): Promise<void> {
  if (tables.length === 0) return;
  await session.query(
    `LOCK TABLE ${tables.map(({ label }) => `ONLY ${label}`).join(", ")} IN ACCESS SHARE MODE NOWAIT`,
  );
}

/** Pages of each table, in the order asked. @throws QueryError */
export async function countTablePages(
  session: Session,
  tables: readonly Table[],
): Promise<readonly number[]> {
  const sql = `SELECT pg_catalog.pg_relation_size(w.label::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::int
    FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS w(label, ord) ORDER BY w.ord`;
  return (await session.query(sql, [tables.map(({ label }) => label)])).map(([pages]) => Number(pages));
}
