import type { Readers } from "./open-readers.js";

/**
 * Works on as many items at a time as there are readers. After a failure nothing new is begun, and it is thrown once
 * all others have stopped: then nobody uses the sessions or the store any more.
 *
 * @returns what became of each, in their order
 */
export async function takeTurns<Item, T>(
  items: readonly Item[],
  readers: readonly Readers[],
  work: (item: Item, readers: Readers, stopped: () => boolean) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const takeAll = async (mine: Readers) => {
    for (const [at, item] of queue) {
      if (failures.length > 0) return;
      try {
        results[at] = await work(item, mine, () => failures.length > 0);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(readers.map(takeAll));
  if (failures.length > 0) throw failures[0];
  return results;
}
