import { type NamedValues, namedValue } from "../../model/post-log.js";
import { columnAt, type Table } from "../../model/table.js";
import type { WrittenAction } from "./read-action.js";

/** A table of the log as the plan knows it. */
export interface LogTable {
  /** Index into the plan's tables. */
  readonly index: number;
  readonly table: Table;
  /** Names of columns that some database has and that are not compared: values of them are passed over. */
  readonly passedOver: ReadonlySet<string>;
}

/** An action with the columns that count; a change of the key is a delete and an insert. */
export type CheckedAction = Omit<WrittenAction, "table" | "after" | "before"> & {
  readonly table: LogTable;
  readonly after: NamedValues;
  readonly before: NamedValues;
};

/** Holds the names of an action against its table. @returns the action, or all that is wrong with it */
export function checkAction(written: WrittenAction, table: LogTable): CheckedAction | readonly string[] {
  const complaints: string[] = [];
  const names = new Set(table.table.columns.map(({ name }) => name));
  const keyNames = table.table.key.map((at) => columnAt(table.table, at).name);
  const given = Object.keys(written.key);
  if (!sameSet(given, keyNames))
    complaints.push(`key: expected exactly ${keyNames.join(", ")}, here is ${given.join(", ")}`);
  if (Object.values(written.key).includes(null)) complaints.push("key: a key column cannot be null");
  const pick = (what: "after" | "before"): NamedValues => {
    const entries = Object.entries(written[what] ?? {});
    const unknown = entries.filter(([name]) => !names.has(name) && !table.passedOver.has(name));
    if (unknown.length > 0) {
      const columns = unknown.map(([name]) => `"${name}"`).join(", ");
      complaints.push(`${what}: ${table.table.label} has no column ${columns}`);
    }
    return Object.fromEntries(entries.filter(([name]) => names.has(name)));
  };
  const [after, before] = [pick("after"), pick("before")];
  if (written.operation === "insert") {
    const lacking = [...names].filter((name) => namedValue(after, name) === undefined);
    if (lacking.length > 0)
      complaints.push(`after: an insert names every column; here ${lacking.join(", ")} is not there`);
  }
  return complaints.length > 0 ? complaints : { ...written, table, after, before };
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** Whether an update gives the row another key. Values as PostgreSQL prints them. */
export function changesKey({
  operation,
  key,
  after,
}: Pick<CheckedAction, "operation" | "key" | "after">): boolean {
  return (
    operation === "update" &&
    Object.entries(key).some(([name, value]) => (namedValue(after, name) ?? value) !== value)
  );
}
