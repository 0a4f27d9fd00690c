import type { DatabaseRole, Key, Row, Value } from "./value.js";

/**
 * How the servers sort a key column and how we compare two printed values of it. One word stands for both, so that
 * the ORDER BY and the comparator cannot drift apart (`src/sql/key-order.ts` is the only place that reads it).
 */
export type KeyOrder = "integer" | "numeric" | "native" | "text" | "printed";

/** A column that all three databases have, and how it is compared and written. */
export interface Column {
  readonly name: string;
  /** `format_type`, as SQL reads it: `character varying(20)`, `public.status`. */
  readonly type: string;
  /** The type below any domains; what a NULL of an absent row can be cast to. */
  readonly baseType: string;
  readonly notNull: boolean;
  /** Only `GENERATED ALWAYS AS IDENTITY` needs OVERRIDING SYSTEM VALUE. */
  readonly identityAlways: boolean;
  /** The type's own equality operator, as SQL writes it between two values; undefined where it has none (json). */
  readonly equals: string | undefined;
  /** Two values are equal by `=` only when they print the same: a typed guard is then as exact as a guard by text. */
  readonly equalityIsExact: boolean;
  /** The cast to text tells all values apart; that of char(n) drops blanks, and an extension's may do anything. */
  readonly textIsExact: boolean;
  readonly keyOrder: KeyOrder;
  /** Timestamp or date: can be stamped with now(). */
  readonly isTime: boolean;
}

/** A column that follows from the others; never compared and never written, but constraints may read it. */
export interface GeneratedColumn {
  readonly name: string;
  /** SQL over the bare names of other columns. */
  readonly expression: string;
}

/** A table as all three databases have it: the columns in common, in `current`'s order. */
export interface Table {
  /** `schema.table`, quoted only where SQL needs it; how the table is named in every output. */
  readonly label: string;
  readonly schema: string;
  readonly name: string;
  /** Partitioned tables are read and written at their root, others with ONLY. */
  readonly partitioned: boolean;
  /** Generated columns are not among them: they follow from the others and can never be written. */
  readonly columns: readonly Column[];
  readonly generated: readonly GeneratedColumn[];
  /** Positions in `columns` of the key, in key order. */
  readonly key: readonly number[];
  /** `bag`: it has no key, and `key` is empty (`model/bag.ts`). */
  readonly keySource: "primary key" | "unique index" | "config" | "bag";
  /** Positions of the touch columns. */
  readonly touch: readonly number[];
  /** Positions of columns that only make sense together; disjoint. */
  readonly groups: readonly (readonly number[])[];
  /** What it is in databases that know it otherwise than `current`: read there with `tableIn`. */
  readonly elsewhere?: Elsewhere | undefined;
  /** Rows that are not read with the others, because a value of theirs is too long. */
  readonly apart?: RowsApart | undefined;
}

/** By their keys in all three databases; without a key, whatever is longer, in bytes of a value as text. */
export type RowsApart =
  | { readonly kind: "keys"; readonly keys: readonly Key[] }
  | { readonly kind: "longer"; readonly than: number };

/** By the role of the session; snapshots inside the window have one each. */
export type Elsewhere = Readonly<Partial<Record<DatabaseRole | `snapshot ${string}`, OwnNames>>>;

/** How one database has a table that `current` has under another name, with other names of columns, or unpartitioned. */
export interface OwnNames extends Pick<Table, "label" | "schema" | "name" | "partitioned"> {
  /** By `current`'s names; columns that are called alike are left out. */
  readonly columns: Readonly<Record<string, string>>;
}

/**
 * The table as this database has it. Columns keep their positions, so rows and keys are the same under either.
 *
 * @param role as in `Session.role`; any other word is a database that has `current`'s names
 */
export function tableIn(table: Table, role: string): Table {
  const own = ownNames(table, role);
  if (own === undefined) return table;
  const { label, schema, name, partitioned } = own;
  const columns = table.columns.map((column) => ({ ...column, name: columnIn(own, column.name) }));
  return { ...table, label, schema, name, partitioned, columns, elsewhere: undefined };
}

export function ownNames({ elsewhere }: Pick<Table, "elsewhere">, role: string): OwnNames | undefined {
  return elsewhere?.[role as keyof Elsewhere];
}

/** @param column by its name in `current` */
export function columnIn(own: OwnNames | undefined, column: string): string {
  return own !== undefined && Object.hasOwn(own.columns, column) ? (own.columns[column] as string) : column;
}

/** A table that cannot be compared, or a part of one that is not. */
export interface LeftOut {
  readonly table: string;
  readonly what: string;
  /** Nobody asked for it: then the plan stays open (exit code 3). What can never be merged (a view) is only listed. */
  readonly open: boolean;
}

export interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  /** A column of it may be NULL: a row can be written before its parent is there, and pointed at it later. */
  readonly nullable: boolean;
  readonly deferrable: boolean;
  /** Its last column is a range (or multirange), all of which the ranges of the rows it refers to must cover: PERIOD. */
  readonly period?: boolean | undefined;
  /** MATCH FULL: refers to something as soon as one of its columns is not NULL. */
  readonly matchFull: boolean;
  /** As in pg_constraint.confdeltype: a no action, r restrict, c cascade, n set null, d set default. */
  readonly onDelete: string;
  /** As in pg_constraint.confupdtype, by the same letters. */
  readonly onUpdate: string;
}

/** A user trigger that fires when the patch writes, or a partition's copy of one that is not in its state; or a rewrite rule. */
export interface Trigger {
  readonly table: string;
  /** A rewrite rule: switched like a trigger, but as long as it is on, PostgreSQL refuses the statements of a patch. */
  readonly isRule?: true | undefined;
  /** The partition of the table on which it stands; undefined: on the table itself. */
  readonly partition?: string | undefined;
  readonly name: string;
  /** As in pg_trigger.tgenabled: O origin, A always, R replica, D disabled. */
  readonly enabled: string;
  readonly timing: string;
}

export function fires({ enabled }: Pick<Trigger, "enabled">): boolean {
  return enabled === "O" || enabled === "A";
}

/** `{ id: "17" }`: how a key is written in every file. */
export function keyObject(table: Table, key: readonly Value[]): Record<string, Value> {
  // A null prototype would print the same; assigning through entries keeps a column named __proto__ a plain key.
  return Object.fromEntries(
    table.key.map((position, at) => [columnAt(table, position).name, key[at] ?? null]),
  );
}

/** The key that `keyObject` wrote; undefined where the table has another one by now. */
export function keyOfObject(
  table: Table,
  object: Readonly<Record<string, Value>>,
): readonly string[] | undefined {
  const key = table.key.map((position) => object[columnAt(table, position).name]);
  const isWhole = (values: readonly (Value | undefined)[]): values is readonly string[] =>
    values.every((value) => typeof value === "string");
  return isWhole(key) && Object.keys(object).length === key.length ? key : undefined;
}

/** The key of a row, in key order. */
export function keyOf(table: Table, row: Row): readonly string[] {
  return table.key.map((position) => row[position] as string);
}

export function columnAt(table: Table, position: number): Column {
  const column = table.columns[position];
  if (column === undefined) throw new RangeError(`${table.label} has no column at ${position}`);
  return column;
}

/** Names of the columns at these positions, such as those of `PlannedConflict.columns`. */
export function columnNames(table: Table, positions: readonly number[]): readonly string[] {
  return positions.map((position) => columnAt(table, position).name);
}
