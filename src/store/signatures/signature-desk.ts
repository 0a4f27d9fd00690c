import type { DuckDBConnection } from "@duckdb/node-api";
import type { DifferenceGroup, Written } from "../../model/signature.js";
import type { Key, Operation, Row } from "../../model/value.js";
import { drain } from "../file/drain.js";
import type { PlanFile } from "../file/plan-file.js";
import { differenceTable } from "../tables/difference-table.js";

/**
 * Where differences are sorted into signatures: all of it in SQL over the differences, with memory that grows with the
 * number of groups. What is learned stays until the desk is closed; only `number` writes to the plan.
 */
export interface SignatureDesk {
  /** The largest groups. */
  groups(limit: number): Promise<readonly DifferenceGroup[]>;
  /**
   * Puts every difference into a draft: by its group, or where that is none of `of`, by table and operation.
   * @returns nothing; `counts` tells
   */
  sort(drafts: Drafts): Promise<void>;
  /** Rows of a draft, with what the same transactions inserted elsewhere. */
  companions(draft: number, limit: number): Promise<readonly Companions[]>;
  /** Moves rows of one draft to another, where a row was inserted that has the key of it in these columns. */
  moveTraced(from: number, to: number, trace: Trace): Promise<void>;
  counts(): Promise<ReadonlyMap<number, number>>;
  /** Numbers the drafts, in the differences themselves. */
  number(numbers: ReadonlyMap<number, number>): Promise<void>;
  close(): void;
}

export interface Drafts {
  readonly of: readonly (Omit<DifferenceGroup, "rows" | "transactions"> & { readonly draft: number })[];
  readonly otherwise: readonly {
    readonly table: number;
    readonly operation: Operation;
    readonly draft: number;
  }[];
}

/** A row, and rows of other tables that the same transaction inserted. */
export interface Companions {
  readonly key: Key;
  readonly inserted: readonly { readonly table: number; readonly row: Row }[];
}

/** Where rows of a table name the row that they are about. */
export interface Trace {
  readonly table: number;
  /** For each column of the other table's key, the position of the column that holds it. */
  readonly positions: readonly number[];
}

/**
 * A transaction is bulk in a table and an operation when it wrote this many alike rows there: an eighth of what the
 * largest did, but never fewer than five, and never more than fifty are asked for.
 */
const bulkSql = "least(50, greatest(5, max(rows) / 8))";

/** @param blind transactions tell nothing: each row counts as written by nobody knows whom */
export async function openSignatureDesk(file: PlanFile, blind: boolean): Promise<SignatureDesk> {
  const connection = await file.connect();
  try {
    await file.work(() => prepare(connection, blind));
    return new StoredDesk(file, connection, writerSql(blind));
  } catch (error) {
    file.release(connection);
    throw error;
  }
}

const writerSql = (blind: boolean): string => (blind ? "NULL::VARCHAR" : "d.transaction_id");

async function prepare(connection: DuckDBConnection, blind: boolean): Promise<void> {
  await connection.run(`CREATE TEMP TABLE written AS
    SELECT table_id, operation, coalesce(shape, '') AS shape, ${writerSql(blind)} AS writer, count(*) AS rows
    FROM ${differenceTable.name} AS d GROUP BY ALL`);
  await connection.run(`CREATE TEMP TABLE bulk AS
    SELECT DISTINCT table_id, operation, writer
    FROM written JOIN (
      SELECT table_id, operation, ${bulkSql} AS many FROM written WHERE writer IS NOT NULL GROUP BY ALL
    ) USING (table_id, operation)
    WHERE writer IS NOT NULL AND rows >= many`);
}

/** @param writer in SQL, the transaction */
const writtenSql = (writer: string): string =>
  `CASE WHEN ${writer} IS NULL THEN 'untold' WHEN bulk.writer IS NULL THEN 'few' ELSE 'bulk' END`;

class StoredDesk implements SignatureDesk {
  readonly #file: PlanFile;
  readonly #connection: DuckDBConnection;
  readonly #writer: string;

  constructor(file: PlanFile, connection: DuckDBConnection, writer: string) {
    this.#file = file;
    this.#connection = connection;
    this.#writer = writer;
  }

