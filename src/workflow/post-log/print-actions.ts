import type { CheckedAction } from "../../merge/post-log/check-action.js";
import type { LogAction, NamedValues } from "../../model/post-log.js";
import { type Column, columnAt, keyOf, type Table } from "../../model/table.js";
import type { Key, Value } from "../../model/value.js";
import { lookUpRows } from "../../postgres/look-up.js";
import { printValues } from "../../postgres/print-values.js";
import type { Session } from "../../postgres/session/session.js";

export interface PrintedAction {
  readonly action: CheckedAction;
  /** All that is no value of its column. */
  readonly complaints: readonly string[];
}

type Part = "key" | "after" | "before";

/**
 * Actions of one table with all values as PostgreSQL prints them, so that a spelling makes no difference: `1.5` for a
 * numeric(4,2) is `1.50`. One query a column and batch.
 *
 * @param session of `pre`, in no snapshot
 */
export async function printActions(
  session: Session,
  table: Table,
  actions: readonly CheckedAction[],
): Promise<readonly PrintedAction[]> {
  const printed = actions.map(
    () => ({ key: {}, after: {}, before: {} }) as Record<Part, Record<string, Value>>,
  );
  const complaints = actions.map((): string[] => []);
  for (const column of table.columns) {
    const places = actions.flatMap((action, at) => placesOf(action, column).map((part) => ({ at, part })));
    const values = places.map(({ at, part }) => actions[at]?.[part][column.name] ?? null);
    for (const [order, found] of (await printValues(session, column, values)).entries()) {
      const { at, part } = places[order] as (typeof places)[number];
      if ("value" in found) Object.assign(printed[at]?.[part] ?? {}, { [column.name]: found.value });
      else complaints[at]?.push(`${part}: ${column.name}: ${found.complaint.replace(/^pre: /, "")}`);
    }
  }
  return actions.map((action, at) => ({
    action: { ...action, ...(printed[at] as Record<Part, NamedValues>) },
    complaints: complaints[at] ?? [],
  }));
}

function placesOf(action: CheckedAction, { name }: Column): readonly Part[] {
  return (["key", "after", "before"] as const).filter((part) => Object.hasOwn(action[part], name));
}

/**
 * Keys as `pre` spells them, where it has the row: to PostgreSQL `Abc` and `ABC` may be one key, and then they are one
 * row here, too.
 */
export async function spellKeys(
  session: Session,
  table: Table,
  actions: readonly LogAction[],
): Promise<readonly LogAction[]> {
  const isExact = table.key.every((at) => columnAt(table, at).equalityIsExact);
  if (isExact) return actions;
  const rows = await lookUpRows(
    session,
    table,
    actions.map(({ key }) => key),
  );
  return actions.map((action, at) => {
    const row = rows[at];
    return row === undefined ? action : { ...action, key: keyOf(table, row) };
  });
}

/** In key order. */
export function keyIn(table: Table, values: NamedValues): Key {
  return table.key.map((at) => values[columnAt(table, at).name] as string);
}
