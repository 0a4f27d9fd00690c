import { withhold } from "./constraints.js";
import { type Config, incidentDelta } from "./incident.js";
import type { Item } from "./item.js";
import { merge } from "./merge.js";
import { follow, handOut, type NewKeys, toRekey } from "./rekey.js";
import { type Row, readSnapshot, type Snapshot } from "./snapshot.js";

/**
 * A replay as plainly as it can be done: whole databases in memory, one row after the other, and nothing of pgmend.
 * Slow, and only for constraints that the sample story has.
 */
export interface Replayed {
  readonly items: readonly Item[];
  /** Rows by table and key, as the recovered database has them. */
  readonly recovered: ReadonlyMap<string, ReadonlyMap<string, Row>>;
  readonly keys: NewKeys;
}

export interface Evidence {
  readonly pre: Snapshot;
  readonly post: Snapshot;
  readonly current: Snapshot;
}

export async function gather(urls: Readonly<Record<keyof Evidence, string>>): Promise<Evidence> {
  return {
    pre: await readSnapshot(urls.pre),
    post: await readSnapshot(urls.post),
    current: await readSnapshot(urls.current),
  };
}

/** @param counts who is given one of the next keys; everybody who needs one unless told otherwise */
export function replay(evidence: Evidence, config: Config, counts?: (item: Item) => boolean): Replayed {
  const { pre, post, current } = evidence;
  const items = incidentDelta(pre, post, current, config);
  for (const item of items) merge(item, config);
  const keys = handOut(toRekey(items, config), [post, current], counts);
  follow(items, keys, current);
  const recovered = [...withhold(items, current).tables].map(
    ([table, rows]) => [table, new Map([...rows].map(([key, { row }]) => [key, row]))] as const,
  );
  return { items, recovered: new Map(recovered), keys };
}
