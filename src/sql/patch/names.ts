import { type Column, columnAt, type Table } from "../../model/table.js";
import { identifier } from "../quote.js";

/** How one step's staging table names its columns. All are already quoted where SQL needs it. */
export interface StagingNames {
  readonly table: string;
  key(position: number): string;
  before(position: number): string;
  after(position: number): string;
}

/** PostgreSQL cuts names at 63 bytes: `old_` and `key_` must not make two of them one. */
const longestReadable = 58;

export function stagingNames(step: number, table: Table): StagingNames {
  const readable = table.columns.every(
    ({ name }) => name.length <= longestReadable && /^[a-z0-9_]+$/.test(name),
  );
  const named = (prefix: string) => (position: number) =>
    identifier(`${prefix}_${readable ? columnAt(table, position).name : String(position + 1)}`);
  return { table: `pgmend_${step}`, key: named("key"), before: named("old"), after: named("new") };
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
    return `CASE WHEN ${value} IS NOT NULL THEN pg_catalog.format('%s', ${value}) END${byBytes(column)}`;
  };
  return `${side(a)} IS NOT DISTINCT FROM ${side(b)}`;
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
