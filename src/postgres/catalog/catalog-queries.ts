/**
 * What pgmend asks the catalog, one query a kind of object. Columns are named as `catalog.ts` reads them. The search
 * path is empty, so `format_type` and `pg_get_*` spell every name in full.
 */

/** Schemas of the server itself, and other sessions' temporary tables. */
export const ownSchemas = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND n.nspname !~ '^pg_(temp|toast_temp)_'`;

/** Objects that belong to an extension are the extension's business. */
const notOfExtension = `NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
  WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** Partitions are read through their root, so they are no tables of their own (pitfall 61). */
export const tableObjects = `FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND ${ownSchemas} AND ${notOfExtension}`;

export const tablesQuery = `SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind = 'p' AS partitioned,
    CASE WHEN c.relkind = 'p' THEN -1 ELSE c.reltuples END AS estimate,
    pg_catalog.has_schema_privilege(n.oid, 'usage') AND pg_catalog.has_table_privilege(c.oid, 'select') AS can_select
  ${tableObjects}`;

/**
 * Equality is that of the type's default B-tree operator class: what DISTINCT and unique indexes call equal. Enums,
 * ranges and arrays have it through a pseudo-type; composite types and arrays of what has none are compared by text.
 */
export const columnsQuery = `WITH RECURSIVE base AS (
    SELECT t.oid, t.oid AS base, t.typbasetype AS next, NULL::int AS typmod FROM pg_catalog.pg_type AS t
    UNION ALL
    SELECT b.oid, t.oid, t.typbasetype, d.typtypmod FROM base AS b
      JOIN pg_catalog.pg_type AS d ON d.oid = b.base AND d.typtype = 'd' JOIN pg_catalog.pg_type AS t ON t.oid = b.next
  ), scalar AS (
    SELECT t.oid, pg_catalog.min(n.nspname) AS equals_schema
    FROM pg_catalog.pg_type AS t
      JOIN pg_catalog.pg_opclass AS o ON o.opcdefault AND o.opcmethod = (SELECT oid FROM pg_catalog.pg_am WHERE amname = 'btree')
        AND o.opcintype = CASE t.typtype WHEN 'e' THEN 'pg_catalog.anyenum'::pg_catalog.regtype
          WHEN 'r' THEN 'pg_catalog.anyrange'::pg_catalog.regtype
          WHEN 'm' THEN pg_catalog.to_regtype('pg_catalog.anymultirange')
          ELSE CASE WHEN t.typname = 'varchar' AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
            THEN 'pg_catalog.text'::pg_catalog.regtype
            WHEN t.typname = 'cidr' AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
            THEN 'pg_catalog.inet'::pg_catalog.regtype ELSE t.oid END END
      JOIN pg_catalog.pg_amop AS a ON a.amopfamily = o.opcfamily AND a.amopstrategy = 3
        AND a.amoplefttype = o.opcintype AND a.amoprighttype = o.opcintype
      JOIN pg_catalog.pg_operator AS p ON p.oid = a.amopopr AND p.oprname = '='
      JOIN pg_catalog.pg_namespace AS n ON n.oid = p.oprnamespace
    GROUP BY t.oid
  ), equality AS (
    SELECT oid, equals_schema FROM scalar
    UNION ALL
    SELECT t.oid, 'pg_catalog' FROM pg_catalog.pg_type AS t JOIN scalar AS s ON s.oid = t.typelem
      WHERE t.typlen = -1 AND t.typelem <> 0 AND t.typcategory = 'A' AND t.oid NOT IN (SELECT oid FROM scalar)
  )
  SELECT c.oid, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
    pg_catalog.format_type(b.base, coalesce(b.typmod, a.atttypmod)) AS base_type, bt.typname AS base_name,
    (SELECT n.nspname FROM pg_catalog.pg_namespace AS n WHERE n.oid = bt.typnamespace) AS base_schema,
    bt.typtype AS kind, a.attnotnull AS not_null, 
    CASE WHEN a.attgenerated <> '' THEN (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) FROM pg_catalog.pg_attrdef AS d
      WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END AS generated, a.attidentity AS identity,
    e.equals_schema, coalesce(l.collisdeterministic, true) AS deterministic
  FROM (SELECT c.oid ${tableObjects}) AS c
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN base AS b ON b.oid = a.atttypid AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS d WHERE d.oid = b.base AND d.typtype = 'd')
    JOIN pg_catalog.pg_type AS bt ON bt.oid = b.base
    LEFT JOIN equality AS e ON e.oid = b.base
    LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation
  ORDER BY c.oid, a.attnum`;

