import { tableObjects } from "./catalog-queries.js";

/** A primary or unique key WITHOUT OVERLAPS, since 18: it excludes what a unique index would let pass, and empty ranges. */
const withoutOverlaps = `(k.contype IN ('p', 'u') AND coalesce((pg_catalog.to_jsonb(k) ->> 'conperiod')::bool, false))`;

/**
 * Unique indexes and exclusion constraints. Parts and predicate come as `pg_get_indexdef` and `pg_get_expr` print them:
 * over bare column names, with every function and operator spelled in full because the search path is empty. A
 * collation is named where it is not that of the column, or decides what is equal: rows that we send have none.
 */
export const uniqueRulesQuery = `SELECT n.nspname AS schema, c.relname AS table, x.relname AS name,
    coalesce(k.contype = 'x' OR ${withoutOverlaps}, false) AS exclusion, coalesce(k.condeferrable, false) AS deferrable,
    (SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(i.indexrelid, p.ord, true) || coalesce(
        (SELECT ' COLLATE ' || pg_catalog.format('%I.%I', ln.nspname, l.collname)
          FROM pg_catalog.pg_collation AS l JOIN pg_catalog.pg_namespace AS ln ON ln.oid = l.collnamespace
          WHERE l.oid = i.indcollation[p.ord - 1] AND i.indkey[p.ord - 1] <> 0 AND (NOT l.collisdeterministic
            OR l.oid <> coalesce((SELECT a.attcollation FROM pg_catalog.pg_attribute AS a
              WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[p.ord - 1] AND a.attnum > 0), 0))), '') ORDER BY p.ord)
      FROM pg_catalog.generate_series(1, i.indnkeyatts) AS p(ord)) AS parts,
    (SELECT pg_catalog.json_agg((SELECT 'OPERATOR(' || pg_catalog.format('%I.%s', opn.nspname, op.oprname) || ')'
        FROM pg_catalog.pg_operator AS op JOIN pg_catalog.pg_namespace AS opn ON opn.oid = op.oprnamespace
        WHERE op.oid = coalesce(k.conexclop[p.ord], (SELECT a.amopopr FROM pg_catalog.pg_opclass AS o
          JOIN pg_catalog.pg_amop AS a ON a.amopfamily = o.opcfamily AND a.amopstrategy = 3
            AND a.amoplefttype = o.opcintype AND a.amoprighttype = o.opcintype
          WHERE o.oid = i.indclass[p.ord - 1]))) ORDER BY p.ord)
      FROM pg_catalog.generate_series(1, i.indnkeyatts) AS p(ord)) AS operators,
    pg_catalog.pg_get_expr(i.indpred, i.indrelid, true) AS predicate,
    coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) AS nulls_clash,
    (SELECT pg_catalog.json_agg(DISTINCT a.attname) FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = i.indrelid AND a.attnum > 0 AND (a.attnum = ANY (i.indkey::int2[]) OR EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
          AND d.objid = i.indexrelid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum))) AS columns,
    (SELECT pg_catalog.json_agg(a.attname ORDER BY p.ord, a.attnum)
      FROM (SELECT attnum, pg_catalog.min(ord) AS ord FROM (
          SELECT i.indkey[o.ord - 1] AS attnum, o.ord FROM pg_catalog.generate_series(1, i.indnkeyatts) AS o(ord)
          UNION ALL SELECT (found.match)[1]::int2, i.indnkeyatts + 1
            FROM pg_catalog.regexp_matches(i.indexprs::text, ':varattno (\\d+)', 'g') AS found(match)) AS read
        GROUP BY attnum) AS p
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = p.attnum AND a.attnum > 0) AS part_columns
  FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_constraint AS k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
  WHERE (i.indisunique OR k.contype = 'x') AND i.indisvalid AND i.indrelid IN (SELECT c.oid ${tableObjects})
  ORDER BY 1, 2, 3`;

/** CHECK constraints of tables, what keys WITHOUT OVERLAPS ask of a range, and the checks of the domains (and domains below them) that columns have. */
export const checkRulesQuery = `WITH RECURSIVE domains AS (
    SELECT c.oid AS relid, a.attname, a.atttypid AS domain FROM (SELECT c.oid ${tableObjects}) AS c
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid AND t.typtype = 'd'
    UNION ALL
    SELECT d.relid, d.attname, t.typbasetype FROM domains AS d
      JOIN pg_catalog.pg_type AS t ON t.oid = d.domain
      JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype AND b.typtype = 'd'
  )
  SELECT n.nspname AS schema, c.relname AS table, k.conname AS name, NULL AS column,
    pg_catalog.pg_get_expr(k.conbin, k.conrelid, true) AS expression,
    (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)) AS columns
  FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE k.contype = 'c' AND k.conrelid IN (SELECT c.oid ${tableObjects})
    AND coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::bool, true)
  UNION ALL
  SELECT n.nspname, c.relname, k.conname, NULL, pg_catalog.format('NOT pg_catalog.isempty(%I)', a.attname), pg_catalog.json_build_array(a.attname)
  FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[pg_catalog.array_upper(k.conkey, 1)]
  WHERE ${withoutOverlaps} AND k.conrelid IN (SELECT c.oid ${tableObjects})
  UNION ALL
  SELECT n.nspname, c.relname, k.conname, d.attname, pg_catalog.pg_get_expr(k.conbin, 0, true), pg_catalog.json_build_array(d.attname)
  FROM domains AS d JOIN pg_catalog.pg_constraint AS k ON k.contypid = d.domain AND k.contype = 'c'
    JOIN pg_catalog.pg_class AS c ON c.oid = d.relid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  ORDER BY 1, 2, 3, 4`;
