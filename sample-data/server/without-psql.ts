import { readFile } from "node:fs/promises";
import pg from "pg";
import { type Column, messageText, type ServerMessage, type SqlFileResult, table } from "./psql-output.js";
import { sqlOfScript } from "./psql-script.js";

/**
 * The file as *one* simple query, so that BEGIN, COMMIT and DO blocks in it work. Unlike in psql, statements outside
 * of BEGIN and COMMIT share one transaction, and none may be one that refuses to run in a transaction.
 */
export async function runSqlFileWithoutPsql(
  url: string,
  file: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<SqlFileResult> {
  let script: string;
  try {
    script = await readFile(file, "utf8");
  } catch {
    return { exitCode: 1, stdout: "", stderr: `${file}: cannot be read\n` };
  }
  const run = new Run(sqlOfScript(script, variables));
  const client = new pg.Client({ connectionString: url });
  client.on("notice", (notice) => run.say(notice));
  client.on("error", (error) => run.handleError(error));
  try {
    await client.connect();
    client.query(run);
    await run.done;
  } catch (error) {
    run.handleError(error as Error);
  }
  await client.end().catch(() => {});
  return { exitCode: run.exitCode, stdout: run.stdout, stderr: run.stderr };
}

/** With RETURNING they print their rows *and* what they did. */
const WRITES = /^(INSERT|UPDATE|DELETE)/;

/** A query in pg's own terms, as pg-cursor is one: it sees every tag and row in the order in which they come. */
class Run implements pg.Submittable {
  stdout = "";
  stderr = "";
  exitCode = 0;
  readonly done: Promise<void>;
  readonly #sql: string;
  #finish: () => void = () => {};
  #columns: readonly Column[] | undefined;
  #rows: (string | null)[][] = [];

  constructor(sql: string) {
    this.#sql = sql;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#sql);
  }

  say(message: ServerMessage): void {
    this.stderr += messageText(message);
  }

  handleRowDescription({ fields }: { fields: readonly Column[] }): void {
    this.#columns = fields;
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.#rows.push(fields);
  }

  handleCommandComplete({ text }: { text: string }): void {
    if (this.#columns !== undefined) this.stdout += table(this.#columns, this.#rows);
    if (this.#columns === undefined || WRITES.test(text)) this.stdout += `${text}\n`;
    this.#columns = undefined;
    this.#rows = [];
  }

  handleEmptyQuery(): void {}

  handleReadyForQuery(): void {
    this.#finish();
  }

  /** From the server, the file is at fault; from anywhere else, the connection is. Only the first one tells. */
  handleError(error: Error & ServerMessage): void {
    if (this.exitCode === 0) {
      this.exitCode = error.severity === "ERROR" ? 3 : 2;
      this.say({ ...error, message: error.message });
    }
    this.#finish();
  }
}
