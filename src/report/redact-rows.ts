import { isBag } from "../model/bag.js";
import type { Cause, Change, PlannedConflict, PlannedRow } from "../model/change.js";
import type { Mark, Redaction } from "../model/redaction.js";
import { columnNames, type Table } from "../model/table.js";
import type { Row, Value } from "../model/value.js";
import { redactKeys, redactValues } from "./redact-text.js";

/** Rows, values and messages as files show them. */
export interface Redactor {
  row(row: PlannedRow): PlannedRow;
  /** A value of a table's column, by its position. */
  value(label: string, position: number, value: Value): Value;
  key(table: Table, key: readonly string[]): readonly string[];
  text(text: string): string;
  tenant(name: string): string;
  actor(name: string): string;
}

/** How every mark begins; what follows tells equal values, and nothing else. */
export const markStart = "redacted:";

export function isMark(text: string): boolean {
  return /^redacted:[0-9a-f]{16}$/.test(text);
}

/** For plans that hide nothing. */
export const showAll: Redactor = {
  row: (row) => row,
  value: (_label, _position, value) => value,
  key: (_table, key) => key,
  text: (text) => text,
  tenant: (name) => name,
  actor: (name) => name,
};

export function redactor(
  redaction: Omit<Redaction, "secret">,
  tables: readonly Table[],
  mark: Mark,
): Redactor {
  return new MarkingRedactor(redaction, tables, mark);
}

class MarkingRedactor implements Redactor {
  readonly #redaction: Omit<Redaction, "secret">;
  readonly #tables: readonly Table[];
  readonly #mark: Mark;
  readonly #labels: readonly string[];
  /** Names of the redacted columns by table label. */
  readonly #names: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(redaction: Omit<Redaction, "secret">, tables: readonly Table[], mark: Mark) {
    this.#redaction = redaction;
    this.#tables = tables;
    this.#mark = mark;
    this.#labels = tables.map(({ label }) => label);
    this.#names = new Map(
      tables.map((table) => [table.label, new Set(columnNames(table, this.#positions(table.label)))]),
    );
  }

  #positions(label: string): readonly number[] {
    return this.#redaction.columns[label] ?? [];
  }

  row(row: PlannedRow): PlannedRow {
    const table = this.#tables[row.table];
    if (table === undefined) return row;
    const cells = <T extends Row | undefined>(version: T) => this.#cells(table, version);
    const words = (text: string) => this.#words(table, row, text);
    return {
      ...row,
      key: this.key(table, row.key),
      pre: cells(row.pre),
      post: cells(row.post),
      current: cells(row.current),
      ...(row.rekeyed === undefined ? {} : { rekeyed: cells(row.rekeyed) }),
      ...(row.seen === undefined ? {} : { seen: row.seen.map((one) => ({ ...one, row: cells(one.row) })) }),
      change: row.change && this.#change(table, row.change),
      conflict: row.conflict && conflictWith(row.conflict, words),
      reason: row.reason && words(row.reason),
      ...(row.causes === undefined ? {} : { causes: row.causes.map((cause) => this.#cause(cause)) }),
      ...(row.tenant === undefined ? {} : { tenant: this.tenant(row.tenant) }),
      ...(row.actor === undefined ? {} : { actor: this.actor(row.actor) }),
    };
  }

  value(label: string, position: number, value: Value): Value {
    return value !== null && this.#positions(label).includes(position) ? this.#mark(value) : value;
  }

  key(table: Table, key: readonly string[]): readonly string[] {
    // A hash of what is redacted would let everybody try out values.
    if (isBag(table)) return ["", ...key.slice(1)];
    return key.map((value, at) => this.value(table.label, table.key[at] ?? -1, value) ?? value);
  }

  text(text: string): string {
    const isRedacted = (table: string | undefined, column: string) =>
      table === undefined
        ? [...this.#names.values()].some((names) => names.has(column))
        : this.#names.get(table)?.has(column) === true;
    return redactKeys(text, this.#labels, isRedacted, this.#mark);
  }

  tenant(name: string): string {
    return this.#redaction.tenants ? this.#mark(name) : name;
  }

  actor(name: string): string {
    return this.#redaction.actors ? this.#mark(name) : name;
  }

  #cells<T extends Row | undefined>(table: Table, row: T): T {
    const positions = this.#positions(table.label);
    if (row === undefined || positions.length === 0) return row;
    return row.map((value, at) =>
      value !== null && positions.includes(at) ? this.#mark(value) : value,
    ) as Row as T;
  }

  #change(table: Table, change: Change): Change {
    switch (change.kind) {
      case "insert":
        return { ...change, after: this.#cells(table, change.after) };
      case "delete":
        return { ...change, before: this.#cells(table, change.before) };
      case "update":
        return {
          ...change,
          before: this.#cells(table, change.before),
          after: this.#cells(table, change.after),
        };
    }
  }

  /** A message about this row: it may name other rows by their keys, and quote what this one has. */
  #words(table: Table, row: PlannedRow, text: string): string {
    const versions = [row.pre, row.post, row.current, row.rekeyed, ...(row.seen ?? []).map((one) => one.row)];
    const own = this.#positions(table.label).flatMap((at) =>
      versions.map((version) => version?.[at] ?? null),
    );
    return redactValues(this.text(text), own, this.#mark);
  }

  #cause(cause: Cause): Cause {
    const names = this.#names.get(cause.table);
    const key = Object.entries(cause.key).map(([column, value]) => [
      column,
      value !== null && names?.has(column) === true ? this.#mark(value) : value,
    ]);
    return {
      ...cause,
      key: Object.fromEntries(key),
      ...(cause.reason === undefined ? {} : { reason: this.text(cause.reason) }),
    };
  }
}

function conflictWith(conflict: PlannedConflict, words: (text: string) => string): PlannedConflict {
  const { cause, reason } = conflict;
  return { ...conflict, cause: cause && words(cause), reason: reason && words(reason) };
}