/** Since 18 a NOT NULL can be one that older rows need not meet. */
const mayBeNull = `EXISTS (SELECT FROM pg_catalog.pg_constraint AS o WHERE o.conrelid = a.attrelid AND o.contype = 'n'
  AND NOT o.convalidated AND a.attnum = ANY (o.conkey))`;

/** The primary key, and the best unique index that could stand in for one: the narrowest, then by name. */
export const keysQuery = `SELECT * FROM (
    SELECT i.indrelid AS oid, i.indisprimary AS primary,
      (SELECT pg_catalog.json_agg(a.attname ORDER BY k.ord)
        FROM pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(num, ord)
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.num
        WHERE k.ord <= i.indnkeyatts) AS columns
    FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
    WHERE i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
      AND i.indrelid IN (SELECT c.oid ${tableObjects})
      AND (i.indisprimary OR NOT EXISTS (
        SELECT FROM pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(num, ord)
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.num
        WHERE k.ord <= i.indnkeyatts AND (NOT a.attnotnull OR ${mayBeNull})))
    ORDER BY i.indrelid, i.indnkeyatts, x.relname
  ) AS k`;

export const foreignKeysQuery = `SELECT k.conname AS name, n.nspname AS schema, c.relname AS table,
    pn.nspname AS parent_schema, p.relname AS parent,
    (SELECT pg_catalog.json_agg(a.attname ORDER BY u.ord) FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u(num, ord)
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.num) AS columns,
    (SELECT pg_catalog.json_agg(a.attname ORDER BY u.ord) FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u(num, ord)
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.num) AS parent_columns,
    EXISTS (SELECT FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND NOT a.attnotnull) AS nullable,
    k.condeferrable AS deferrable, coalesce((pg_catalog.to_jsonb(k) ->> 'conperiod')::bool, false) AS period, k.confmatchtype = 'f' AS match_full, k.confdeltype AS on_delete, k.confupdtype AS on_update
  FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class AS p ON p.oid = k.confrelid JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
  WHERE k.contype = 'f' AND k.conparentid = 0 AND NOT c.relispartition
    AND coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::bool, true)
  ORDER BY 2, 3, 1`;

/**
 * User triggers that would fire in an ordinary session: 'O' and 'A'. A partition has copies of its root's; told are
 * triggers of its own, and copies that are not in the state of their original, whatever theirs is.
 */
