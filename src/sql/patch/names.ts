import { type Column, columnAt, type Table } from "../../model/table.js";
import { identifier } from "../quote.js";

/** How one step's staging table, `s`, names its columns. All are already quoted where SQL needs it. */
export interface StagingNames {
  readonly table: string;
  /** The table with the numbers, `n`, of staged rows that were written. */
  readonly written: string;
  /** The tables whose row types hold the values of a wide table: those expected and those to write. */
  readonly folded: { readonly before: string; readonly after: string } | undefined;
  key(position: number): string;
  before(position: number): string;
  after(position: number): string;
  /** The value expected, and that to write, as expressions over what `stagedRows` joins. */
  was(position: number): string;
  becomes(position: number): string;
}

/** PostgreSQL cuts names at 63 bytes: `old_` and `key_` must not make two of them one. */
const longestReadable = 58;

/**
 * A staged row holds each value twice, and a table has no more than 1 600 columns and 8 kB for what it holds in line.
 * From here on all values expected are one column, and all values to write another: composites, which are stored apart.
 */
const wide = 50;

export function stagingNames(step: number, table: Table): StagingNames {
  const readable = table.columns.every(
    ({ name }) => name.length <= longestReadable && /^[a-z0-9_]+$/.test(name),
  );
  const named = (prefix: string) => (position: number) =>
    identifier(`${prefix}_${readable ? columnAt(table, position).name : String(position + 1)}`);
  const [key, before, after] = [named("key"), named("old"), named("new")];
  const isWide = table.columns.length > wide;
  return {
    table: `pgmend_${step}`,
    written: `pgmend_${step}_written`,
    folded: isWide ? { before: `pgmend_${step}_old`, after: `pgmend_${step}_new` } : undefined,
    ...{ key, before, after },
    was: (position) => `${isWide ? "was" : "s"}.${before(position)}`,
    becomes: (position) => `${isWide ? "becomes" : "s"}.${after(position)}`,
  };
}

/** Drops what `stagingTable` made. */
export function dropStaging({ table, written, folded }: StagingNames, { ifExists = false } = {}): string {
  const tables = [table, written, ...(folded === undefined ? [] : [folded.before, folded.after])];
  return `DROP TABLE ${ifExists ? "IF EXISTS " : ""}${tables.map((name) => `pg_temp.${name}`).join(", ")};\n`;
}

/** The table as FROM, UPDATE and DELETE name it: a partitioned one at its root, others without what inherits. */
export function target(table: Table): string {
  return table.partitioned ? table.label : `ONLY ${table.label}`;
}

/** NULL-safe and as exact as the printed value: where a type has no such equality, by what it prints. */
export function sameExpression(column: Column, a: string, b: string): string {
  const side = (value: string) => {
    if (column.equalityIsExact) return value;
    if (column.textIsExact) return `${value}::pg_catalog.text${byBytes(column)}`;
    // format() prints through the type's output function, but makes '' of NULL.
    return `CASE WHEN ${isNotNull(column, value)} THEN pg_catalog.format('%s', ${value}) END${byBytes(column)}`;
  };
  return `${side(a)} IS NOT DISTINCT FROM ${side(b)}`;
}

/** Whether there is no value. A composite value counts as NULL to SQL where all its fields are, and as a value to us. */
export function isNull({ textIsExact }: Column, value: string): string {
  return textIsExact ? `${value} IS NULL` : `${value} IS NOT DISTINCT FROM NULL`;
}

export function isNotNull({ textIsExact }: Column, value: string): string {
  return textIsExact ? `${value} IS NOT NULL` : `${value} IS DISTINCT FROM NULL`;
}

/** Text keeps the collation of what it was printed from, and one that is not deterministic calls `Abc` and `ABC` equal. */
function byBytes({ baseType, textIsExact }: Column): string {
  const hasNone = textIsExact && !/^(text|character varying)|\[\]$/.test(baseType);
  return hasNone ? "" : ' COLLATE pg_catalog."C"';
}

export function columnReference(alias: string, column: Column): string {
  return `${alias}.${identifier(column.name)}`;
}

/** `t.id = s.key_id AND …` */
export function keyCondition(table: Table, names: StagingNames): string {
  return table.key
    .map((position) => {
      const column = columnAt(table, position);
      return `${columnReference("t", column)} ${column.equals ?? "="} s.${names.key(position)}`;
    })
    .join(" AND ");
}

export function overriding(table: Table): string {
  return table.columns.some((column) => column.identityAlways) ? " OVERRIDING SYSTEM VALUE" : "";
}
