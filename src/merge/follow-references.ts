import type { Row, Value } from "../model/value.js";
import { valuesKey } from "../model/values-key.js";

/** Where a foreign key of incoming rows leads, now that rows it refers to have other keys. */
export interface NewReferences {
  /** Positions of the referring columns. */
  readonly columns: readonly number[];
  /** What they are to hold, by `valuesKey` of what they hold in `post`. */
  readonly to: ReadonlyMap<string, readonly Value[]>;
}

/**
 * An incoming row whose references follow the rows they mean (design 2.5). Only those that came in: what a row already
 * referred to before the window is not what the window brought.
 *
 * @param incoming positions that are incoming
 * @returns undefined where nothing follows
 */
export function followReferences(
  row: Row,
  incoming: readonly number[],
  references: readonly NewReferences[],
): Row | undefined {
  const followed = [...row];
  let follows = false;
  for (const { columns, to } of references) {
    if (to.size === 0 || !columns.some((at) => incoming.includes(at))) continue;
    const values = to.get(valuesKey(columns.map((at) => row[at])));
    if (values === undefined) continue;
    for (const [order, at] of columns.entries()) followed[at] = values[order] ?? null;
    follows = true;
  }
  return follows ? followed : undefined;
}
