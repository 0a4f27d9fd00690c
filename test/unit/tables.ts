import type { Column, Table } from "../../src/model/table.js";
import type { Row, Value } from "../../src/model/value.js";

/** A column as the catalog would describe it; text, unless more is said. */
export function column(name: string, more: Partial<Column> = {}): Column {
  const type = more.type ?? "text";
  return {
    name,
    type,
    baseType: type,
    notNull: false,
    identityAlways: false,
    equals: "OPERATOR(pg_catalog.=)",
    equalityIsExact: true,
    textIsExact: true,
    keyOrder: "text",
    isTime: false,
    ...more,
  };
}

/** A table of these columns in schema `public`; its first column is the key, unless more is said. */
export function tableOf(
  name: string,
  columns: readonly (string | Column)[],
  more: Partial<Table> = {},
): Table {
  return {
    label: `public.${name}`,
    schema: "public",
    name,
    partitioned: false,
    columns: columns.map((one) => (typeof one === "string" ? column(one) : one)),
    generated: [],
    key: [0],
    keySource: "primary key",
    touch: [],
    groups: [],
    ...more,
  };
}

/** The table most cases are told with: numbers, a pair of columns that can be grouped, and a touch column. */
export const deviceTable = tableOf(
  "device",
  [
    column("id", { type: "bigint", notNull: true, keyOrder: "integer" }),
    column("label"),
    column("owner"),
    column("price", { type: "numeric", equalityIsExact: false }),
    column("starts_at", { type: "date" }),
    column("ends_at", { type: "date" }),
    column("updated_at", { type: "timestamp with time zone", isTime: true }),
  ],
  { touch: [6] },
);

export const bookedDevices: Table = { ...deviceTable, groups: [[4, 5]] };

const lamp = {
  id: "7",
  label: "lamp",
  owner: "ada",
  price: "1.0",
  starts_at: "2024-03-01",
  ends_at: "2024-03-31",
  updated_at: "noon",
};

/** What differs from the device as everybody knows it. */
export type DeviceCells = Readonly<Partial<Record<keyof typeof lamp, Value>>>;

export function device(cells: DeviceCells = {}): Row {
  return Object.values({ ...lamp, ...cells });
}

export function at(table: Table, name: string): number {
  const position = table.columns.findIndex((one) => one.name === name);
  if (position === -1) throw new RangeError(`${table.label} has no column ${name}`);
  return position;
}

/** Numbers are equal by value, all else by its text: what PostgreSQL would say of these columns. */
export function sameByValue(position: number, a: Value, b: Value): boolean {
  return (
    deviceTable.columns[position]?.type === "numeric" && a !== null && b !== null && Number(a) === Number(b)
  );
}
