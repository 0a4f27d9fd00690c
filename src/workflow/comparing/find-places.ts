import { comparePlaces } from "../../merge/compare-places.js";
import type { TablePart } from "../../model/blocks.js";
import { tableIn } from "../../model/table.js";
import { printPlaces } from "../../postgres/lineage/read-versions.js";
import { readPlaces } from "../../postgres/read-digests.js";
import type { Seed } from "../../sql/row-digest.js";
import { onAll, sessionsOf } from "./on-all.js";
import type { StreamedParts, TableTask } from "./table-task.js";

/** Places of one side that are kept in memory. */
const mostPlaces = 1_000_000;

interface FoundPlaces {
  readonly parts: StreamedParts["parts"];
  /** Rows that are the same in all databases. */
  readonly same: number;
  /** In the database where there are most. */
  readonly differing: number;
}

/** In partitions, and without the rows that stand apart, a place is not one row. */
export function hasPlaces({ table, sessions }: TableTask): boolean {
  const isWhole = ({ role }: { readonly role: string }) => !tableIn(table, role).partitioned;
  return table.apart === undefined && sessionsOf({ sessions }).every(isWhole);
}

/**
 * Says where the rows are that differ, in parts of which some rows do: only those need be read.
 *
 * @param ordered the parts follow each other in the order of the key
 * @returns undefined where there are too many
 */
export async function findPlaces(
  task: TableTask,
  parts: readonly TablePart[],
  { seed, ordered }: { readonly seed: Seed; readonly ordered: boolean },
): Promise<FoundPlaces | undefined> {
  const found = sessionsOf(task).map((): number[][] => []);
  let [same, differing] = [0, 0];
  for (const part of parts) {
    const compared = comparePlaces(
      await onAll(task, (session) => readPlaces(session, task.table, part, seed)),
    );
    same += compared.same;
    differing += Math.max(...compared.places.map(({ length }) => length));
    if (differing > mostPlaces) return undefined;
    for (const [side, places] of compared.places.entries()) found[side]?.push([...places]);
  }
  const asParts = (of: readonly number[][] = []) =>
    (ordered ? of : [of.flat()]).map((places) => ({ kind: "places", places: printPlaces(places) }) as const);
  return {
    parts: { pre: asParts(found[0]), between: found.slice(1, -1).map(asParts), post: asParts(found.at(-1)) },
    same,
    differing,
  };
}
