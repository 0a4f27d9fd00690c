import type { Key, Operation, Value } from "./value.js";

/** A change log that is read in the place of `post`. */
export interface PostLogSource {
  /** As messages name it: `actions.jsonl`. */
  readonly name: string;
  /** Its lines without their ends, read from the beginning each time. */
  lines(): AsyncIterable<Uint8Array>;
}

/** Values by column name, as PostgreSQL prints them. */
export type NamedValues = Readonly<Record<string, Value>>;

/** One line of the log, checked; values as PostgreSQL prints them. */
export interface LogAction {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  /** Its own number, as written. */
  readonly sequence: string;
  readonly time: string | undefined;
  readonly actor: string | undefined;
  readonly tenant: string | undefined;
  /** Index into the plan's tables. */
  readonly table: number;
  readonly key: Key;
  readonly operation: Operation;
  /** Insert: all columns; update: those it names; delete: none. */
  readonly after: NamedValues;
  /** What the log says was there, of the columns it names. */
  readonly before: NamedValues;
}

/**
 * - `missing`: the update or delete of a row that neither `pre` nor the log has at that point; not replayed
 * - `exists`: the insert of a row that is there already, with other values; not replayed, and neither is what
 *   was done to it afterwards
 * - `contradiction`: what the log says was there is not what is there; replayed all the same
 * - `orphan`: the row that came of it refers to one that neither `pre` nor the log has; none of its actions is replayed
 */
export const logProblemKinds = ["missing", "exists", "contradiction", "orphan"] as const;
export type LogProblemKind = (typeof logProblemKinds)[number];

/** An action that does not fit what is there. */
export interface LogProblem {
  readonly kind: LogProblemKind;
  /** Of an orphan, what came of all its actions. */
  readonly action: Pick<LogAction, "table" | "key" | "operation" | "actor" | "tenant"> &
    Partial<Pick<LogAction, "line" | "sequence" | "time">>;
  /** What the log says, and what is there. */
  readonly columns: Readonly<Record<string, { readonly log: Value; readonly found: Value }>>;
}

/** What a plan remembers of the log that it was made from. */
export interface PostLogFacts {
  readonly name: string;
  readonly actions: number;
  /** Of tables that are not compared. */
  readonly ignored: number;
  readonly problems: Readonly<Record<LogProblemKind, number>>;
}

/** Of a column that is not named, undefined; whatever the column is called. */
export function namedValue(values: NamedValues, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
