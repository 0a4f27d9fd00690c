import type { RowKey } from "../../../sample-data/story.js";
import type { Row } from "./snapshot.js";

export type Operation = "insert" | "update" | "delete";

/** One row of the incident delta on its way through the replay. It is changed in place, step by step. */
export interface Item {
  readonly table: string;
  /** As `post` has it, or `pre` where it is deleted. */
  readonly key: RowKey["key"];
  readonly operation: Operation;
  readonly pre: Row | undefined;
  readonly post: Row | undefined;
  current: Row | undefined;
  /** What is to come in: `post`, with references to rows that take another key. */
  incoming: Row | undefined;
  outcome: "apply" | "already" | "conflict" | "kept" | "excluded" | "skipped" | undefined;
  /** With outcome `apply`: the row as it will be; undefined when it goes. */
  after: Row | undefined;
  written: readonly string[];
  conflict: { readonly kind: string; readonly columns: readonly string[] } | undefined;
  /** What stood in the way when it was found that something does. */
  blockers: readonly Blocker[];
}

/** A row in the way; an item, where it is in the delta, too, and stays away itself. */
export interface Blocker {
  readonly row: RowKey;
  readonly item: Item | undefined;
}

export function refOf({ table, key }: Item): RowKey {
  return { table, key };
}

/** The whole chain, if there is but one. */
export function causeOf(item: Item): readonly RowKey[] | undefined {
  const [blocker, ...others] = item.blockers;
  if (blocker === undefined) return [];
  if (others.length > 0) return undefined;
  const rest = blocker.item ? causeOf(blocker.item) : [];
  return rest && [blocker.row, ...rest];
}
