import { randomBytes } from "node:crypto";
import { compareBlocks } from "../../merge/blocks.js";
import { type ComparedVersions, compareVersions } from "../../merge/lineage/compare-versions.js";
import type { TablePart } from "../../model/blocks.js";
import type { Ancestry, PageRanges, Versions } from "../../model/lineage.js";
import { countTablePages } from "../../postgres/lineage/evidence.js";
import {
  byPlace,
  printPlaces,
  readRangeDigests,
  readRangeVersions,
} from "../../postgres/lineage/read-versions.js";
import type { Session } from "../../postgres/session/session.js";
import { streamTable } from "./compare-stream.js";
import type { TableTask } from "./table-task.js";

/** Pages whose versions go into one digest: fewer, and the digests cost more than the rows they save. */
const pagesInRange = 2;
/** Ranges digested at once, a GB of rows: so much is kept in memory, however large the table is. */
const rangesAtOnce = 2 ** 16;
/** Ranges that differ whose versions are read at once, 6 kB each: more, and what is collected late takes 70 MB. */
const readAtOnce = 512;
/** Rows of one side that are read one by one, at most; and the share of all rows, from which on the whole table is. */
const mostRows = 1_000_000;
const mostDiffering = 0.3;

interface Found {
  /** Row versions that both sides have. */
  same: number;
  /** Places of all others. */
  readonly pre: number[];
  readonly post: number[];
}

/**
 * Compares a table by the versions of its rows: where both sides have one version at one place, it is the same row and
 * its values need not be read. All other rows are read and compared. Only for tables of a proven lineage.
 *
 * @param always even where it does not pay
 * @returns how many keys were compared; undefined where it does not pay, and nothing was kept
 */
export async function compareByVersions(
  task: TableTask,
  ancestry: Ancestry,
  always: boolean,
): Promise<number | undefined> {
  const { pre, post } = task.sessions;
  const read = () => compareVersionsOf(task, ancestry, always);
  return pre.planning(byPlace, () => post.planning(byPlace, read));
}

async function compareVersionsOf(
  task: TableTask,
  ancestry: Ancestry,
  always: boolean,
): Promise<number | undefined> {
  const found: Found = { same: 0, pre: [], post: [] };
  const seed = randomBytes(8).readBigInt64LE();
  const sizes = await onBoth(task, ancestry, async (session, { table }) => countTablePages(session, [table]));
  const ranges = Math.ceil(Math.max(...sizes.flat()) / pagesInRange);
  for (let first = 0; first < ranges; first += rangesAtOnce) {
    const last = Math.min(ranges, first + rangesAtOnce) - 1;
    await compareRanges(task, ancestry, { pages: pagesInRange, first, last }, seed, found);
    if (!always && Math.max(found.pre.length, found.post.length) > mostRows) return undefined;
    task.onCompared(found.same);
  }
  const differing = Math.max(found.pre.length, found.post.length);
  if (!always && differing > mostDiffering * (found.same + differing)) return undefined;
  if (differing === 0) return found.same;
  const parts = { pre: partOf(found.pre), post: partOf(found.post) };
  return found.same + (await streamTable(task, { parts, before: found.same }));
}

function partOf(places: readonly number[]): readonly TablePart[] {
  return [{ kind: "places", places: printPlaces(places) }];
}

async function compareRanges(
  task: TableTask,
  ancestry: Ancestry,
  ranges: PageRanges,
  seed: bigint,
  found: Found,
): Promise<void> {
  const [pre, post] = await onBoth(task, ancestry, (session, of) =>
    readRangeDigests(session, of, ranges, seed),
  );
  const { differing, equalKeys } = compareBlocks([pre, post]);
  found.same += equalKeys;
  for (let from = 0; from < differing.length; from += readAtOnce) {
    const numbers = differing.slice(from, from + readAtOnce).map((at) => at + ranges.first);
    const [before, after] = await onBoth(task, ancestry, (session, of) =>
      readRangeVersions(session, of, ranges.pages, numbers),
    );
    for (const number of numbers) add(found, compareVersions(before.get(number), after.get(number)));
  }
}

function add(found: Found, { same, pre, post }: ComparedVersions): void {
  found.same += same;
  found.pre.push(...pre);
  found.post.push(...post);
}

async function onBoth<T>(
  { sessions: { pre, post }, table }: TableTask,
  ancestry: Ancestry,
  ask: (session: Session, of: Versions) => Promise<T>,
): Promise<readonly [T, T]> {
  return Promise.all([
    ask(pre, { table, side: "pre", ...ancestry }),
    ask(post, { table, side: "post", ...ancestry }),
  ]);
}
