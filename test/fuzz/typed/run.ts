import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { parseSettings } from "../../../cli/settings/parse-settings.js";
import { parseConfig } from "../../../cli/settings/read-config.js";
import { builtInStrategies } from "../../../merge-strategies/index.js";
import { runSqlFile, runSqlFileWithoutPsql } from "../../../sample-data/server/psql.js";
import { plan, recoveryFiles, type Summary } from "../../../src/index.js";
import { type ServerType, typesOfServer } from "../../support/every-type/types-of-server.js";
import type { Pool, TypedIncident } from "./incident.js";

type Role = "pre" | "post" | "current";
const roles = ["pre", "post", "current"] as const;

/** As in `readRows`: the rows of each table, each as one text, in no order that means anything. */
type Rows = ReadonlyMap<string, readonly string[]>;

/** Three databases with all types, in which one incident after another is played. */
export class TypedStage {
  readonly #clients: Readonly<Record<Role, pg.Client>>;
  readonly #url: (role: Role) => string;
  readonly pool: Pool;

  private constructor(clients: Readonly<Record<Role, pg.Client>>, url: (role: Role) => string, pool: Pool) {
    this.#clients = clients;
    this.#url = url;
    this.pool = pool;
  }

  /** Creates the databases, on the server that `admin` is on. */
  static async create(adminUrl: string, url: (role: Role) => string, major: number): Promise<TypedStage> {
    const admin = await connected(adminUrl);
    const clients: pg.Client[] = [];
    let types: readonly ServerType[] = [];
    for (const role of roles) {
      const name = pg.escapeIdentifier(decodeURIComponent(new URL(url(role)).pathname.slice(1)));
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
      const client = await connected(url(role));
      ({ types } = await typesOfServer(client, major));
      await client.query(`CREATE COLLATION public.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE public.every_type ()`);
      clients.push(client);
    }
    await admin.end();
    const [pre, post, current] = clients as [pg.Client, pg.Client, pg.Client];
    return new TypedStage({ pre, post, current }, url, { types, keys: await keysAmong(pre, types) });
  }

