import {
  type LogAction,
  type LogProblem,
  type LogProblemKind,
  logProblemKinds,
} from "../../model/post-log.js";
import type { PlanFile } from "../file/plan-file.js";
import { readPages } from "../pages/page-reader.js";
import { integer, json, present } from "./field.js";
import { RecordWriter } from "./record-writer.js";
import { createTableSql, encodeRecord, type StoredTable } from "./stored-table.js";

/**
 * A change log on its way to be folded: taken in as it stands in the file, and sorted by row on disk, so that memory grows
 * neither with the log nor with what was done to one row.
 */
export interface LogStore {
  append(actions: readonly LogAction[]): Promise<void>;
  /** Those of one table: row by row in the order of keys, each row's in the order of the file. Once all are appended. */
  sorted(table: number): AsyncIterable<readonly LogAction[]>;
  sort(): Promise<void>;
  appendProblems(problems: readonly LogProblem[]): Promise<void>;
  flushProblems(): Promise<void>;
  /** Table by table, row by row. */
  problems(): AsyncIterable<readonly LogProblem[]>;
  countProblems(): Promise<Readonly<Record<LogProblemKind, number>>>;
  /** Once they are folded, the actions are not needed any more. */
  drop(): Promise<void>;
}

const actionFields = {
  place: integer,
  table_id: integer,
  /** As a JSON array. */
  key: present(json<readonly string[]>()),
  action: present(json<LogAction>()),
};

const loadedTable = { name: "log_loaded", order: "place", fields: actionFields } satisfies StoredTable;
const sortedTable = { name: "log_sorted", order: "place", fields: actionFields } satisfies StoredTable;

const problemTable = {
  name: "log_problem",
  order: "place",
  fields: { place: integer, kind: present(json<LogProblemKind>()), problem: present(json<LogProblem>()) },
} satisfies StoredTable;

export const logTablesSql: readonly string[] = [loadedTable, sortedTable, problemTable].map(createTableSql);

/** Whole positive numbers of a key sort by value, as the shorter one is the smaller. */
const sortSql = `INSERT INTO ${sortedTable.name}
  SELECT row_number() OVER (ORDER BY table_id, length(key), key, place), table_id, key, action, size
  FROM ${loadedTable.name}`;

export class StoredLog implements LogStore {
  readonly #file: PlanFile;
  readonly #actions: RecordWriter;
  readonly #problems: RecordWriter;
  #place = 0;
  #problemPlace = 0;

  constructor(file: PlanFile) {
    this.#file = file;
    this.#actions = new RecordWriter(file, loadedTable);
    this.#problems = new RecordWriter(file, problemTable);
  }

  append(actions: readonly LogAction[]): Promise<void> {
    return this.#actions.append(actions, (action) =>
      encodeRecord(loadedTable, { place: this.#place++, table_id: action.table, key: action.key, action }),
    );
  }

  async sort(): Promise<void> {
    await this.#actions.flush();
    await this.#run([sortSql]);
  }

  sorted(table: number): AsyncIterable<readonly LogAction[]> {
    const query = { table: sortedTable, where: `table_id = ${Math.trunc(table)}` };
    return readPages(this.#file, { ...query, decode: ({ action }) => action });
  }

  appendProblems(problems: readonly LogProblem[]): Promise<void> {
    return this.#problems.append(problems, (problem) =>
      encodeRecord(problemTable, { place: this.#problemPlace++, kind: problem.kind, problem }),
    );
  }

  flushProblems(): Promise<void> {
    return this.#problems.flush();
  }

  problems(): AsyncIterable<readonly LogProblem[]> {
    return readPages(this.#file, { table: problemTable, where: "true", decode: ({ problem }) => problem });
  }

  async countProblems(): Promise<Readonly<Record<LogProblemKind, number>>> {
    const sql = `SELECT kind ->> '$', count(*)::DOUBLE FROM ${problemTable.name} GROUP BY ALL`;
    const rows = await this.#file.use(async (connection) => (await connection.run(sql)).getRows());
    const counts = new Map(rows.map(([kind, count]) => [String(kind), Number(count)]));
    const of = (kind: LogProblemKind) => [kind, counts.get(kind) ?? 0] as const;
    return Object.fromEntries(logProblemKinds.map(of)) as Record<LogProblemKind, number>;
  }

  async drop(): Promise<void> {
    const tables = [loadedTable, sortedTable];
    await this.#run(tables.flatMap((table) => [`DROP TABLE ${table.name}`, createTableSql(table)]));
  }

  #run(statements: readonly string[]): Promise<void> {
    return this.#file.use(async (connection) => {
      for (const sql of statements) await connection.run(sql);
    });
  }
}
