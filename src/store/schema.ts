import { outcomes } from "../model/change.js";
import { deeds, resolutions } from "../model/decision.js";
import { operations } from "../model/value.js";
import { approvalSql } from "./applying/approvals.js";
import { bondTableSql } from "./applying/bonds.js";
import { journalSql } from "./applying/journal.js";
import { decisionTable, journalTable } from "./decisions/decision-table.js";
import { notAPlan, otherFormat } from "./file/explain-failure.js";
import type { PlanFile } from "./file/plan-file.js";
import { transactionTimeSql } from "./signatures/transaction-times.js";
import { differenceTable, passingTable } from "./tables/difference-table.js";
import { logTablesSql } from "./tables/log-table.js";
import { longColumns, partTable } from "./tables/part-table.js";
import { rowPlaces } from "./tables/row-place.js";
import { rowTable } from "./tables/row-table.js";
import { createTableSql } from "./tables/stored-table.js";
import { viewsSql } from "./tables/views.js";
import { patchTablesSql } from "./tenant-patches.js";

/** Raised whenever a plan written before could be misread. */
const formatVersion = 5;

const enumSql = (name: string, words: readonly string[]): string =>
  `CREATE TYPE ${name} AS ENUM (${words.map((word) => `'${word}'`).join(", ")})`;

const tablesSql: readonly string[] = [
  "CREATE TABLE pgmend (tool VARCHAR NOT NULL, format_version INTEGER NOT NULL)",
  "CREATE TABLE plan_header (header VARCHAR NOT NULL)",
  enumSql("operation", operations),
  enumSql("outcome", outcomes),
  enumSql("row_place", rowPlaces),
  enumSql("resolution", resolutions),
  enumSql("row_version", longColumns),
  enumSql("deed", deeds),
  ...[differenceTable, passingTable, rowTable].flatMap((table) => [
    createTableSql(table),
    createTableSql(partTable(table)),
  ]),
  ...logTablesSql,
  ...bondTableSql,
  ...journalSql,
  approvalSql,
  transactionTimeSql,
  ...patchTablesSql,
  ...[decisionTable, journalTable].map(createTableSql),
];

/** Fills an empty file. */
export async function createSchema(file: PlanFile): Promise<void> {
  await file.use(async (connection) => {
    await connection.run("BEGIN");
    for (const sql of [...tablesSql, ...viewsSql]) await connection.run(sql);
    await connection.run("INSERT INTO pgmend VALUES ('pgmend', $1)", [formatVersion]);
    await connection.run("COMMIT");
  });
}

/** @throws PlanError when the file is no plan of ours, or of a format that we do not read */
export async function checkFormat(file: PlanFile, name: string): Promise<void> {
  const found = await file.use(async (connection) => {
    const tables = await connection.run(
      "SELECT 1 FROM duckdb_tables() WHERE database_name = 'plan' AND table_name = 'pgmend'",
    );
    if (tables.rowCount === 0) throw notAPlan(name);
    return (await connection.run("SELECT format_version FROM pgmend WHERE tool = 'pgmend'")).getRows();
  });
  const version = found[0]?.[0];
  if (version === undefined) throw notAPlan(name);
  if (version !== formatVersion) throw otherFormat(name, Number(version), formatVersion);
}

/** Where the numbering of differences goes on. */
export async function nextOrdinal(file: PlanFile): Promise<number> {
  const sql = `SELECT coalesce(max(ordinal) + 1, 0)::DOUBLE FROM ${differenceTable.name}`;
  const rows = await file.use(async (connection) => (await connection.run(sql)).getRows());
  return rows[0]?.[0] as number;
}

/** Dropping a table gives its space back to the file at once; deleting a million rows would write to all of it. */
export async function emptyDifferences(file: PlanFile): Promise<void> {
  await file.use(async (connection) => {
    await connection.run("BEGIN");
    for (const table of [differenceTable, passingTable].flatMap((own) => [own, partTable(own)])) {
      await connection.run(`DROP TABLE ${table.name}`);
      await connection.run(createTableSql(table));
    }
    await connection.run("COMMIT");
  });
}
