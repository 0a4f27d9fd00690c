/**
 * For people with any DuckDB client; pgmend itself reads the tables. Here tables and columns have their names, rows
 * are maps from column name to PostgreSQL's text, and what the tables hold once is shown wherever it belongs.
 */
import { wholePost } from "./changed-cells.js";
import { rowVersions } from "./part-table.js";

const texts = (json: string): string => `from_json(${json}, '["VARCHAR"]')`;
const named = (json: string): string => `map(plan_table.columns, ${texts(json)})`;
const namesAt = (positions: string): string =>
  `list_transform(${positions}, lambda position: plan_table.columns[position + 1])`;
/** No column holds the key of a copy in a table without any key. */
const ofColumns = `list_slice(${texts("key")}, 1, len(plan_table.key_columns))`;
/** The text of a row, which is put together where it is long (`parts.ts`). */
const whole = (column: string): string =>
  `CASE WHEN ${column} LIKE '[%' THEN ${column} ELSE (
    SELECT string_agg(piece.text, '' ORDER BY part) FROM planned_row_part AS piece
    WHERE piece.owner = planned_row.position AND piece.version = '${column}') END`;
const standing = (column: string): string =>
  `CASE ${column}_as WHEN 'pre' THEN pre WHEN 'post' THEN post WHEN 'itself' THEN ${column} END`;

/** Which tables and columns the numbers stand for, out of the header, where that is kept. */
const planTable = `
  CREATE VIEW plan_table AS
  SELECT number - 1 AS table_id, described.label AS table_name,
    list_transform(described.columns, lambda c: c.name) AS columns,
    list_transform(described.key, lambda position: described.columns[position + 1].name) AS key_columns
  FROM (
    SELECT unnest(tables) AS described, generate_subscripts(tables, 1) AS number
    FROM (
      SELECT from_json(header -> '$.tables',
        '[{"label": "VARCHAR", "key": ["INTEGER"], "columns": [{"name": "VARCHAR"}]}]') AS tables
      FROM plan_header
    )
  )`;

const planRow = `
  CREATE VIEW plan_row AS
  SELECT position, table_name, map(plan_table.key_columns, ${ofColumns}) AS key,
    operation AS incident, transaction_id, outcome, reason,
    ${named("pre")} AS pre, ${named("post")} AS post, ${named(standing("current"))} AS current,
    change_kind AS change, ${namesAt("change_columns")} AS change_columns, ${named(standing("after"))} AS after,
    ${named("rekeyed")} AS rekeyed,
    conflict_id AS conflict, conflict_kind, ${namesAt("conflict_columns")} AS conflict_columns, cause,
    causes::JSON AS causes, decided, resolution, resolution_reason, tenant, actor,
    'S' || signature AS signature, rule
  FROM (
    SELECT * REPLACE (${rowVersions.map((version) => `${version === "post" ? wholePost(whole("pre"), whole("post")) : whole(version)} AS ${version}`).join(", ")})
    FROM planned_row
  ) JOIN plan_table USING (table_id)`;

const changes = `
  CREATE VIEW changes AS
  SELECT position, table_name, key, change, change_columns AS columns,
    CASE WHEN change <> 'insert' THEN current END AS before, after, tenant
  FROM plan_row WHERE change IS NOT NULL`;

const conflicts = `
  CREATE VIEW conflicts AS
  SELECT position, conflict, table_name, key, conflict_kind AS kind, conflict_columns AS columns,
    pre, post, current, cause, causes, outcome, decided, resolution, resolution_reason AS reason, tenant
  FROM plan_row WHERE conflict IS NOT NULL`;

export const viewsSql: readonly string[] = [planTable, planRow, changes, conflicts];
