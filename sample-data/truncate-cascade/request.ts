import { GeneratedKey } from "./generated-key.js";
import { type RowRef, rowRef } from "./row-ref.js";
import type { Fresh, TableName } from "./rows.js";

export type Operation = "insert" | "update" | "delete";

/** One statement of the product, and the rows it changes. */
export interface Request {
  readonly sql: string;
  readonly values: readonly unknown[];
  /** The key that the database must hand out for it. */
  readonly hands?: GeneratedKey;
  readonly touches: readonly Touch[];
}

export interface Touch {
  readonly ref: RowRef;
  readonly operation: Operation;
  readonly workspace: string;
}

/** The times of a new row are the story's, a generated key is the database's. */
export function insert<T extends TableName>(table: T, workspace: string, row: Fresh<T>): Request {
  const given = Object.entries(row).filter(([column]) => column !== "id" || !isGenerated(row));
  const columns = given.map(([column]) => column).join(", ");
  const places = given.map((_, index) => `$${index + 1}`).join(", ");
  const sql = `INSERT INTO public."${table}" (${columns}) VALUES (${places})`;
  const values = given.map(([, value]) => value);
  const touches = [{ ref: rowRef(table, row), operation: "insert", workspace } as const];
  if (!isGenerated(row)) return { sql, values, touches };
  return { sql: `${sql} RETURNING id`, values, touches, hands: row.id };
}

function isGenerated(row: object): row is { readonly id: GeneratedKey } {
  return "id" in row && row.id instanceof GeneratedKey;
}

export function update<T extends TableName>(
  table: T,
  workspace: string,
  row: Fresh<T>,
  changes: Fresh<T>,
): Request {
  const ref = rowRef(table, row);
  const columns = Object.keys(changes).map((column, index) => `${column} = $${index + 1}`);
  const values = Object.values(changes);
  return {
    sql: `UPDATE public."${table}" SET ${columns.join(", ")} WHERE ${keyMatches(ref, values.length)}`,
    values: [...values, ...Object.values(ref.key)],
    touches: [{ ref, operation: "update", workspace }],
  };
}

/** `also` names the rows that foreign keys change on the way. */
export function remove<T extends TableName>(
  table: T,
  workspace: string,
  row: Fresh<T>,
  also: readonly Touch[] = [],
): Request {
  const ref = rowRef(table, row);
  return {
    sql: `DELETE FROM public."${table}" WHERE ${keyMatches(ref, 0)}`,
    values: Object.values(ref.key),
    touches: [{ ref, operation: "delete", workspace }, ...also],
  };
}

function keyMatches({ key }: RowRef, placesBefore: number): string {
  return Object.keys(key)
    .map((column, index) => `${column} = $${placesBefore + index + 1}`)
    .join(" AND ");
}
