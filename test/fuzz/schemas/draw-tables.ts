import type { Random } from "../random.js";
import { drawIndexes } from "./indexes.js";
import { created, fixed, keys, updated } from "./keys.js";
import { drawColumns } from "./palette.js";
import { monthsOf } from "./partitions.js";
import { type ColumnDraft, reference, type TableDraft } from "./table.js";

const baseName = (table: TableDraft): string => table.name.replace(/^.*\./, "");

export interface Parent {
  readonly table: TableDraft;
  /** What the reference is called; the table's name unless given. */
  readonly as?: string;
}

/** Tables as products have them. All are drawn from a family of patterns; what comes after refers to what came before. */
export class DrawTables {
  readonly tables: TableDraft[] = [];
  readonly #random: Random;
  readonly #rows: number;
  /** The column that all tables have in front of their keys. */
  readonly #tenant: ColumnDraft | undefined;

  /** @param rows of an ordinary table */
  constructor(random: Random, rows: number, tenant?: ColumnDraft) {
    this.#random = random;
    this.#rows = rows;
    this.#tenant = tenant;
  }

  /** A thing with a number of its own, that belongs to others. */
  entity(name: string, parents: readonly Parent[] = [], width = 5): TableDraft {
    const random = this.#random.fork(name);
    const id = keys[
      random.weighted({ identity: 6, always: 2, serial: 3, uuid: 3, text: 1, citext: 1 })
    ] as ColumnDraft;
    const own = [...this.#front(), id];
    const table = this.#begin(name, own, random, width);
    const references = parents.map((parent) => this.#refer(random, parent, false));
    return this.#add({
      ...table,
      columns: [...own, ...references.flatMap(({ columns }) => columns), ...table.columns.slice(own.length)],
      constraints: [...references.flatMap(({ constraints }) => constraints), ...table.constraints],
      attached: [...table.attached, ...drawIndexes(random, name, table.columns.slice(own.length))],
    });
  }

