import fc from "fast-check";
import { expect, it } from "vitest";
import { groupBuckets } from "../../../src/merge/blocks.js";
import { comparePlaces } from "../../../src/merge/compare-places.js";

interface Entry {
  readonly digest: bigint;
  readonly place: number;
}

/** As the server sends them. */
function send(entries: readonly Entry[]): Buffer {
  const sorted = entries.toSorted((a, b) => (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0));
  return Buffer.concat(
    sorted.map(({ digest, place }) => {
      const bytes = Buffer.alloc(14);
      bytes.writeBigInt64BE(digest);
      bytes.writeUIntBE(place, 8, 6);
      return bytes;
    }),
  );
}

const digest = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const entry = fc.record({ digest, place: fc.nat({ max: 2 ** 31 - 1 }) });
const side = fc.uniqueArray(entry, { selector: (one) => one.digest, maxLength: 12 });

it("finds the rows that are not on all sides, and counts the others", () => {
  fc.assert(
    fc.property(fc.array(side, { minLength: 2, maxLength: 4 }), (all) => {
      const inAll = (of: bigint) => all.every((entries) => entries.some((one) => one.digest === of));
      const { same, places } = comparePlaces(all.map(send));
      expect(same).toBe(all[0]?.filter((one) => inAll(one.digest)).length);
      const rest = all.map((entries) =>
        entries.filter((one) => !inAll(one.digest)).map(({ place }) => place),
      );
      const sorted = (lists: readonly (readonly number[])[]) =>
        lists.map((list) => list.toSorted((a, b) => a - b));
      expect(sorted(places)).toEqual(sorted(rest));
    }),
  );
});

it("buckets are asked for so many rows at a time, none left out", () => {
  expect(groupBuckets([1, 2, 5, 7, 9], (bucket) => bucket, 8)).toEqual([[1, 2, 5], [7], [9]]);
  expect(groupBuckets([], () => 1, 8)).toEqual([]);
});
