import { quoteName, quoteValue } from "./sql.js";
import { type ColumnSpec, isBag, type Role, storedColumns, type TableSpec } from "./table.js";
import { enumLabels, enumType } from "./types.js";

/** A row as the generator thinks of it: what it writes, not yet what PostgreSQL prints. */
export type DraftRow = ReadonlyMap<string, string | null>;

/** Everything an incident needs before its rows, for one of its databases. */
export function createStatements(tables: readonly TableSpec[], role: Role): string {
  const schemas = otherSchemas(tables).map((schema) => `CREATE SCHEMA ${quoteName(schema)};`);
  const labels = enumLabels.map(quoteValue).join(", ");
  const type = `CREATE TYPE ${enumType} AS ENUM (${labels});`;
  return [...schemas, type, ...tables.map((table) => createTable(table, role))].join("\n");
}

/** Leaves a database as it was before `createStatements`, also if that broke off half-way. */
export function dropStatements(tables: readonly TableSpec[]): string {
  const schemas = otherSchemas(tables).map((schema) => `DROP SCHEMA IF EXISTS ${quoteName(schema)} CASCADE;`);
  const inPublic = tables
    .filter((table) => table.schema === "public")
    .map((table) => `DROP TABLE IF EXISTS ${table.label} CASCADE;`);
  return [...schemas, ...inPublic, `DROP TYPE IF EXISTS ${enumType} CASCADE;`].join("\n");
}

const otherSchemas = (tables: readonly TableSpec[]): string[] => [
  ...new Set(tables.map((table) => table.schema).filter((schema) => schema !== "public")),
];

function createTable(table: TableSpec, role: Role): string {
  const lines = table.order[role].map((name) => `  ${quoteName(name)} ${definition(table, name)}`);
  const key = isBag(table) ? [] : [`  PRIMARY KEY (${table.key.map(quoteName).join(", ")})`];
  return `CREATE TABLE ${table.label} (\n${[...lines, ...key].join(",\n")}\n);`;
}

function definition(table: TableSpec, name: string): string {
  if (name === table.extra?.name) return `text NOT NULL DEFAULT ${quoteValue(table.extra.value)}`;
  const computed = table.generated.find((column) => column.name === name);
  if (computed) return `${computed.type} GENERATED ALWAYS AS (${computed.expression}) STORED`;
  const column = table.columns.find((candidate) => candidate.name === name) as ColumnSpec;
  if (column.identity) return `${column.type} GENERATED ALWAYS AS IDENTITY`;
  return column.nullable ? column.type : `${column.type} NOT NULL`;
}

export function insertStatement(table: TableSpec, role: Role, rows: readonly DraftRow[]): string {
  const columns = storedColumns(table, role).filter((name) => name !== table.extra?.name);
  const overriding = table.columns.some((column) => column.identity) ? " OVERRIDING SYSTEM VALUE" : "";
  const tuple = (row: DraftRow) => `(${columns.map((name) => quoteValue(row.get(name) ?? null)).join(", ")})`;
  const names = columns.map(quoteName).join(", ");
  return `INSERT INTO ${table.label} (${names})${overriding} VALUES\n${rows.map(tuple).join(",\n")};`;
}