  /** One row for each of another table, under its key. */
  settingsOf(parent: TableDraft, suffix = "settings"): TableDraft {
    const name = `${parent.name}_${suffix}`;
    const random = this.#random.fork(name);
    const own = reference(parent, this.#keyNames(parent, baseName(parent)), 0).map((one) => ({
      ...one,
      free: false,
    }));
    const names = own.map((one) => one.name);
    const table = this.#begin(name, own, random, 4);
    const foreign = `FOREIGN KEY (${names.join(", ")}) REFERENCES ${parent.name} ON DELETE CASCADE ON UPDATE CASCADE`;
    return this.#add({ ...table, rows: parent.rows, constraints: [foreign, ...table.constraints] });
  }

  /** Which of one belong to which of another. */
  join(a: TableDraft, b: TableDraft, suffix = `${baseName(b)}s`): TableDraft {
    const name = `${a.name}_${suffix}`;
    const random = this.#random.fork(name);
    const [left, right] = [
      this.#refer(random, { table: a }, true),
      this.#refer(random, { table: b, as: `linked_${baseName(b)}` }, true),
    ];
    const own = [
      ...left.columns,
      ...right.columns.filter(({ name }) => !left.columns.some((one) => one.name === name)),
    ];
    const extra = random.chance(0.5) ? drawColumns(random, 1) : [];
    const key = own.map((one) => one.name);
    const constraints = [...left.constraints, ...right.constraints];
    return this.#add({
      name,
      columns: [...own, ...extra],
      key,
      constraints,
      tail: "",
      attached: [],
      rows: Math.min(a.rows, b.rows),
    });
  }

  /** What was said about anything: the kind of thing and its number, with no foreign key. */
  remarks(name: string, kinds: readonly string[], author: TableDraft): TableDraft {
    const random = this.#random.fork(name);
    const by = this.#refer(random, { table: author, as: "author" }, false);
    const own = [...this.#front(), keys["identity"] as ColumnDraft];
    const columns = [
      ...own,
      ...by.columns.filter(({ name }) => !own.some((one) => one.name === name)),
      fixed(
        "noteable_type",
        "text NOT NULL",
        (n) => `(ARRAY[${kinds.map((kind) => `'${kind}'`).join(", ")}])[1 + ${n} % ${kinds.length}]`,
      ),
      fixed("noteable_id", "bigint NOT NULL", (n) => `1 + ${n} % ${this.#rows}`),
      ...drawColumns(random, 3),
      created,
      updated,
    ];
    const attached = [`CREATE INDEX ON ${name} (noteable_type, noteable_id)`];
    const key = own.map((one) => one.name);
    return this.#add({
      name,
      columns,
      key,
      constraints: by.constraints,
      tail: "",
      attached,
      rows: 2 * this.#rows,
    });
  }

  /** What happened to it, line by line: some have no key, some are partitioned by month. */
  eventsOf(parent: TableDraft, suffix = "events"): TableDraft {
    const name = `${parent.name}_${suffix}`;
    const random = this.#random.fork(name);
    const to = this.#refer(random, { table: parent }, false);
    const happened = {
      ...fixed("happened_on", "date NOT NULL", (n) => `date '2024-01-01' + (${n} * 11)::int % 180`),
      free: true,
    };
    const columns = [...this.#front(), ...to.columns, happened, ...drawColumns(random, 3)];
    if (random.chance(0.4))
      return this.#add({
        name,
        columns,
        key: [],
        constraints: to.constraints,
        tail: "",
        attached: [],
        rows: this.#rows,
      });
    const id = keys["identity"] as ColumnDraft;
    const plain = { name, columns: [{ ...id, type: "bigint NOT NULL" }, ...columns], rows: this.#rows };
    const key = [...this.#front().map((column) => column.name), "id", "happened_on"];
    return this.#add({
      ...plain,
      key,
      constraints: to.constraints,
      tail: "PARTITION BY RANGE (happened_on)",
      attached: monthsOf(name, 6),
    });
  }

  /** Adds a table that is like no other. */
  add(table: TableDraft): TableDraft {
    return this.#add(table);
  }

  #front(): readonly ColumnDraft[] {
    return this.#tenant === undefined ? [] : [this.#tenant];
  }

  #begin(name: string, own: readonly ColumnDraft[], random: Random, width: number): TableDraft {
    const drawn = drawColumns(random, width);
    const computed = random.chance(0.3)
      ? [fixed("label", "text GENERATED ALWAYS AS ('#' || coalesce(rank, 0)) STORED")]
      : [];
    const rank = {
      ...fixed("rank", "integer CHECK (rank >= 0)", (n: string) => `(${n})::int % 1000`),
      free: true,
    };
    const columns = [...own, rank, ...drawn, ...computed, created, updated];
    return {
      name,
      columns,
      key: own.map((one) => one.name),
      constraints: [],
      tail: "",
      attached: [],
      rows: this.#rows,
    };
  }

  /** @param required part of a key */
  #refer(random: Random, { table, as = baseName(table) }: Parent, required: boolean) {
    const names = this.#keyNames(table, as);
    const further = random.integer(0, 6);
    const nullable = !required && this.#tenant === undefined && random.chance(0.4);
    const columns = reference(table, names, further).map(
      ({ name, type, value }): ColumnDraft => ({
        ...{ name, type: nullable || name === this.#tenant?.name ? type : `${type} NOT NULL`, free: false },
        value: nullable ? (n) => `CASE WHEN ${n} % 4 <> 0 THEN ${value(n)} END` : value,
      }),
    );
    const onDelete = nullable
      ? random.pick(["SET NULL", "CASCADE"])
      : random.pick(["CASCADE", "CASCADE", "NO ACTION", "RESTRICT"]);
    const onUpdate = random.pick(["", "ON UPDATE CASCADE"]);
    const deferred =
      onDelete === "RESTRICT" ? "" : random.pick(["", "DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED"]);
    const foreign = `FOREIGN KEY (${names.join(", ")}) REFERENCES ${table.name} ON DELETE ${onDelete} ${onUpdate} ${deferred}`;
    return {
      columns: columns.filter(({ name }) => required || name !== this.#tenant?.name),
      constraints: [foreign],
    };
  }

  /** The columns that hold a key elsewhere; the tenant keeps its name. */
  #keyNames(table: TableDraft, as: string): readonly string[] {
    return table.key.map((column) => (column === this.#tenant?.name ? column : `${as}_${column}`));
  }

  #add(table: TableDraft): TableDraft {
    this.tables.push(table);
    return table;
  }
}
