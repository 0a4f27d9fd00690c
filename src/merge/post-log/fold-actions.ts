import type { Difference } from "../../model/change.js";
import {
  type LogAction,
  type LogProblem,
  type LogProblemKind,
  type NamedValues,
  namedValue,
} from "../../model/post-log.js";
import { columnAt, type Table } from "../../model/table.js";
import type { Key, Row, Value } from "../../model/value.js";

/** One row, followed through the actions of a log in their order. */
export class FoldedRow {
  readonly key: Key;
  readonly #table: Table;
  readonly #pre: Row | undefined;
  #row: Row | undefined;
  /** From here on, the log speaks of a row that is not the one that is there. */
  #isAnother = false;
  #last: Pick<LogAction, "actor" | "tenant"> = { actor: undefined, tenant: undefined };

  /** @param pre the row in `pre`; undefined: there is none */
  constructor(table: Table, key: Key, pre: Row | undefined) {
    this.#table = table;
    this.key = key;
    this.#pre = pre;
    this.#row = pre;
  }

  /** @returns what does not fit, if anything */
  take(action: LogAction): LogProblem | undefined {
    const { operation } = action;
    if (this.#isAnother) return problem("exists", action, {});
    if (operation === "insert") return this.#insert(action);
    if (this.#row === undefined) return problem("missing", action, {});
    const found = this.#contradictions(action.before, this.#row);
    this.#row = operation === "delete" ? undefined : this.#overlay(this.#row, action.after);
    this.#touched(action);
    return Object.keys(found).length > 0 ? problem("contradiction", action, found) : undefined;
  }

  /** What the log made of the row in all; undefined: it is as it was. */
  difference(): Difference | undefined {
    const [pre, post] = [this.#pre, this.#row];
    if (pre === undefined && post === undefined) return undefined;
    if (pre !== undefined && post?.every((value, at) => value === pre[at]) === true) return undefined;
    const operation = pre === undefined ? "insert" : post === undefined ? "delete" : "update";
    return { key: this.key, operation, pre, post, transaction: undefined, ...this.#last };
  }

  #insert(action: LogAction): LogProblem | undefined {
    if (this.#row !== undefined) {
      // The same row once more changes nothing, and contradicts nothing.
      const found = this.#contradictions(action.after, this.#row);
      if (Object.keys(found).length === 0) return undefined;
      this.#isAnother = true;
      return problem("exists", action, found);
    }
    this.#row = this.#overlay(
      this.#table.columns.map(() => null),
      action.after,
    );
    this.#touched(action);
    return undefined;
  }

  #touched({ actor, tenant }: LogAction): void {
    this.#last = { actor: actor ?? this.#last.actor, tenant: tenant ?? this.#last.tenant };
  }

  #overlay(row: Row, values: NamedValues): Row {
    return row.map((value, at) => {
      const given = namedValue(values, columnAt(this.#table, at).name);
      return given === undefined ? value : given;
    });
  }

  #contradictions(said: NamedValues, row: Row): LogProblem["columns"] {
    const found: Record<string, { log: Value; found: Value }> = {};
    for (const [at, { name }] of this.#table.columns.entries()) {
      const log = namedValue(said, name);
      if (log !== undefined && log !== row[at]) found[name] = { log, found: row[at] ?? null };
    }
    return found;
  }
}

function problem(
  kind: LogProblemKind,
  { after: _, before: __, ...action }: LogAction,
  columns: LogProblem["columns"],
): LogProblem {
  return { kind, action, columns };
}
