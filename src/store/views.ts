const rowAt = (name: string): string =>
  `CASE row.${name}_as WHEN 'pre' THEN row.pre WHEN 'post' THEN row.post ELSE row.${name} END`;
const named = (row: string): string => `map(plan_table.columns, ${row})`;
const namesAt = (columns: string): string =>
  `list_transform(${columns}, lambda number: plan_table.columns[number + 1])`;

/**
 * For people with any DuckDB client; pgmend itself reads the tables. Rows are maps from column name to PostgreSQL's
 * text. `plan_table` says which table and columns the numbers stand for, out of the header, where that is kept.
 */
export const viewsSql: readonly string[] = [
  `CREATE VIEW plan_table AS
    SELECT number - 1 AS table_id, described.label AS table_name,
      list_transform(described.columns, lambda c: c.name) AS columns,
      list_transform(described.key, lambda number: described.columns[number + 1].name) AS key_columns
    FROM (
      SELECT unnest(described) AS described, generate_subscripts(described, 1) AS number
      FROM (
        SELECT from_json(header -> '$.tables',
          '[{"label": "VARCHAR", "key": ["INTEGER"], "columns": [{"name": "VARCHAR"}]}]') AS described
        FROM plan_header
      )
    )`,
  `CREATE VIEW plan_row AS
    SELECT row.position, plan_table.table_name, map(plan_table.key_columns, row.key) AS key,
      row.operation AS incident, row.transaction_id, row.outcome, row.reason,
      ${named("row.pre")} AS pre, ${named("row.post")} AS post, ${named(rowAt("current"))} AS current,
      row.change_kind, ${namesAt("row.change_columns")} AS change_columns,
      ${named(rowAt("after"))} AS after, row.conflict_id, row.conflict_kind,
      ${namesAt("row.conflict_columns")} AS conflict_columns, row.cause, row.resolution,
      row.resolution_reason, row.decided
    FROM planned_row AS row JOIN plan_table USING (table_id)`,
  `CREATE VIEW changes AS
    SELECT position, table_name, key, change_kind AS change, change_columns AS columns,
      CASE WHEN change_kind <> 'insert' THEN current END AS before, after
    FROM plan_row WHERE change_kind IS NOT NULL ORDER BY position`,
  `CREATE VIEW conflicts AS
    SELECT position, conflict_id AS conflict, table_name, key, conflict_kind AS kind,
      conflict_columns AS columns, pre, post, current, cause, outcome, resolution, resolution_reason AS reason
    FROM plan_row WHERE conflict_id IS NOT NULL ORDER BY position`,
];
