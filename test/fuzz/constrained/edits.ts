import type { Mode } from "../edits.js";
import type { Random } from "../random.js";
import { quoteValue } from "../sql.js";
import type { Reference, World } from "./foreign-keys.js";
import type { ConstrainedTable, Field } from "./tables.js";

type Values = ReadonlyMap<string, string | null>;

/**
 * One edit as people make them, as a block that PostgreSQL takes whole or, where a constraint would break, not at all:
 * so every database is consistent at every moment, and the same edits on the same rows give the same rows.
 */
export function drawEdit(random: Random, world: World): string {
  const table = random.pick(world.tables);
  const kind = random.weighted({
    insert: 14,
    family: 12,
    update: 20,
    rekey: 4,
    remove: 10,
    reclaim: 8,
    rotate: 14,
    shift: 6,
    half: 12,
    uproot: 6,
    adopt: 4,
    blow: 5,
  });
  const edits = {
    insert: () => insert(table, drawRow(random, table)),
    family: () => family(random, world),
    update: () => update(random, table),
    rekey: () => set(table, drawKey(random, table), drawKey(random, table)),
    remove: () => remove(table, drawKey(random, table)),
    reclaim: () => reclaim(random, table),
    rotate: () => rotate(random, table, true),
    shift: () => rotate(random, table, false),
    half: () => half(random, table),
    uproot: () => uproot(random, world),
    adopt: () => adopt(random, world),
    blow: () => blow(random, table),
  };
  return block(edits[kind]());
}

/** One more row, with every column drawn. */
export function drawInsert(random: Random, table: ConstrainedTable): string {
  return block(insert(table, drawRow(random, table)));
}

/**
 * Two edits of one row, in the window and since, that PostgreSQL accepts one by one and that together break a check:
 * each moves one end of an interval past where the other one was.
 */
export function drawPinch(
  random: Random,
  table: ConstrainedTable,
  mode: Mode,
): { readonly window: string; readonly later: string } | undefined {
  const [low, high] = table.halves[0] ?? [];
  if (low === undefined || high === undefined) return undefined;
  const key = where(drawKey(random, table));
  const edit = (assignment: string) => block(plain(`UPDATE ${table.label} SET ${assignment} WHERE ${key};`));
  return mode === "undo"
    ? { window: edit(`${high} = 6`), later: edit(`${low} = 6`) }
    : { window: edit(`${low} = ${high}`), later: edit(`${high} = ${low}`) };
}

interface Body {
  readonly declare: string;
  readonly run: string;
}

function block({ declare, run }: Body): string {
  return `DO $edit$ DECLARE ${declare} BEGIN SET CONSTRAINTS ALL DEFERRED;
${run}
SET CONSTRAINTS ALL IMMEDIATE; EXCEPTION WHEN integrity_constraint_violation OR triggered_data_change_violation OR no_data_found THEN NULL; END $edit$;`;
}

const plain = (run: string): Body => ({ declare: "", run });

function drawRow(random: Random, { fields }: ConstrainedTable): Values {
  return new Map(fields.map((field) => [field.name, drawValue(random, field)]));
}

function drawKey(random: Random, { fields, key }: ConstrainedTable): Values {
  const own = fields.filter((field) => key.includes(field.name));
  return new Map(own.map((field) => [field.name, random.pick(field.values)]));
}

function drawValue(random: Random, { nullable, values }: Field): string | null {
  return nullable && random.chance(0.25) ? null : random.pick(values);
}

function insert({ label }: ConstrainedTable, row: Values): Body {
  const values = [...row.values()].map(quoteValue);
  return plain(`INSERT INTO ${label} (${[...row.keys()].join(", ")}) VALUES (${values.join(", ")});`);
}

function set({ label }: ConstrainedTable, key: Values, row: Values): Body {
  const written = [...row].map(([name, value]) => `${name} = ${quoteValue(value)}`);
  return plain(`UPDATE ${label} SET ${written.join(", ")} WHERE ${where(key)};`);
}

function remove({ label }: ConstrainedTable, key: Values): Body {
  return plain(`DELETE FROM ${label} WHERE ${where(key)};`);
}

function where(values: Values): string {
  return [...values].map(([name, value]) => `${name} = ${quoteValue(value)}`).join(" AND ");
}

function others({ fields, key }: ConstrainedTable): readonly Field[] {
  return fields.filter((field) => !key.includes(field.name));
}

function update(random: Random, table: ConstrainedTable): Body {
  const fields = random.sample(others(table), random.integer(1, 3));
  const row = new Map(fields.map((field) => [field.name, drawValue(random, field)]));
  return set(table, drawKey(random, table), row);
}

function half(random: Random, table: ConstrainedTable): Body {
  if (table.halves.length === 0) return update(random, table);
  const name = random.pick(random.pick(table.halves));
  const field = table.fields.find((candidate) => candidate.name === name) as Field;
  return set(table, drawKey(random, table), new Map([[name, drawValue(random, field)]]));
}

/** A parent and its child, new both; or a whole line of one table's own descendants. */
function family(random: Random, world: World): Body {
  const reference = drawReference(random, world);
  if (reference === undefined) return insert(...newRow(random, random.pick(world.tables)));
  const { parent, child, columns, parentColumns } = reference;
  const [above, parentRow] = newRow(random, tableNamed(world, parent));
  const [below, childRow] = newRow(random, tableNamed(world, child));
  const linked = new Map([
    ...childRow,
    ...columns.map((name, at) => [name, parentRow.get(parentColumns[at] ?? "") ?? null] as const),
  ]);
  return plain(`${insert(above, parentRow).run}\n${insert(below, linked).run}`);
}