  async groups(limit: number): Promise<readonly DifferenceGroup[]> {
    const lines = await this.#ask(
      `SELECT w.table_id::DOUBLE, w.operation::VARCHAR, w.shape, ${writtenSql("w.writer")} AS written,
        sum(w.rows)::DOUBLE AS total, count(*)::DOUBLE
      FROM written AS w LEFT JOIN bulk
        ON bulk.table_id = w.table_id AND bulk.operation = w.operation AND bulk.writer = w.writer
      GROUP BY 1, 2, 3, 4 ORDER BY total DESC, 1, 2, 3, 4 LIMIT ${limit}`,
    );
    return lines.map(([table, operation, shape, written, rows, transactions]) => ({
      table: table as number,
      operation: operation as Operation,
      shape: shape as string,
      written: written as Written,
      rows: rows as number,
      transactions: written === "untold" ? 0 : (transactions as number),
    }));
  }

  async sort({ of, otherwise }: Drafts): Promise<void> {
    await this.#run(
      `CREATE OR REPLACE TEMP TABLE draft_of AS SELECT unnest(from_json($1,
        '[{"table":"BIGINT","operation":"VARCHAR","shape":"VARCHAR","written":"VARCHAR","draft":"INTEGER"}]'), recursive := true)`,
      [JSON.stringify(of)],
    );
    await this.#run(
      `CREATE OR REPLACE TEMP TABLE draft_else AS SELECT unnest(from_json($1,
        '[{"table":"BIGINT","operation":"VARCHAR","draft":"INTEGER"}]'), recursive := true)`,
      [JSON.stringify(otherwise)],
    );
    // By groups first, of which there are few: so nothing is looked up row by row but the group.
    await this.#run(`CREATE OR REPLACE TEMP TABLE sorted AS
      SELECT w.table_id, w.operation, w.shape, w.writer, coalesce(m.draft, e.draft) AS draft
      FROM written AS w
        LEFT JOIN bulk ON bulk.table_id = w.table_id AND bulk.operation = w.operation AND bulk.writer = w.writer
        LEFT JOIN draft_of AS m ON m."table" = w.table_id AND m.operation = w.operation::VARCHAR
          AND m.shape = w.shape AND m.written = ${writtenSql("w.writer")}
        LEFT JOIN draft_else AS e ON e."table" = w.table_id AND e.operation = w.operation::VARCHAR`);
    await this.#run(`CREATE OR REPLACE TEMP TABLE signed AS
      SELECT d.ordinal, s.draft FROM ${differenceTable.name} AS d JOIN sorted AS s
        ON s.table_id = d.table_id AND s.operation = d.operation AND s.shape = coalesce(d.shape, '')
        AND s.writer IS NOT DISTINCT FROM ${this.#writer}`);
  }

  async companions(draft: number, limit: number): Promise<readonly Companions[]> {
    const lines = await this.#ask(`
      SELECT d.key, c.table_id::DOUBLE, c.post
      FROM (SELECT ordinal FROM signed WHERE draft = ${draft} ORDER BY ordinal LIMIT ${limit}) AS example
        JOIN ${differenceTable.name} AS d USING (ordinal)
        LEFT JOIN ${differenceTable.name} AS c ON c.transaction_id = d.transaction_id AND c.operation = 'insert'
          AND c.table_id <> d.table_id AND c.post LIKE '[%'
      ORDER BY d.ordinal, c.ordinal`);
    const found = new Map<string, { table: number; row: Row }[]>();
    for (const [key, table, row] of lines) {
      const inserted = found.get(key as string) ?? [];
      if (row !== null) inserted.push({ table: table as number, row: JSON.parse(row as string) as Row });
      found.set(key as string, inserted);
    }
    return [...found].map(([key, inserted]) => ({ key: JSON.parse(key) as Key, inserted }));
  }

  async moveTraced(from: number, to: number, { table, positions }: Trace): Promise<void> {
    const named = positions.map((at, order) => `post ->> '$[${at}]' AS k${order}`);
    // To DuckDB `=` binds tighter than `->>`.
    const same = positions.map((_, order) => `t.k${order} = (d.key ->> '$[${order}]')`);
    await this.#run(`UPDATE signed SET draft = ${to} WHERE draft = ${from} AND ordinal IN (
      SELECT d.ordinal FROM ${differenceTable.name} AS d JOIN (
        SELECT DISTINCT ${named.join(", ")} FROM ${differenceTable.name}
        WHERE table_id = ${table} AND operation = 'insert' AND post LIKE '[%'
      ) AS t ON ${same.join(" AND ")}
      WHERE d.ordinal IN (SELECT ordinal FROM signed WHERE draft = ${from}))`);
  }

  async counts(): Promise<ReadonlyMap<number, number>> {
    const lines = await this.#ask("SELECT draft::DOUBLE, count(*)::DOUBLE FROM signed GROUP BY draft");
    return new Map(lines.map(([draft, rows]) => [draft as number, rows as number]));
  }

  async number(numbers: ReadonlyMap<number, number>): Promise<void> {
    const pairs = [...numbers].map(([draft, number]) => ({ draft, number }));
    await this.#run(
      `UPDATE ${differenceTable.name} SET signature = numbered.number
      FROM signed JOIN (
        SELECT unnest(from_json($1, '[{"draft":"INTEGER","number":"INTEGER"}]'), recursive := true)
      ) AS numbered USING (draft) WHERE signed.ordinal = ${differenceTable.name}.ordinal`,
      [JSON.stringify(pairs)],
    );
  }

  close(): void {
    this.#file.release(this.#connection);
  }

  async #ask(sql: string): Promise<unknown[][]> {
    return this.#file.work(async () =>
      drain(await this.#connection.stream(sql), (chunk) => chunk.getRows() as unknown[][]),
    );
  }

  async #run(sql: string, values: string[] = []): Promise<void> {
    await this.#file.work(() => this.#connection.run(sql, values));
  }
}
