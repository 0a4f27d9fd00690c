import { touchNames } from "./names.js";
import type { Random } from "./random.js";
import type { DraftRow } from "./statements.js";
import { type ColumnSpec, isKey, type TableSpec } from "./table.js";
import { draw, keyTypes, typeNamed } from "./types.js";

/** Hands out each key of a table once; undefined when it finds no more (a boolean key has two). */
export class KeyBag {
  readonly #table: TableSpec;
  readonly #random: Random;
  readonly #used = new Set<string>();

  constructor(table: TableSpec, random: Random) {
    this.#table = table;
    this.#random = random;
  }

  take(): DraftRow | undefined {
    for (let attempt = 0; attempt < 20; attempt++) {
      const key = new Map(this.#table.key.map((name) => [name, this.#draw(name)] as const));
      const text = JSON.stringify([...key.values()]);
      if (this.#used.has(text)) continue;
      this.#used.add(text);
      return key;
    }
    return undefined;
  }

  #draw(name: string): string {
    const sql = this.#table.columns.find((column) => column.name === name)?.type;
    const type = keyTypes.find((candidate) => candidate.sql === sql);
    if (type === undefined) throw new RangeError(`${sql} cannot be a key`);
    return this.#random.chance(0.2) ? draw(type, this.#random) : type.make(this.#random);
  }
}

const isTouchy = (column: ColumnSpec): boolean => touchNames.some((name) => name === column.name);

/** The columns an edit is about: neither the key nor what merely records that there was an edit. */
export function sayingColumns(table: TableSpec): ColumnSpec[] {
  return table.columns.filter((column) => !isKey(table, column.name) && !isTouchy(column));
}

export function drawCell(random: Random, column: ColumnSpec): string | null {
  return column.nullable && random.chance(0.2) ? null : draw(typeNamed(column.type), random);
}

export function drawRow(random: Random, table: TableSpec, key: DraftRow): DraftRow {
  const others = table.columns.filter((column) => !isKey(table, column.name));
  return new Map([...key, ...others.map((column) => [column.name, drawCell(random, column)] as const)]);
}

/** May draw the value that is there: an update that changes nothing is an update too. */
export function redraw(random: Random, row: DraftRow, columns: readonly ColumnSpec[]): DraftRow {
  return new Map([...row, ...columns.map((column) => [column.name, drawCell(random, column)] as const)]);
}

/** The same values written differently, where a column's type and value have another spelling. */
export function respell(row: DraftRow, columns: readonly ColumnSpec[]): DraftRow {
  const respelled = new Map(row);
  for (const { name, type } of columns) {
    const value = row.get(name) ?? null;
    const other = value === null ? undefined : typeNamed(type).respell?.(value);
    if (other !== undefined) respelled.set(name, other);
  }
  return respelled;
}

/** Copies some cells from another version of the row. */
export function copyCells(row: DraftRow, from: DraftRow, columns: readonly ColumnSpec[]): DraftRow {
  return new Map([...row, ...columns.map(({ name }) => [name, from.get(name) ?? null] as const)]);
}

export function writeTouch(random: Random, table: TableSpec, row: DraftRow): DraftRow {
  return redraw(random, row, table.columns.filter(isTouchy));
}

export function differing(table: TableSpec, left: DraftRow, right: DraftRow): ColumnSpec[] {
  return sayingColumns(table).filter(({ name }) => left.get(name) !== right.get(name));
}
