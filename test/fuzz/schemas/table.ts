/** SQL of a value, given SQL of a number: the same number, the same value. */
export type ValueOf = (n: string) => string;

export interface ColumnDraft {
  readonly name: string;
  /** With everything that stands behind the name. */
  readonly type: string;
  /** Undefined where the server fills it in. */
  readonly value: ValueOf | undefined;
  /** An incident may write it. Others are keys, references, and what constraints speak of. */
  readonly free: boolean;
}

/** A table of a large schema, before it is SQL. */
export interface TableDraft {
  /** With its schema where that is not `public`; needs no quotes. */
  readonly name: string;
  readonly columns: readonly ColumnDraft[];
  readonly key: readonly string[];
  readonly constraints: readonly string[];
  /** Behind the closing bracket. */
  readonly tail: string;
  /** Partitions and indexes: what follows it before rows do. */
  readonly attached: readonly string[];
  /** A multiple of `tenants`. */
  readonly rows: number;
}

/** Rows go round so many tenants, in every table: what refers to another row finds it with its own. */
export const tenants = 5;

export interface LargeSchema {
  readonly name: string;
  readonly extensions: readonly string[];
  /** Types, domains, functions: what comes before the tables. */
  readonly before: readonly string[];
  /** Parents before children. */
  readonly tables: readonly TableDraft[];
  /** Triggers, views, rules, keys that close a ring: what comes after the rows. */
  readonly after: readonly string[];
}

/** Builds the schema in an empty database, statement by statement. */
export function* schemaSql({ extensions, before, tables, after }: LargeSchema): Generator<string> {
  for (const extension of extensions) yield `CREATE EXTENSION ${extension}`;
  yield* before;
  for (const table of tables) {
    yield createSql(table);
    yield* table.attached;
    yield fillSql(table, 1, table.rows);
  }
  yield* after;
}

function createSql({ name, columns, key, constraints, tail }: TableDraft): string {
  const parts = [
    ...columns.map((column) => `${column.name} ${column.type}`),
    ...(key.length === 0 ? [] : [`PRIMARY KEY (${key.join(", ")})`]),
    ...constraints,
  ];
  return `CREATE TABLE ${name} (${parts.join(", ")}) ${tail}`;
}

/** Rows by their numbers, both included. */
export function fillSql({ name, columns }: TableDraft, from: number, to: number): string {
  const filled = columns.flatMap(({ name: column, value }) =>
    value === undefined ? [] : [{ column, value }],
  );
  return `INSERT INTO ${name} (${filled.map(({ column }) => column).join(", ")}) OVERRIDING SYSTEM VALUE
    SELECT ${filled.map(({ value }) => value("n")).join(", ")} FROM generate_series(${from}, ${to}) AS n`;
}

/** Columns that refer to a row of `parent`: that of the same tenant, so many tenants further. */
export function reference(
  parent: TableDraft,
  names: readonly string[],
  further: number,
): readonly { readonly name: string; readonly type: string; readonly value: ValueOf }[] {
  return names.map((name, at) => {
    const column = parent.columns.find((one) => one.name === parent.key[at]) as ColumnDraft;
    const value = column.value as ValueOf;
    const other = (n: string) => `(1 + (${n} - 1 + ${tenants * further}) % ${parent.rows})`;
    const type = column.type.replace(/ GENERATED.*| DEFAULT.*| NOT NULL.*/, "");
    return { name, type, value: (n: string) => value(other(n)) };
  });
}
