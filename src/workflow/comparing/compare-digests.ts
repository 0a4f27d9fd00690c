import { randomBytes } from "node:crypto";
import {
  compareBlocks,
  type DifferingRange,
  divideInBuckets,
  divideRange,
  groupBuckets,
  groupRanges,
  isDense,
  joinRanges,
  rangeOfBlock,
} from "../../merge/blocks.js";
import type { Blocks, KeyRange, RangeBlocks, TablePart } from "../../model/blocks.js";
import { findBlockColumn } from "../../postgres/find-block-column.js";
import { readDigests, readKeyBounds } from "../../postgres/read-digests.js";
import { sampleDifferences } from "../../postgres/sample-table.js";
import { hasRanges } from "../../sql/digest-query.js";
import { type Seed, seedsFrom } from "../../sql/row-digest.js";
import { fewPages } from "./compare-small.js";
import { streamTable } from "./compare-stream.js";
import { findPlaces, hasPlaces } from "./find-places.js";
import { onAll, planningAll } from "./on-all.js";
import type { TableTask } from "./table-task.js";

/**
 * A block holds about half a page of rows, unless there would be too many: their digests are kept in memory. Smaller
 * ones cost more to tell apart than is saved by reading fewer rows around a change.
 */
const blocksInPage = 2;
/** A bucket by hash is met at random: the fewer there are, the more of them are in the processor's cache. */
const bucketsInPage = 0.5;
const leastBlocks = 8;
const mostBlocks = 2 ** 20;
/** Rows in a block that differs, from which on it is worth another look. */
const fatRows = 4096;
/** Beyond this share of rows in blocks that differ, reading all in order is the faster way to read them. */
const mostDiffering = 0.6;

/** The same, where only rows that differ are read, and by rows of some pages: finding them is a scan or two. */
const mostSampled = 0.2;
/** Rows whose digests are asked for at once, 14 bytes each; and ranges of them, for which the index is entered. */
const rowsAtOnce = 500_000;
const rangesAtOnce = 20_000;

const byIndex = { enable_seqscan: "off", enable_tidscan: "on", work_mem: "64MB" };

/** What is to be read. */
interface Findings {
  readonly parts: readonly TablePart[];
  readonly rows: number;
  /** Keys that need not be read. */
  readonly equalKeys: number;
}

/**
 * Compares a table by the digests of blocks of rows: one scan on each server, side by side. Blocks that differ are
 * looked at once more, row by row, and then only rows that differ are read.
 *
 * @param always even where it does not pay
 * @returns how many keys were compared; undefined where it does not pay, and nothing was kept
 */
export async function compareByDigests(task: TableTask, always: boolean): Promise<number | undefined> {
  const { pages, table } = task;
  if (!always && (pages < fewPages || (await looksDense(task, pages)))) return undefined;
  const seed = seedsFrom(randomBytes(8).readBigUInt64LE());
  const ordered = hasRanges(table);
  const found = await (ordered ? findRanges : findBuckets)(task, seed);
  if (found.rows === 0) return found.equalKeys;
  // Few rows of a large table: by its index, whatever the planner expects of an inequality it cannot see.
  return ordered
    ? planningAll(task, byIndex, () => readFound(task, found, { seed, always, ordered }))
    : readFound(task, found, { seed, always, ordered });
}

interface Reading {
  readonly seed: Seed;
  readonly always: boolean;
  /** The parts follow each other in the order of the key. */
  readonly ordered: boolean;
}

async function readFound(task: TableTask, found: Findings, reading: Reading): Promise<number | undefined> {
  const { parts, rows, equalKeys } = found;
  const { seed, always, ordered } = reading;
  const total = rows + equalKeys;
  const places =
    hasPlaces(task) && parts.length <= mostLots(ordered) ? await findPlaces(task, parts, reading) : undefined;
  if (places === undefined) {
    if (!always && rows > mostDiffering * total) return undefined;
    const whole = partsOf(task, ordered ? parts : joinBuckets(parts));
    return equalKeys + (await streamTable(task, { parts: whole, seed, before: equalKeys }));
  }
  if (!always && places.differing > mostDiffering * total) return undefined;
  const before = equalKeys + places.same;
  const read = () => streamTable(task, { parts: places.parts, before });
  return before + (await (ordered ? read() : planningAll(task, byIndex, read)));
}

