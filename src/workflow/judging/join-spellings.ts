import type { Difference } from "../../model/change.js";
import { columnAt, keyOf, type Table } from "../../model/table.js";
import type { Key, Row } from "../../model/value.js";
import { lookUpRows } from "../../postgres/look-up.js";
import type { DifferenceCount } from "../../store/plan-store.js";
import type { Sessions } from "../connect.js";

/**
 * A key that PostgreSQL calls equal to another may print otherwise: `Abc` and `ABC` in citext, `1 day` and `24:00`. They
 * sort apart, so one row whose key was written anew was met as a delete and an insert. It is one update: else the two
 * halves would be judged each for itself, and the one row of `current` be deleted and found there already (pitfall 14).
 *
 * The half that was inserted takes over what `pre` had; the half that was deleted is dropped. Each finds the other by
 * a look-up of the batch, so they need not be in one.
 *
 * @returns the differences of the batch, in their order
 */
export async function joinSpellings(
  { pre, post }: Pick<Sessions, "pre" | "post">,
  table: Table,
  differences: readonly Difference[],
): Promise<readonly Difference[]> {
  const before = await otherSpellings(pre, table, differences, "insert");
  const after = await otherSpellings(post, table, differences, "delete");
  return differences.flatMap((difference, at) => {
    const [was, is] = [before.get(at), after.get(at)];
    if (is !== undefined) return [];
    return was === undefined ? [difference] : [joined(table, difference, was)];
  });
}

/** Only where the text of a key says less than its value, and where there may be two halves. */
export function mayBeRespelled(table: Table, at: number, counts: readonly DifferenceCount[]): boolean {
  const has = (wanted: Difference["operation"]) =>
    counts.some(({ table: counted, operation }) => counted === at && operation === wanted);
  return (
    has("insert") &&
    has("delete") &&
    table.key.some((position) => {
      const { equals, equalityIsExact } = columnAt(table, position);
      return equals !== undefined && !equalityIsExact;
    })
  );
}

/** Rows whose key is equal to that of a difference, and printed otherwise, by the place of the difference. */
async function otherSpellings(
  session: Sessions["pre"],
  table: Table,
  differences: readonly Difference[],
  operation: Difference["operation"],
): Promise<ReadonlyMap<number, Row>> {
  const places = differences.flatMap((difference, at) => (difference.operation === operation ? [at] : []));
  const keys = places.map((at) => (differences[at] as Difference).key);
  const rows = await lookUpRows(session, table, keys);
  return new Map(
    places.flatMap((place, order): [number, Row][] => {
      const row = rows[order];
      return row === undefined || sameText(keyOf(table, row), keys[order] as Key) ? [] : [[place, row]];
    }),
  );
}

function sameText(a: Key, b: Key): boolean {
  return a.every((text, at) => text === b[at]);
}

function joined(table: Table, difference: Difference, pre: Row): Difference {
  // Either half was seen under its own key only: nothing tells in which interval the one became the other.
  return { ...difference, operation: "update", key: keyOf(table, pre), pre, seen: undefined };
}
