import { isDeepStrictEqual } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { databaseUrl } from "../support/database.js";
import { type Condition, conditionSql, holds, type Lookup } from "./condition.js";
import { labelsOf } from "./coverage.js";
import { expectedCurrent } from "./expectation.js";
import { columnNames, hostileNames, schemaNames, tableNames, touchNames } from "./names.js";
import { judge } from "./oracle.js";
import { matchesAny } from "./patterns.js";
import { type Printed, type Row, rowOf, tableOf } from "./printed.js";
import { quoteName, quoteValue } from "./sql.js";
import { Stage } from "./stage.js";
import { type Role, roles, type TableSpec } from "./table.js";
import { allTypes, keyTypes } from "./types.js";
import type { Verdicts } from "./verdict.js";
import { generateIncident, type Incident } from "./world.js";

const seeds = Array.from({ length: 300 }, (_, index) => index + 1);

let stage: Stage;
let client: Client;

beforeAll(async () => {
  stage = await Stage.create(databaseUrl("postgres"), (role) => databaseUrl(`fuzz_${role}`));
  client = new Client(databaseUrl("fuzz_current"));
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await stage?.close();
});

it("names are quoted as quote_ident quotes them", async () => {
  const names = [...tableNames, ...columnNames, ...touchNames, ...schemaNames, ...hostileNames];
  const text = "SELECT quote_ident(name) AS quoted FROM unnest($1::text[]) AS name";
  const answer = await client.query<{ quoted: string }>(text, [names]);
  expect(names.map(quoteName)).toEqual(answer.rows.map((row) => row.quoted));
});

it("300 incidents exercise the whole contract", { timeout: 120_000 }, async () => {
  const seen = new Map<string, number>();
  for (const seed of seeds) {
    const incident = generateIncident(seed);
    await stage.build(incident);
    const printed = await stage.read(incident);
    const verdicts = await stage.judge(incident, printed);
    expectCounted(verdicts);
    expectWritable(incident, printed, verdicts);
    await expectConditionsTrue(incident, printed);
    await stage.clear(incident);
    // Would the answer be another one if only texts counted?
    const byText = judge(incident, printed, () => false);
    const spelling = isDeepStrictEqual(byText, verdicts) ? [] : ["spelling matters"];
    for (const label of [...labelsOf(incident, verdicts), ...spelling])
      seen.set(label, (seen.get(label) ?? 0) + 1);
  }
  expect(expectedLabels.filter((label) => !seen.has(label))).toEqual([]);
  await expectNothingLeft();
});

const expectedLabels: readonly string[] = [
  ...keyTypes.map((type) => `key ${type.sql}`),
  ...allTypes.map((type) => `column ${type.sql}`),
  ...["undo", "replay"].flatMap((mode) =>
    [
      ...["insert", "update", "delete"].flatMap((operation) =>
        ["apply", "already", "conflict", "kept", "excluded"].map((outcome) => `${operation} ${outcome}`),
      ),
      ...["update/update", "update/delete", "delete/update", "insert/insert"].flatMap((kind) => [
        `${kind} open`,
        `${kind} settled: apply`,
        `${kind} settled: kept`,
      ]),
      ...["damage", "legitimate", "excluded"].flatMap((is) => [`rule ${is}`, `rule ${is} on columns`]),
    ].map((label) => `${mode}: ${label}`),
  ),
  ...["manual", "keep-current", "take-incoming"].flatMap((use) => [
    `strategy ${use}`,
    `strategy ${use} on columns`,
  ]),
  ...["null", "greater", "equals", "same", "both"].map((kind) => `where ${kind}`),
  ...["default", '{"columns":[]}', '{"write":"keep"}', '{"write":"restore"}'].map(
    (touch) => `touch ${touch}`,
  ),
  ...["granularity row", "granularity cell", "damage given", "damage default", "groups", "excluded tables"],
  ...[
    "generated column",
    "column in one database only",
    "identity key",
    "another column order",
    "hostile table name",
  ],
  ...["clean cells of a row in conflict", "group in conflict", "spelling matters"],
];

function expectCounted({ tables, totals }: Verdicts): void {
  const sum = Object.values(totals.outcomes).reduce((left, right) => left + right);
  expect(sum).toBe(totals.incoming);
  expect(tables.reduce((rows, table) => rows + table.totals.incoming, 0)).toBe(totals.incoming);
}

/** Two good rows must not merge into one that PostgreSQL would refuse: that is for a later kind of conflict. */
function expectWritable(incident: Incident, printed: Printed, verdicts: Verdicts): void {
  for (const table of expectedCurrent(printed.current, verdicts)) {
    const spec = incident.tables.find((candidate) => candidate.label === table.table);
    const required = spec?.columns.filter((column) => !column.nullable).map((column) => column.name) ?? [];
    const places = required.map((name) => table.columns.indexOf(name));
    for (const row of table.rows.values()) {
      expect(row.length).toBe(table.columns.length);
      for (const place of places) expect(row[place]).not.toBeNull();
    }
  }
}

async function expectConditionsTrue(incident: Incident, printed: Printed): Promise<void> {
  for (const { where, tables } of incident.request.rules) {
    if (where === undefined) continue;
    for (const table of incident.tables.filter((candidate) => matchesAny(tables, candidate))) {
      const keys = [...tableOf(printed.pre, table).rows.keys(), ...tableOf(printed.post, table).rows.keys()];
      for (const key of keys.slice(0, 3).concat(keys.slice(-3)))
        await expectConditionTrue(where, table, printed, key);
    }
  }
}

async function expectConditionTrue(
  where: Condition,
  table: TableSpec,
  printed: Printed,
  key: string,
): Promise<void> {
  const versions = new Map(roles.map((role) => [role, rowOf(tableOf(printed[role], table), key)]));
  const aliases = roles.map((role) => `(SELECT ${typedCells(table, versions.get(role))}) AS ${role}`);
  const answer = await client.query(
    `SELECT (${conditionSql(where)}) IS TRUE AS holds FROM ${aliases.join(", ")}`,
  );
  const lookup: Lookup = (role: Role, column) => versions.get(role)?.get(column) ?? null;
  expect([conditionSql(where), key, holds(where, lookup)]).toEqual([
    conditionSql(where),
    key,
    answer.rows[0].holds,
  ]);
}

function typedCells(table: TableSpec, row: Row | undefined): string {
  const cells = table.columns.map(
    ({ name, type }) => `${quoteValue(row?.get(name) ?? null)}::${type} AS ${quoteName(name)}`,
  );
  return cells.join(", ");
}

async function expectNothingLeft(): Promise<void> {
  const left = await client.query(`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
    UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')`);
  expect(left.rows).toEqual([]);
}
