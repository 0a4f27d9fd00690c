import { columnNames, hostileNames, tableNames, touchNames } from "./names.js";
import type { Random } from "./random.js";
import { isPlain, quoteName } from "./sql.js";
import { allTypes, keyTypes, typeNamed } from "./types.js";

export type Role = "pre" | "post" | "current";
export const roles = ["pre", "post", "current"] as const;

export interface ColumnSpec {
  readonly name: string;
  /** As in CREATE TABLE; one of types.ts. */
  readonly type: string;
  readonly nullable: boolean;
  /** GENERATED ALWAYS AS IDENTITY; only on key columns, because such a column cannot be updated. */
  readonly identity: boolean;
}

export interface TableSpec {
  readonly schema: string;
  readonly name: string;
  /** `schema.table`, quoted only where SQL needs it: the name in every output. */
  readonly label: string;
  /** Neither schema nor name can be misread in a glob. */
  readonly plain: boolean;
  /** What all three databases have, without what is generated. */
  readonly columns: readonly ColumnSpec[];
  /** Names, in key order, which need not be their order in the table; none: its rows are told apart by all they say. */
  readonly key: readonly string[];
  /** Stored columns that PostgreSQL computes: never written, never compared. */
  readonly generated: readonly {
    readonly name: string;
    readonly type: string;
    readonly expression: string;
  }[];
  /** A column only one of the databases has, holding its default in every row. */
  readonly extra: { readonly name: string; readonly role: Role; readonly value: string } | undefined;
  /** Column names in the order of each database's CREATE TABLE, generated and extra ones included. */
  readonly order: Readonly<Record<Role, readonly string[]>>;
}

/** The columns that hold data in one database, in its order. */
export function storedColumns(table: TableSpec, role: Role): string[] {
  const generated = table.generated.map((column) => column.name);
  return table.order[role].filter((name) => !generated.includes(name));
}

/** Without a key whole rows are compared, and copies counted. */
export function isBag(table: TableSpec): boolean {
  return table.key.length === 0;
}

export function isKey(table: TableSpec, column: string): boolean {
  return table.key.includes(column);
}

/** `taken` holds labels of tables; the same name in two schemas is welcome. */
export function generateTable(random: Random, schema: string, taken: readonly string[]): TableSpec {
  const free = (names: readonly string[]) => names.filter((name) => !taken.includes(labelOf(schema, name)));
  const name = random.pick(free(random.chance(0.2) ? hostileNames : tableNames));
  const names = new NameBag(random.fork("names"));
  const key = generateKey(random, names);
  const others = generateOthers(random, names, key.length);
  const isKeyless = random.fork("keyless").chance(0.15);
  const shuffled = random.shuffle([...key, ...others]);
  const columns = isKeyless ? shuffled.map((column) => ({ ...column, identity: false })) : shuffled;
  const generated = random.chance(0.2) ? [generateComputed(random, names, columns)] : [];
  const extra = random.chance(0.06)
    ? { name: names.take(), role: random.pick(roles), value: "added in a migration" }
    : undefined;
  return {
    schema,
    name,
    label: labelOf(schema, name),
    plain: isPlain(schema) && isPlain(name),
    columns,
    key: isKeyless ? [] : key.map((column) => column.name),
    generated,
    extra,
    order: generateOrder(
      random,
      [...columns, ...generated].map((column) => column.name),
      extra,
    ),
  };
}

const labelOf = (schema: string, name: string): string => `${quoteName(schema)}.${quoteName(name)}`;

class NameBag {
  readonly #random: Random;
  readonly #taken = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  take(): string {
    return this.takeFrom(this.#random.chance(0.15) ? hostileNames : columnNames);
  }

  takeFrom(names: readonly string[]): string {
    const name = this.#random.pick(names.filter((candidate) => !this.#taken.has(candidate)));
    this.#taken.add(name);
    return name;
  }
}

function generateKey(random: Random, names: NameBag): ColumnSpec[] {
  const size = Number(random.weighted({ "1": 60, "2": 28, "3": 12 }));
  return Array.from({ length: size }, () => {
    const type = random.pick(keyTypes);
    const identity = size === 1 && type.family === "integer" && random.chance(0.4);
    return { name: names.take(), type: type.sql, nullable: false, identity };
  });
}

function generateOthers(random: Random, names: NameBag, keySize: number): ColumnSpec[] {
  const count = random.integer(keySize === 1 ? 1 : 0, Math.min(7, 9 - keySize));
  const columns = Array.from({ length: count }, () => {
    const type = random.pick(allTypes).sql;
    return { name: names.take(), type, nullable: random.chance(0.65), identity: false };
  });
  // A pair of one type, so that a group of columns means something.
  if (random.chance(0.15)) {
    const type = typeNamed(random.pick(["date", "timestamp with time zone", "numeric"])).sql;
    for (const name of ["starts_at", "ends_at"]) {
      columns.push({ name: names.takeFrom([name]), type, nullable: true, identity: false });
    }
  }
  if (random.chance(0.45)) columns.push(generateTouch(random, names));
  if (random.chance(0.08)) columns.push(generateTouch(random, names));
  return columns;
}

/** Now and then such a name on a text: not a timestamp, so not a touch column. */
function generateTouch(random: Random, names: NameBag): ColumnSpec {
  const type = random.weighted({
    "timestamp with time zone": 80,
    "timestamp without time zone": 12,
    text: 8,
  });
  return { name: names.takeFrom(touchNames), type, nullable: random.chance(0.5), identity: false };
}

function generateComputed(random: Random, names: NameBag, columns: readonly ColumnSpec[]) {
  const source = random.pick(columns);
  const quoted = quoteName(source.name);
  const family = typeNamed(source.type).family;
  const name = names.take();
  if (family === "text") return { name, type: "text", expression: `upper(${quoted})` };
  if (family === "integer") return { name, type: "numeric", expression: `${quoted}::numeric * 2` };
  return { name, type: "boolean", expression: `${quoted} IS NULL` };
}

function generateOrder(random: Random, names: readonly string[], extra: TableSpec["extra"]) {
  const orderIn = (role: Role): string[] => {
    const here = extra?.role === role ? [...names, extra.name] : [...names];
    return random.chance(0.1) ? random.shuffle(here) : here;
  };
  return { pre: orderIn("pre"), post: orderIn("post"), current: orderIn("current") };
}
