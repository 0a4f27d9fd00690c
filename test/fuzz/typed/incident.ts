import type { ServerType } from "../../support/every-type/types-of-server.js";
import { hostileNames } from "../names.js";
import { Random } from "../random.js";
import { quoteName } from "../sql.js";

/** Tables of any types, what they held, and what the incident did: all as SQL. */
export interface TypedIncident {
  readonly seed: number;
  readonly mode: "undo" | "replay";
  readonly tables: readonly string[];
  readonly pre: string;
  readonly post: string;
}

export interface Pool {
  readonly types: readonly ServerType[];
  /** Those that a B-tree can hold, with the collations they may be sorted by. */
  readonly keys: readonly ServerType[];
}

interface DrawnColumn {
  readonly name: string;
  readonly sql: string;
  readonly values: readonly string[];
}

const mostRows = 20;
/** What an index can hold is bounded: a value that is longer in SQL is no key. */
const longestKey = 200;

/** The same seed and the same types, the same incident. */
export function drawTyped(seed: number, pool: Pool): TypedIncident {
  const random = new Random(`typed ${seed}`);
  const mode = random.chance(0.5) ? "undo" : "replay";
  const names = random.sample(hostileNames, random.integer(1, 3)).map((name) => `public.${quoteName(name)}`);
  const drawn = names.map((name, at) => drawTable(random.fork(`table ${at}`), name, pool));
  return {
    seed,
    mode,
    tables: names,
    pre: drawn.map(({ pre }) => pre).join("\n"),
    post: drawn.map(({ post }) => post).join("\n"),
  };
}

function drawTable(random: Random, table: string, { types, keys }: Pool) {
  const names = random.shuffle(hostileNames);
  const column = (type: ServerType, at: number): DrawnColumn => ({
    name: quoteName(names[at] as string),
    sql: type.sql,
    values: type.values,
  });
  const key = random
    .sample(keys, random.integer(1, 3))
    .map((type, at) =>
      column({ ...type, values: type.values.filter((value) => value.length < longestKey) }, at),
    );
  const others = random.sample(types, random.integer(1, 7)).map((type, at) => column(type, key.length + at));
  const columns = random.shuffle([...key, ...others]);
  const definitions = columns.map(({ name, sql }) => `${name} ${sql}`);
  const create = `CREATE TABLE ${table} (${definitions.join(", ")}, PRIMARY KEY (${key.map(({ name }) => name).join(", ")}));`;
  const value = (from: Random, one: DrawnColumn) =>
    !key.includes(one) && from.chance(0.15) ? "NULL" : from.pick(one.values);
  const insert = (from: Random) =>
    `INSERT INTO ${table} VALUES (${columns.map((one) => value(from, one)).join(", ")}) ON CONFLICT DO NOTHING;`;
  const rows = random.integer(0, mostRows);
  const repeat = (count: number, label: string, make: (from: Random) => string) =>
    Array.from({ length: count }, (_, at) => make(random.fork(`${label} ${at}`)));
  const edit = (from: Random) => {
    // A key that is there already, or cannot be: then nothing happens.
    const changed = from.sample(from.chance(0.25) ? columns : others, from.integer(1, 3));
    const set = changed.map((one) => `${one.name} = ${value(from, one)}`).join(", ");
    return `DO $edit$ BEGIN UPDATE ${table} SET ${set} WHERE ${someRow(from, table)}; EXCEPTION WHEN unique_violation THEN NULL; END $edit$;`;
  };
  const remove = (from: Random) => `DELETE FROM ${table} WHERE ${someRow(from, table)};`;
  return {
    pre: [create, ...repeat(rows, "row", insert)].join("\n"),
    post: [
      ...repeat(random.integer(0, rows), "edit", edit),
      ...repeat(random.integer(0, 4), "removal", remove),
      ...repeat(random.integer(0, 6), "arrival", insert),
    ].join("\n"),
  };
}

/** The same row in every copy of the table: they are physical copies, or were told the same. */
function someRow(random: Random, table: string): string {
  return `ctid = (SELECT ctid FROM ${table} ORDER BY ctid LIMIT 1 OFFSET ${random.integer(0, mostRows)})`;
}
