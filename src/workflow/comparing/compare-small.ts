import { randomBytes } from "node:crypto";
import type { Table } from "../../model/table.js";
import { digestTables } from "../../postgres/read-digests.js";
import { seedsFrom } from "../../sql/row-digest.js";
import { giveBackLocks, type Readers } from "./open-readers.js";
import { takeTurns } from "./take-turns.js";

/** Of tables with fewer pages no blocks are digested: reading all rows takes no longer. */
export const fewPages = 64;

/** Asked about at a time. The more, the fewer round trips, and the more locks are held meanwhile: each index is one, too. */
const mostTables = 50;
/** Every column is a term of a query that is planned whole. */
const mostColumns = 1500;

/** A table by its place among all. */
export interface PlacedTable {
  readonly table: Table;
  readonly at: number;
  readonly pages: number;
}

/**
 * Small tables of which nothing differs. Each would take a few round trips of its own, and of a thousand most are equal:
 * many are asked about at once.
 *
 * @returns the rows of those that are equal, by the table's place; what is not among them may differ
 */
export async function findEqual(
  tables: readonly PlacedTable[],
  readers: readonly Readers[],
): Promise<ReadonlyMap<number, number>> {
  // Nothing keeps a key of the config from being NULL or there twice: only reading all rows finds that out.
  const small = tables.filter(({ table, pages }) => pages < fewPages && table.keySource !== "config");
  const seed = seedsFrom(randomBytes(8).readBigUInt64LE());
  const found = await takeTurns(batchesOf(small), readers, async (batch, { pre, post }) => {
    const asked = batch.map(({ table }) => table);
    const [before, after] = await Promise.all(
      [pre, post].map((session) => digestTables(session, asked, seed)),
    );
    await giveBackLocks({ pre, post });
    return batch.flatMap(({ at }, place) => {
      const [a, b] = [before?.[place], after?.[place]];
      return a !== undefined && a.rows === b?.rows && a.digest === b.digest ? [[at, a.rows] as const] : [];
    });
  });
  return new Map(found.flat());
}

function batchesOf(tables: readonly PlacedTable[]): readonly (readonly PlacedTable[])[] {
  const batches: PlacedTable[][] = [];
  let columns = 0;
  for (const one of tables) {
    const batch = batches.at(-1);
    columns += one.table.columns.length;
    if (batch !== undefined && batch.length < mostTables && columns <= mostColumns) {
      batch.push(one);
      continue;
    }
    batches.push([one]);
    columns = one.table.columns.length;
  }
  return batches;
}