/** Each lot of buckets is a scan of the whole table; one of ranges is read through the index. */
function mostLots(ordered: boolean): number {
  return ordered ? Number.POSITIVE_INFINITY : 4;
}

/** Keys of buckets are in no order: those of all must be read by one query. */
function joinBuckets(parts: readonly TablePart[]): readonly TablePart[] {
  const [first, ...others] = parts;
  if (first?.kind !== "buckets") return parts;
  const numbers = [first, ...others].flatMap((part) => (part.kind === "buckets" ? part.numbers : []));
  return [{ ...first, numbers }];
}

function partsOf({ sessions }: TableTask, parts: readonly TablePart[]) {
  return { pre: parts, between: sessions.between.map(() => parts), post: parts };
}

async function looksDense(task: TableTask, pages: number): Promise<boolean> {
  const { sessions, table } = task;
  const { pre, post } = sessions;
  const samples = await Promise.all([
    sampleDifferences(post, pre, table, pages),
    sampleDifferences(pre, post, table, pages),
  ]);
  const canNarrow = hasPlaces(task);
  return samples.some(({ pages: sampled, ...sample }) =>
    canNarrow
      ? sample.differing > mostSampled * sample.rows
      : isDense(sample, sample.rows / Math.max(1, sampled * blocksInPage)),
  );
}

function wantedBlocks({ pages }: TableTask, inPage: number): number {
  return Math.min(mostBlocks, Math.max(leastBlocks, inPage * pages));
}

async function findBuckets(task: TableTask, seed: Seed): Promise<Findings> {
  const wanted = wantedBlocks(task, blocksInPage);
  const by = hasPlaces(task) ? await findBlockColumn(task.sessions.post, task.table, wanted) : undefined;
  const blocks = divideInBuckets(by === undefined ? wantedBlocks(task, bucketsInPage) : wanted, by);
  const { differing, differingRows, equalKeys, rowsOf } = await compareDigests(task, blocks, seed);
  const lots = groupBuckets(differing, rowsOf, rowsAtOnce);
  const parts = lots.map((numbers) => ({ kind: "buckets", of: blocks, numbers }) as const);
  return { parts, rows: differingRows, equalKeys };
}

async function findRanges(task: TableTask, seed: Seed): Promise<Findings> {
  const bounds = (await onAll(task, (session) => readKeyBounds(session, task.table))).flatMap(
    (found) => found ?? [],
  );
  const [first] = bounds;
  if (first === undefined) return { parts: [], rows: 0, equalKeys: 0 };
  const all = bounds.reduce(
    (a, b): KeyRange => ({ low: a.low < b.low ? a.low : b.low, high: a.high > b.high ? a.high : b.high }),
    first,
  );
  const { ranges, equalKeys } = await narrow(
    task,
    { ...divideRange(all, wantedBlocks(task, blocksInPage)), isAll: true },
    seed,
  );
  const joined = joinRanges(ranges);
  const limits = hasPlaces(task) ? { rows: rowsAtOnce, ranges: rangesAtOnce } : undefined;
  const parts = groupRanges(joined, limits).map((group) => ({ kind: "ranges", ranges: group }) as const);
  return { parts, rows: joined.reduce((sum, { rows }) => sum + rows, 0), equalKeys };
}

/** Keys are not spread evenly: a block with far too many is divided again. */
async function narrow(
  task: TableTask,
  blocks: RangeBlocks,
  seed: Seed,
): Promise<{ readonly ranges: readonly DifferingRange[]; readonly equalKeys: number }> {
  const compared = await compareDigests(task, blocks, seed);
  const ranges: DifferingRange[] = [];
  let { equalKeys } = compared;
  for (const block of compared.differing) {
    const rows = compared.rowsOf(block);
    const inBlock = rangeOfBlock(blocks, block);
    if (rows <= fatRows || blocks.shift === 0n) {
      ranges.push({ range: inBlock, rows });
      continue;
    }
    const inside = await narrow(task, divideRange(inBlock, Math.ceil(rows / 64)), seed);
    ranges.push(...inside.ranges);
    equalKeys += inside.equalKeys;
  }
  return { ranges, equalKeys };
}

async function compareDigests(task: TableTask, blocks: Blocks, seed: Seed) {
  const digests = await onAll(task, (session) => readDigests(session, task.table, blocks, seed));
  const rowsOf = (block: number) => Math.max(...digests.map(({ counts }) => counts[block] ?? 0));
  return { ...compareBlocks(digests), rowsOf };
}