  /** @returns what is not as it should be, in words */
  async play(
    incident: TypedIncident,
    { folder, psql }: { folder: string; psql: boolean },
  ): Promise<readonly string[]> {
    const { mode, pre, post, tables } = incident;
    try {
      const both = `${pre}\n${post}`;
      await this.#inEach({ pre, post: both, current: mode === "undo" ? both : pre });
      const [before, after] = [await this.#read("pre", tables), await this.#read("post", tables)];
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      const summary = await this.#plan(incident, folder);
      const [truth, now] = mode === "undo" ? [before, after] : [after, before];
      return [
        ...countComplaints(summary, before, after),
        ...(await this.#run(join(folder, "patch.sql"), psql, truth)),
        ...(await this.#run(join(folder, "patch.sql"), psql, truth)),
        ...(await this.#run(join(folder, "rollback.sql"), psql, now)),
      ];
    } finally {
      const drop = `DROP TABLE IF EXISTS ${tables.join(", ")}`;
      await this.#inEach({ pre: drop, post: drop, current: drop });
    }
  }

  async close(): Promise<void> {
    await Promise.all(roles.map((role) => this.#clients[role].end()));
  }

  async #inEach(statements: Readonly<Record<Role, string>>): Promise<void> {
    const ended = await Promise.allSettled(roles.map((role) => this.#clients[role].query(statements[role])));
    const failed = ended.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  async #plan({ mode, seed }: TypedIncident, folder: string): Promise<Summary> {
    const config = `mode: ${mode}\ntouch: { columns: [] }\nrules: [{ match: {}, is: ${mode === "undo" ? "damage" : "legitimate"} }]
guard: { massDelete: { share: 1, rows: 1000 } }`;
    const settings = parseSettings({
      flags: {
        pre: this.#url("pre"),
        post: this.#url("post"),
        current: this.#url("current"),
        excludeTables: ["public.every_type"],
      },
      env: {},
      file: parseConfig(config, "pgmend.yaml"),
      strategies: builtInStrategies,
    });
    const method = seed % 2 === 0 ? "digest" : "stream";
    const store = await plan({
      settings,
      storeFile: join(folder, "plan.duckdb"),
      toolVersion: "fuzz",
      method,
    });
    try {
      const { summary, files } = await recoveryFiles(store);
      for (const { name, text } of files) await writeFile(join(folder, name), text);
      return summary;
    } finally {
      await store.close();
    }
  }

  async #run(file: string, psql: boolean, expected: Rows): Promise<readonly string[]> {
    const { exitCode, stderr } = await (psql ? runSqlFile : runSqlFileWithoutPsql)(
      this.#url("current"),
      file,
    );
    if (exitCode !== 0) return [`${file} failed: ${stderr.slice(0, 2000)}`];
    const found = await this.#read("current", [...expected.keys()]);
    return [...expected].flatMap(([table, rows]) => {
      const [lost, foreign] = [minus(rows, found.get(table) ?? []), minus(found.get(table) ?? [], rows)];
      return [
        ...lost.map((row) => `after ${file}, ${table} lacks ${row}`),
        ...foreign.map((row) => `after ${file}, ${table} has ${row}`),
      ];
    });
  }

  async #read(role: Role, tables: readonly string[]): Promise<Rows> {
    const client = this.#clients[role];
    await client.query(`SET DateStyle = 'ISO'; SET TimeZone = 'UTC'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 3;
      SET bytea_output = 'hex'; SET lc_monetary = 'C'; SET search_path = ''`);
    const types = { getTypeParser: () => (text: string) => text };
    const rows = new Map<string, readonly string[]>();
    for (const table of tables) {
      const query = { text: `SELECT * FROM ${table}`, rowMode: "array" as const, types };
      const answer = await client.query(query as unknown as pg.QueryArrayConfig);
      rows.set(
        table,
        answer.rows.map((row) => JSON.stringify(row)),
      );
    }
    await client.query("RESET ALL");
    return rows;
  }
}

/** Rows that are only before are updates and deletes, those that are only after are updates and inserts, whatever the key. */
function countComplaints({ tables, totals }: Summary, before: Rows, after: Rows): readonly string[] {
  const complaints = totals.open === 0 ? [] : [`${totals.open} open, where there is nothing to decide`];
  for (const [table, rows] of before) {
    const found = tables.find((one) => one.table === table)?.incident;
    if (found === undefined) return [`the summary has no ${table}`];
    const gone = minus(rows, after.get(table) ?? []).length;
    const came = minus(after.get(table) ?? [], rows).length;
    if (found.update + found.delete !== gone || found.update + found.insert !== came)
      complaints.push(`${table}: found ${JSON.stringify(found)}, but ${gone} rows are gone and ${came} came`);
  }
  return complaints;
}

function minus(rows: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}

/** Texts come under every sort of collation. */
async function keysAmong(client: pg.Client, types: readonly ServerType[]): Promise<readonly ServerType[]> {
  const keys: ServerType[] = [];
  for (const type of types) {
    // An index over values that nothing compares can be made, and be filled with one of them.
    const some = type.values.filter((value) => value.length < 200).map((value) => `(${value})`);
    const works = `CREATE TEMP TABLE trial (c ${type.sql} PRIMARY KEY);
      INSERT INTO trial VALUES ${some.join(", ")} ON CONFLICT DO NOTHING; DROP TABLE trial`;
    if (some.length < 2) continue;
    const isKey = await client.query(works).then(
      () => true,
      () => false,
    );
    if (isKey) keys.push(type);
  }
  const texts = keys.filter(({ sql }) =>
    ["text", "character varying", "bpchar", "public.citext"].includes(sql),
  );
  const collations = ['pg_catalog."C"', 'pg_catalog."de-x-icu"', "public.ci"];
  return [
    ...keys,
    ...texts.flatMap((type) =>
      collations.map((collation) => ({ ...type, sql: `${type.sql} COLLATE ${collation}` })),
    ),
  ];
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  return client;
}
