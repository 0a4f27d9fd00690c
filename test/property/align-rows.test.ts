import fc from "fast-check";
import { expect, it } from "vitest";
import { type AlignedRow, alignRows } from "../../src/merge/align-rows.js";
import type { Row } from "../../src/model/value.js";
import { compareBytes } from "../../src/sql/key-order.js";

/** What one database holds: rows by key, of few keys and values so that sides often meet. */
const side: fc.Arbitrary<ReadonlyMap<string, string>> = fc
  .array(
    fc.tuple(fc.constantFrom("a", "b", "é", "z", "\ufffd", "😀", "ab", ""), fc.constantFrom("lamp", "torch")),
  )
  .map((entries) => new Map(entries));

function sorted(rows: ReadonlyMap<string, string>): readonly Row[] {
  return [...rows].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function* inBatches(rows: readonly Row[], size: number): AsyncGenerator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += size) yield rows.slice(from, from + size);
}

async function align(
  left: readonly Row[],
  right: readonly Row[],
  sizes: readonly number[],
): Promise<readonly AlignedRow[]> {
  const [l = 1, r = 1, batchSize = 1] = sizes;
  const found: AlignedRow[] = [];
  const alignment = {
    compare: (a: Row, b: Row) => compareBytes(a[0] as string, b[0] as string),
    equal: (a: Row, b: Row) => a[1] === b[1],
    batchSize,
    table: "public.device",
  };
  for await (const batch of alignRows(inBatches(left, l), inBatches(right, r), alignment))
    found.push(...batch);
  return found;
}

const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 });

it("agrees with a Map on small worlds, whatever the batches", async () => {
  await fc.assert(
    fc.asyncProperty(side, side, sizes, async (pre, post, batches) => {
      const keys = sorted(new Map([...pre, ...post])).map(([key]) => key as string);
      const rowOf = (rows: ReadonlyMap<string, string>, key: string): Row | undefined =>
        rows.has(key) ? [key, rows.get(key) ?? null] : undefined;
      const expected = keys
        .filter((key) => pre.get(key) !== post.get(key))
        .map((key) => ({ left: rowOf(pre, key), right: rowOf(post, key) }));
      expect(await align(sorted(pre), sorted(post), batches)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

it("swapping the sides swaps every pair", async () => {
  await fc.assert(
    fc.asyncProperty(side, side, sizes, async (pre, post, batches) => {
      const pairs = await align(sorted(pre), sorted(post), batches);
      const mirrored = pairs.map(({ left, right }) => ({ left: right, right: left }));
      expect(await align(sorted(post), sorted(pre), batches)).toEqual(mirrored);
    }),
  );
});

it("refuses rows in any other order, never pairing them wrongly", async () => {
  const shuffled = side.chain((rows) => {
    const all = [...sorted(rows)];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });
  await fc.assert(
    fc.asyncProperty(shuffled, side, sizes, async (rows, post, batches) => {
      const inOrder = rows.every(
        (row, at) => at === 0 || compareBytes(rows[at - 1]?.[0] as string, row[0] as string) < 0,
      );
      const found = align(rows, sorted(post), batches);
      if (inOrder) await found;
      else await expect(found).rejects.toThrow("did not arrive in the order of their key");
    }),
  );
});
