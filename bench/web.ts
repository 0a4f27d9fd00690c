import pg from "pg";
import type { Server } from "../sample-data/server/start-server.js";

/** Three databases with twenty tables that refer to each other; in `post` there are more rows in each of them. */
export interface Web {
  readonly pre: string;
  readonly post: string;
  readonly current: string;
  readonly rows: number;
}

const tables = 20;
/** Rows that are there before, in each table. */
const before = 200;

/** Each table refers to itself and to two before it, and has a unique column; so the first is everybody's parent. */
function createTable(at: number): string {
  const other = Math.floor(at / 2);
  const parents =
    at === 0
      ? []
      : [`a bigint NOT NULL REFERENCES t${at - 1} ON DELETE CASCADE`, `b bigint REFERENCES t${other}`];
  return `CREATE TABLE t${at} (id bigint PRIMARY KEY, code text UNIQUE, self bigint REFERENCES t${at}, note text, ${[...parents, "CHECK (note <> 'never')"].join(", ")})`;
}

function fill(at: number, from: number, to: number): string {
  const parents = at === 0 ? "" : ", n, n";
  return `INSERT INTO t${at} SELECT n, 'code ' || n, nullif(n - 1, 0), 'note ' || n${parents} FROM generate_series(${from}, ${to}) AS n`;
}

const all = (sql: (at: number) => string) => Array.from({ length: tables }, (_, at) => sql(at)).join("; ");

/**
 * @param rows that come in, over all tables. In each table one of a hundred meets its unique value on another row of
 * `current`, and what refers to that is withheld with it.
 */
export async function buildWeb(server: Server, rows: number): Promise<Web> {
  const url = (role: string) => server.url(`web_${rows}_${role}`);
  const create = (role: string, template: string) =>
    run(server.url("postgres"), `CREATE DATABASE web_${rows}_${role} TEMPLATE ${template}`);
  const last = before + Math.floor(rows / tables);
  await create("pre", "template0");
  await run(url("pre"), all(createTable));
  await run(
    url("pre"),
    all((at) => fill(at, 1, before)),
  );
  await create("post", `web_${rows}_pre`);
  await run(
    url("post"),
    all((at) => fill(at, before + 1, last)),
  );
  await create("current", `web_${rows}_pre`);
  // The last ones: else nearly all would hang on what is withheld.
  const taken = Math.ceil((last - before) / 100);
  await run(
    url("current"),
    `INSERT INTO t0 SELECT 1000000000 + n, 'code ' || n FROM generate_series(${last - taken + 1}, ${last}) AS n`,
  );
  for (const role of ["pre", "post", "current"]) await run(url(role), "VACUUM ANALYZE");
  return { pre: url("pre"), post: url("post"), current: url("current"), rows };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