function newRow(random: Random, table: ConstrainedTable): [ConstrainedTable, Values] {
  return [table, drawRow(random, table)];
}

/** Frees a value by deleting its row, and gives it to a new one. */
function reclaim(random: Random, table: ConstrainedTable): Body {
  if (table.rotating.length === 0) return remove(table, drawKey(random, table));
  const columns = random.pick(table.rotating);
  const [key, row] = [drawKey(random, table), drawRow(random, table)];
  const names = [...row.keys()];
  const values = names.map((name) =>
    columns.includes(name) && !table.key.includes(name) ? `v1.${name}` : quoteValue(row.get(name) ?? null),
  );
  return {
    declare: `v1 ${table.label};`,
    run: `SELECT * INTO STRICT v1 FROM ${table.label} WHERE ${where(key)};
${remove(table, key).run}
INSERT INTO ${table.label} (${names.join(", ")}) VALUES (${values.join(", ")});`,
  };
}

/** Rows hand their values on to the next; in a ring to the first one too, else that one gets a new value. */
function rotate(random: Random, table: ConstrainedTable, ring: boolean): Body {
  if (table.rotating.length === 0) return update(random, table);
  const columns = random.pick(table.rotating).filter((name) => !table.key.includes(name));
  if (columns.length === 0) return update(random, table);
  const keys = distinct(Array.from({ length: random.integer(2, 4) }, () => drawKey(random, table)));
  const fields = columns.map((name) => table.fields.find((field) => field.name === name) as Field);
  const give = (at: number, value: (field: Field) => string) =>
    `UPDATE ${table.label} SET ${fields.map((field) => `${field.name} = ${value(field)}`).join(", ")} WHERE ${where(keys[at] as Values)};`;
  const read = keys.map((key, at) => `SELECT * INTO STRICT v${at} FROM ${table.label} WHERE ${where(key)};`);
  const handed = keys.slice(1).map((_, at) => give(at + 1, ({ name }) => `v${at}.${name}`));
  const last = keys.length - 1;
  const first = ring
    ? [give(0, ({ name }) => `v${last}.${name}`)]
    : [give(0, (field) => quoteValue(drawValue(random, field)))];
  return {
    declare: keys.map((_, at) => `v${at} ${table.label};`).join(" "),
    run: [...read, give(0, ({ spare }) => quoteValue(spare)), ...handed, ...first].join("\n"),
  };
}

function distinct(keys: readonly Values[]): readonly Values[] {
  return [...new Map(keys.map((key) => [where(key), key])).values()];
}

function drawReference(random: Random, { references }: World): Reference | undefined {
  return references.length === 0 ? undefined : random.pick(references);
}

function tableNamed({ tables }: World, name: string): ConstrainedTable {
  return tables.find((table) => table.name === name) as ConstrainedTable;
}

/** A parent and all its children. */
function uproot(random: Random, world: World): Body {
  const reference = drawReference(random, world);
  const table = reference === undefined ? random.pick(world.tables) : tableNamed(world, reference.parent);
  const key = drawKey(random, table);
  if (reference === undefined) return remove(table, key);
  const { child, columns, parentColumns } = reference;
  const same = columns.map((name, at) => `${name} = v1.${parentColumns[at]}`).join(" AND ");
  return {
    declare: `v1 ${table.label};`,
    run: `SELECT * INTO STRICT v1 FROM ${table.label} WHERE ${where(key)};
DELETE FROM ${tableNamed(world, child).label} WHERE ${same};
${remove(table, key).run}`,
  };
}

/** The children of one parent go to another, and the parent goes. */
function adopt(random: Random, world: World): Body {
  const reference = drawReference(random, world);
  if (reference === undefined) return update(random, random.pick(world.tables));
  const { parent, child, columns, parentColumns } = reference;
  const table = tableNamed(world, parent);
  const [from, to] = [drawKey(random, table), drawKey(random, table)];
  const written = columns.map((name, at) => `${name} = v2.${parentColumns[at]}`).join(", ");
  const same = columns.map((name, at) => `${name} = v1.${parentColumns[at]}`).join(" AND ");
  return {
    declare: `v1 ${table.label}; v2 ${table.label};`,
    run: `SELECT * INTO STRICT v1 FROM ${table.label} WHERE ${where(from)};
SELECT * INTO STRICT v2 FROM ${table.label} WHERE ${where(to)};
UPDATE ${tableNamed(world, child).label} SET ${written} WHERE ${same};
${remove(table, from).run}`,
  };
}

/** What hits many rows alike. */
function blow(random: Random, table: ConstrainedTable): Body {
  const few = `(${table.key[0]}::integer % ${random.integer(1, 3)}) = 0`;
  if (random.chance(0.4)) return plain(`DELETE FROM ${table.label} WHERE ${few};`);
  const field = random.pick(others(table));
  return plain(
    `UPDATE ${table.label} SET ${field.name} = ${quoteValue(drawValue(random, field))} WHERE ${few};`,
  );
}
