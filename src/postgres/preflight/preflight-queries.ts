import { ownSchemas, tableObjects } from "../catalog/catalog-queries.js";

/**
 * What `check` asks beyond the catalog: a fixed number of queries, whatever the number of tables. Columns are named as
 * `preflight.ts` reads them; every name is in full as the search path is empty.
 */

/** One row about the server, the database and our role in it. */
export function serverQuery(versionNumber: number): string {
  // What a function is called must be known when the query is parsed, so it is left out where a server is older.
  const actual =
    versionNumber >= 150000
      ? "pg_catalog.pg_database_collation_actual_version(d.oid)"
      : "NULL::pg_catalog.text";
  const columns = "pg_catalog.to_jsonb(d)";
  return `SELECT pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
    CASE ${columns} ->> 'datlocprovider' WHEN 'i' THEN 'icu ' WHEN 'b' THEN 'builtin ' ELSE 'libc ' END
      || coalesce(${columns} ->> 'datlocale', ${columns} ->> 'daticulocale', d.datcollate) AS collation,
    CASE WHEN ${columns} ->> 'datcollversion' <> ${actual} THEN 'the database''s own (' || d.datcollate || ')' END AS stale_default,
    CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_checkpoint()', 'execute')
      THEN (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()) END AS timeline,
    CASE WHEN r.standby THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END AS lsn,
    pg_catalog.to_char(pg_catalog.pg_last_xact_replay_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS replayed_at,
    CASE WHEN r.standby THEN pg_catalog.pg_is_wal_replay_paused() ELSE false END AS replay_paused,
    current_user AS user, pg_catalog.has_database_privilege(d.oid, 'temp') AS may_make_temp,
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity AS a WHERE a.datid = d.oid
      AND a.backend_type = 'client backend' AND a.application_name NOT LIKE 'pgmend %') AS other_sessions,
    pg_catalog.current_setting('hot_standby_feedback')::bool AS hot_standby_feedback,
    (SELECT setting::bigint * 1024 FROM pg_catalog.pg_settings WHERE name = 'temp_file_limit' AND setting <> '-1') AS temporary_limit,
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata) AS large_objects,
    (SELECT coalesce(pg_catalog.json_agg(s.slot_name ORDER BY s.slot_name), '[]') FROM pg_catalog.pg_replication_slots AS s
      WHERE s.datoid = d.oid AND s.slot_type = 'logical') AS logical_slots
  FROM pg_catalog.pg_database AS d, (SELECT pg_catalog.pg_is_in_recovery()) AS r(standby)
  WHERE d.datname = pg_catalog.current_database()`;
}

/** Collations that indexes are built with, and whose rules have changed since. */
export const staleCollationsQuery = `SELECT pg_catalog.format('%I.%I', n.nspname, l.collname) AS name
  FROM pg_catalog.pg_collation AS l JOIN pg_catalog.pg_namespace AS n ON n.oid = l.collnamespace
  WHERE l.collversion <> pg_catalog.pg_collation_actual_version(l.oid)
    AND l.oid IN (SELECT pg_catalog.unnest(i.indcollation::oid[]) FROM pg_catalog.pg_index AS i)
  ORDER BY 1`;

/** Small enough to look through for its newest row, in pages of 8 kB. */
const fewPages = 2000;

/** Names under which products record when a row was made or written. */
const timeNames =
  "^(date_?)?(created|inserted|updated|modified|changed|last_?(updated|modified))(_?(at|on|time|date))?$";

/** Leaves: a table itself, or the partitions it is made of. */
export const tableFactsQuery = `WITH leaf AS (
    SELECT t.oid AS root, l.oid, l.reltuples, l.relpages, l.reltoastrelid, l.relpersistence
    FROM (SELECT c.oid ${tableObjects}) AS t JOIN pg_catalog.pg_class AS p ON p.oid = t.oid
      JOIN LATERAL (SELECT p.oid AS leaf WHERE p.relkind = 'r' UNION ALL
        SELECT m.relid FROM pg_catalog.pg_partition_tree(p.oid) AS m WHERE p.relkind = 'p' AND m.isleaf) AS m ON true
      JOIN pg_catalog.pg_class AS l ON l.oid = m.leaf AND l.relkind = 'r'
  ), size AS (
    SELECT root, pg_catalog.sum(pg_catalog.pg_table_size(oid)) AS bytes,
      pg_catalog.sum(CASE WHEN reltoastrelid = 0 THEN 0 ELSE pg_catalog.pg_relation_size(reltoastrelid) END) AS toast_bytes,
      CASE WHEN pg_catalog.bool_or(reltuples < 0) THEN -1 ELSE pg_catalog.sum(reltuples::float8) END AS estimate,
      pg_catalog.sum(relpages) AS pages, pg_catalog.bool_or(relpersistence = 'u') AS unlogged
    FROM leaf GROUP BY root
  )
  SELECT n.nspname AS schema, c.relname AS name, coalesce(s.bytes, 0) AS bytes, coalesce(s.toast_bytes, 0) AS toast_bytes,
    coalesce(s.estimate, 0) AS estimate, coalesce(s.unlogged, false) AS unlogged,
    pg_catalog.row_security_active(c.oid) AS row_security,
    pg_catalog.has_table_privilege(c.oid, 'insert') AS may_insert, pg_catalog.has_table_privilege(c.oid, 'update') AS may_update,
    pg_catalog.has_table_privilege(c.oid, 'delete') AS may_delete, pg_catalog.pg_has_role(c.relowner, 'usage') AS is_owner,
    c.relreplident = 'f' OR EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid AND i.indisvalid
      AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END) AS has_replica_identity,
    (SELECT coalesce(pg_catalog.json_agg(a.attname ORDER BY a.attnum), '[]') FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname ~* '${timeNames}'
        AND a.atttypid IN ('pg_catalog.timestamptz'::pg_catalog.regtype, 'pg_catalog.timestamp'::pg_catalog.regtype)
        AND (s.pages < ${fewPages} OR EXISTS (SELECT FROM pg_catalog.pg_index AS i
          JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am AS m ON m.oid = x.relam
          WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = a.attnum AND m.amname = 'btree'))
      ) AS time_columns
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN size AS s ON s.root = c.oid
  WHERE c.oid IN (SELECT c.oid ${tableObjects})
  ORDER BY 1, 2`;

/** Publications with the tables they publish; partitions stand for their root. */
export const publicationsQuery = `SELECT p.pubname AS publication, p.pubupdate OR p.pubdelete AS tells_changes,
    n.nspname AS schema, c.relname AS table
  FROM pg_catalog.pg_publication AS p JOIN pg_catalog.pg_publication_tables AS t ON t.pubname = p.pubname
    JOIN pg_catalog.pg_namespace AS tn ON tn.nspname = t.schemaname
    JOIN pg_catalog.pg_class AS l ON l.relnamespace = tn.oid AND l.relname = t.tablename
    JOIN pg_catalog.pg_class AS c ON c.oid = CASE WHEN l.relispartition THEN pg_catalog.pg_partition_root(l.oid)::oid ELSE l.oid END
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4`;

/** The patch moves sequences by nextval and setval. */
export const lockedSequencesQuery = `SELECT n.nspname AS schema, c.relname AS name
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE CASE WHEN c.relkind = 'S' THEN NOT pg_catalog.has_sequence_privilege(c.oid, 'update') ELSE false END AND ${ownSchemas}
  ORDER BY 1, 2`;
