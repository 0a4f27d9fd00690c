import type { Column } from "../../src/model/table.js";

export type ColumnKind = "integer" | "numeric" | "float" | "time" | "text" | "json" | "jsonb";

const kinds: ReadonlyMap<string, ColumnKind> = new Map([
  ["smallint", "integer"],
  ["integer", "integer"],
  ["bigint", "integer"],
  ["numeric", "numeric"],
  ["real", "float"],
  ["double precision", "float"],
  ["date", "time"],
  ["timestamp without time zone", "time"],
  ["timestamp with time zone", "time"],
  ["text", "text"],
  ["character varying", "text"],
  ["json", "json"],
  ["jsonb", "jsonb"],
]);

/** What a value of this type can be read as, below any domains; undefined for types that nobody here reads. */
export function kindOf({ baseType }: Pick<Column, "baseType">): ColumnKind | undefined {
  return kinds.get(withoutModifier(baseType));
}

/** `numeric(10,2)` is a numeric, `timestamp(3) with time zone` a timestamp with time zone. */
function withoutModifier(type: string): string {
  return type.replace(/\(\d+(,-?\d+)?\)/, "");
}

/** What an array column holds: `text` of `text[]`. Undefined where it is none. */
export function elementType({ baseType }: Pick<Column, "baseType">): string | undefined {
  return baseType.endsWith("[]") ? baseType.slice(0, -2) : undefined;
}
