import { randomBytes } from "node:crypto";
import {
  compareBlocks,
  type DifferingRange,
  divideByHash,
  divideRange,
  groupRanges,
  isDense,
  joinRanges,
  rangeOfBlock,
} from "../../merge/blocks.js";
import type { Blocks, KeyRange, TablePart } from "../../model/blocks.js";
import { readDigests, readKeyBounds } from "../../postgres/read-digests.js";
import { sampleDifferences } from "../../postgres/sample-table.js";
import { hasRanges } from "../../sql/digest-query.js";
import { type Seed, seedsFrom } from "../../sql/row-digest.js";
import { fewPages } from "./compare-small.js";
import { streamTable } from "./compare-stream.js";
import type { TableTask } from "./table-task.js";

/**
 * A block holds about half a page of rows, unless there would be too many: their digests are kept in memory. Smaller
 * ones cost more to tell apart than is saved by reading fewer rows around a change.
 */
const blocksInPage = 2;
const leastBlocks = 8;
const mostBlocks = 2 ** 20;
/** Rows in a block that differs, from which on it is worth another look. */
const fatRows = 4096;
/** Beyond this share of rows in blocks that differ, reading all in order is the faster way to read them. */
const mostDiffering = 0.6;

/** What is to be read. */
interface Findings {
  readonly parts: readonly TablePart[];
  readonly rows: number;
  /** Keys that need not be read. */
  readonly equalKeys: number;
}

/**
 * Compares a table by the digests of blocks of rows: one scan on each server, side by side; then only blocks that
 * differ are read.
 *
 * @param always even where it does not pay
 * @returns how many keys were compared; undefined where it does not pay, and nothing was kept
 */
export async function compareByDigests(task: TableTask, always: boolean): Promise<number | undefined> {
  const { pages } = task;
  if (!always && (pages < fewPages || (await looksDense(task, pages)))) return undefined;
  const seed = seedsFrom(randomBytes(8).readBigUInt64LE());
  const wanted = Math.min(mostBlocks, Math.max(leastBlocks, blocksInPage * pages));
  const found = await (hasRanges(task.table) ? findRanges : findBuckets)(task, wanted, seed);
  const { parts, rows, equalKeys } = found;
  if (!always && rows > mostDiffering * (rows + equalKeys)) return undefined;
  const read = () => streamTable(task, { parts: { pre: parts, post: parts }, seed, before: equalKeys });
  // Few rows of a large table: by its index, whatever the planner expects of an inequality it cannot see.
  return equalKeys + (await withPlanner(task, hasRanges(task.table) ? { enable_seqscan: "off" } : {}, read));
}

async function looksDense({ sessions: { pre, post }, table }: TableTask, pages: number): Promise<boolean> {
  const samples = [
    await sampleDifferences(post, pre, table, pages),
    await sampleDifferences(pre, post, table, pages),
  ];
  return samples.some(({ pages: sampled, ...sample }) =>
    isDense(sample, sample.rows / Math.max(1, sampled * blocksInPage)),
  );
}

async function findBuckets(task: TableTask, wanted: number, seed: Seed): Promise<Findings> {
  const blocks = divideByHash(wanted);
  const { differing, differingRows, equalKeys } = await compareDigests(task, blocks, seed);
  const parts =
    differing.length === 0 ? [] : [{ kind: "buckets", of: blocks.count, numbers: differing } as const];
  return { parts, rows: differingRows, equalKeys };
}

async function findRanges(task: TableTask, wanted: number, seed: Seed): Promise<Findings> {
  const bounds = (await onAll(task, (session) => readKeyBounds(session, task.table))).flatMap(
    (found) => found ?? [],
  );
  const [first] = bounds;
  if (first === undefined) return { parts: [], rows: 0, equalKeys: 0 };
  const all = bounds.reduce(
    (a, b): KeyRange => ({ low: a.low < b.low ? a.low : b.low, high: a.high > b.high ? a.high : b.high }),
    first,
  );
  const { ranges, equalKeys } = await narrow(task, all, wanted, seed);
  const joined = joinRanges(ranges);
  const parts = groupRanges(joined).map((group) => ({ kind: "ranges", ranges: group }) as const);
  return { parts, rows: joined.reduce((sum, { rows }) => sum + rows, 0), equalKeys };
}

/** Keys are not spread evenly: a block with far too many is divided again. */
async function narrow(
  task: TableTask,
  range: KeyRange,
  wanted: number,
  seed: Seed,
): Promise<{ readonly ranges: readonly DifferingRange[]; readonly equalKeys: number }> {
  const blocks = divideRange(range, wanted);
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
    const inside = await narrow(task, inBlock, Math.ceil(rows / 64), seed);
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

function allOf({ sessions: { pre, post, between } }: TableTask) {
  return [pre, ...between, post];
}

async function onAll<T>(
  task: TableTask,
  ask: (session: TableTask["sessions"]["pre"]) => Promise<T>,
): Promise<readonly T[]> {
  return Promise.all(allOf(task).map(ask));
}

function withPlanner<T>(
  task: TableTask,
  settings: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  if (Object.keys(settings).length === 0) return work();
  return allOf(task).reduceRight<() => Promise<T>>(
    (inner, session) => () => session.planning(settings, inner),
    work,
  )();
}