export const triggersQuery = `WITH RECURSIVE by_user AS (
    SELECT t.oid, 0 AS copies FROM pg_catalog.pg_trigger AS t WHERE NOT t.tgisinternal AND t.tgparentid = 0
    UNION ALL
    SELECT t.oid, o.copies + 1 FROM by_user AS o JOIN pg_catalog.pg_trigger AS t ON t.tgparentid = o.oid
  )
  SELECT n.nspname AS schema, r.relname AS table, t.tgname AS name, t.tgenabled AS enabled,
    CASE WHEN c.relispartition THEN pn.nspname END AS partition_schema, CASE WHEN c.relispartition THEN c.relname END AS partition,
    CASE WHEN t.tgtype & 2 <> 0 THEN 'before' WHEN t.tgtype & 64 <> 0 THEN 'instead of' ELSE 'after' END
      || CASE WHEN t.tgtype & 4 <> 0 THEN ' insert' ELSE '' END || CASE WHEN t.tgtype & 16 <> 0 THEN ' update' ELSE '' END
      || CASE WHEN t.tgtype & 8 <> 0 THEN ' delete' ELSE '' END || CASE WHEN t.tgtype & 32 <> 0 THEN ' truncate' ELSE '' END
      || CASE WHEN t.tgtype & 1 <> 0 THEN ' for each row' ELSE ' for each statement' END AS timing
  FROM by_user AS u JOIN pg_catalog.pg_trigger AS t ON t.oid = u.oid
    JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace AS pn ON pn.oid = c.relnamespace
    JOIN pg_catalog.pg_class AS r ON r.oid = coalesce(pg_catalog.pg_partition_root(c.oid), c.oid)
    JOIN pg_catalog.pg_namespace AS n ON n.oid = r.relnamespace
    LEFT JOIN pg_catalog.pg_trigger AS o ON o.oid = t.tgparentid
  WHERE c.relkind IN ('r', 'p') AND ${ownSchemas}
    AND CASE WHEN o.oid IS NULL THEN t.tgenabled IN ('O', 'A') ELSE t.tgenabled <> o.tgenabled END
  ORDER BY 1, 2, u.copies, c.relispartition, 3, 5, 6`;

/** Rules that rewrite what is written. Those of a partition do not meet what is written to its root. */
export const rewriteRulesQuery = `SELECT n.nspname AS schema, c.relname AS table, r.rulename AS name, r.ev_enabled AS enabled,
    'rule on ' || CASE r.ev_type WHEN '2' THEN 'update' WHEN '3' THEN 'insert' ELSE 'delete' END AS timing
  FROM pg_catalog.pg_rewrite AS r JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND r.ev_type IN ('2', '3', '4') AND r.ev_enabled IN ('O', 'A') AND ${ownSchemas}
  ORDER BY 1, 2, 3`;

export const othersQuery = `SELECT n.nspname AS schema, c.relname AS name,
    CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END AS kind
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('v', 'm', 'f') AND c.relpersistence <> 't' AND ${ownSchemas} AND ${notOfExtension}
  ORDER BY 1, 2`;

/**
 * Sequences with the columns they feed: identity ('i') and owned ('a') first, then those whose default asks them.
 * Partitions stand for their root. What is unlogged cannot be read on a standby.
 */
export const sequencesQuery = `SELECT n.nspname, c.relname, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle,
    pg_catalog.has_schema_privilege(n.oid, 'usage') AND pg_catalog.has_sequence_privilege(c.oid, 'select')
      AND NOT (c.relpersistence = 'u' AND pg_catalog.pg_is_in_recovery()),
    (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(fed.schema, fed.name, fed.column)
        ORDER BY fed.owned DESC, fed.schema, fed.name, fed.column), '[]')
      FROM (SELECT tn.nspname AS schema, t.relname AS name, a.attname AS column, pg_catalog.bool_or(f.owned) AS owned
        FROM (SELECT d.refobjid AS relid, d.refobjsubid AS num, true AS owned FROM pg_catalog.pg_depend AS d
            WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype IN ('i', 'a')
              AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0
          UNION ALL
          SELECT v.adrelid, v.adnum, false FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_attrdef AS v ON v.oid = d.objid
            WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.refobjid = c.oid
              AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass) AS f
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.relid AND a.attnum = f.num
          JOIN pg_catalog.pg_class AS own ON own.oid = f.relid
          JOIN pg_catalog.pg_class AS t ON t.oid = CASE WHEN own.relispartition
            THEN pg_catalog.pg_partition_root(own.oid)::pg_catalog.oid ELSE own.oid END
          JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
        GROUP BY 1, 2, 3) AS fed)
  FROM pg_catalog.pg_sequence AS s JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE ${ownSchemas} AND ${notOfExtension}
  ORDER BY 1, 2`;
