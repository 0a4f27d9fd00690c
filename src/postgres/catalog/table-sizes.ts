import { ownNames, type Table } from "../../model/table.js";
import type { Session } from "../session/session.js";

/** What a table takes on disk, partitions included. */
export interface TableSize {
  /** Of its rows: how much there is to read. */
  readonly pages: number;
  /** Bytes of values that are stored apart. */
  readonly apart: number;
}

/**
 * The sizes of tables, in their order. One query, however many they are.
 *
 * @throws QueryError
 */
export async function readTableSizes(
  session: Session,
  tables: readonly Pick<Table, "label" | "elsewhere">[],
): Promise<readonly TableSize[]> {
  // A table without partitions is in no tree.
  const sql = `WITH root AS MATERIALIZED (
      SELECT u.ord, u.label::pg_catalog.regclass AS oid FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS u(label, ord)
    ), leaf AS MATERIALIZED (
      SELECT r.ord, coalesce(p.relid, r.oid) AS oid FROM root AS r
        LEFT JOIN LATERAL (SELECT t.relid FROM pg_catalog.pg_partition_tree(r.oid) AS t WHERE t.isleaf) AS p ON true
    )
    SELECT l.ord, coalesce(pg_catalog.sum(pg_catalog.pg_relation_size(l.oid)), 0) / pg_catalog.current_setting('block_size')::int,
      coalesce(pg_catalog.sum(pg_catalog.pg_relation_size(c.reltoastrelid)), 0)
    FROM leaf AS l JOIN pg_catalog.pg_class AS c ON c.oid = l.oid GROUP BY l.ord ORDER BY l.ord`;
  const labels = tables.map((table) => ownNames(table, session.role)?.label ?? table.label);
  const sizes: TableSize[] = tables.map(() => ({ pages: 0, apart: 0 }));
  for (const [ord, pages, apart] of await session.query(sql, [labels])) {
    sizes[Number(ord) - 1] = { pages: Math.round(Number(pages)), apart: Number(apart) };
  }
  return sizes;
}
