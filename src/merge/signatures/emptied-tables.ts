import type { Emptied } from "../../model/signature.js";
import type { ForeignKey } from "../../model/table.js";

/** What became of the rows of one table. */
export interface TableChange {
  readonly label: string;
  /** Rows in `pre`. */
  readonly before: number;
  readonly deleted: number;
  readonly updated: number;
  readonly inserted: number;
}

/**
 * Tables of which no row of `pre` is left as it was, and how TRUNCATE … CASCADE would have come there: it empties each
 * table that refers to an emptied one, whatever the foreign key says of deletes.
 *
 * One that was filled again at once has some of its old keys. It counts where every row was deleted or written anew,
 * and where that explains what happened to tables that are empty: alone it could as well have been updated.
 *
 * @param tables that were compared
 * @param foreignKeys of all tables, compared or not
 */
export function emptiedTables(
  tables: readonly TableChange[],
  foreignKeys: readonly ForeignKey[],
): ReadonlyMap<string, Emptied> {
  const byLabel = new Map(tables.map((table) => [table.label, table]));
  // One without rows may have been reached as well, and one that was not compared nobody knows of.
  const mayBe = (label: string) => {
    const table = byLabel.get(label);
    return table === undefined || table.before === 0 || isRewritten(table);
  };
  const candidates = tables.filter(isRewritten).map(({ label }) => label);
  const reaches = candidates
    .map((root) => ({ root, ways: reachOf(root, foreignKeys) }))
    .filter(({ ways }) => [...ways.keys()].every(mayBe));
  const isEmpty = (label: string) => byLabel.has(label) && isLeftEmpty(byLabel.get(label) as TableChange);
  const proven = reaches.filter(({ root, ways }) => isEmpty(root) || [...ways.keys()].some(isEmpty));
  const ways = cascades(proven);
  const isFound = (label: string) => ways.has(label) || proven.some(({ root }) => root === label);
  const found = tables.filter((table) => isRewritten(table) && (isLeftEmpty(table) || isFound(table.label)));
  return new Map(
    found.map(({ label, before, updated, inserted }) => [
      label,
      { before, refilled: updated, added: inserted, by: ways.get(label) },
    ]),
  );
}

const isRewritten = ({ before, deleted, updated }: TableChange): boolean =>
  deleted > 0 && deleted + updated === before;

const isLeftEmpty = ({ before, deleted }: TableChange): boolean => deleted > 0 && deleted === before;

type Way = NonNullable<Emptied["by"]>;

interface Reach {
  readonly root: string;
  readonly ways: ReadonlyMap<string, Way>;
}

/** The foreign key by which each was reached, from the root that reaches most. */
function cascades(reaches: readonly Reach[]): ReadonlyMap<string, Way> {
  const found = new Map<string, Way>();
  const roots = new Set<string>();
  for (const { root, ways } of [...reaches].sort((a, b) => b.ways.size - a.ways.size)) {
    if (found.has(root)) continue;
    roots.add(root);
    for (const [label, way] of ways) if (!found.has(label) && !roots.has(label)) found.set(label, way);
  }
  return found;
}

/** Every table that refers to the root, and so on; the shortest way to each. */
function reachOf(root: string, foreignKeys: readonly ForeignKey[]): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>();
  let edge = [root];
  while (edge.length > 0) {
    const next: string[] = [];
    for (const parent of edge) {
      for (const { name, table } of foreignKeys.filter((key) => key.parent === parent)) {
        if (table === root || ways.has(table)) continue;
        ways.set(table, { foreignKey: name, parent, root });
        next.push(table);
      }
    }
    edge = next;
  }
  return ways;
}
