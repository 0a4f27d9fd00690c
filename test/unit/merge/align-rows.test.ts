import { describe, expect, it } from "vitest";
import { type AlignedRow, alignRows } from "../../../src/merge/align-rows.js";
import { SchemaMismatchError } from "../../../src/model/errors.js";
import type { Row } from "../../../src/model/value.js";
import { compareIntegers } from "../../../src/sql/key-order.js";

const byId = (a: Row, b: Row) => compareIntegers(a[0] as string, b[0] as string);
const printsSame = (a: Row, b: Row) => a.every((value, position) => value === b[position]);

/** A cursor: rows in batches, and whether it was closed. */
class Source {
  closed = 0;
  batchesRead = 0;
  readonly #rows: readonly Row[];
  readonly #batchSize: number;
  readonly #failure: Error | undefined;

  constructor(rows: readonly Row[], batchSize: number, failure?: Error) {
    this.#rows = rows;
    this.#batchSize = batchSize;
    this.#failure = failure;
  }

  async *read(): AsyncGenerator<readonly Row[]> {
    try {
      for (let from = 0; from < this.#rows.length; from += this.#batchSize) {
        this.batchesRead += 1;
        yield this.#rows.slice(from, from + this.#batchSize);
      }
      if (this.#failure !== undefined) throw this.#failure;
    } finally {
      this.closed += 1;
    }
  }
}

/** `3=lamp` is a row with key 3. */
const rows = (...texts: readonly string[]): Row[] => texts.map((text) => text.split("="));

function aligned(left: Source, right: Source, batchSize = 2, onCompared?: (keys: number) => void) {
  return alignRows(left.read(), right.read(), {
    compare: byId,
    equal: printsSame,
    batchSize,
    table: "public.device",
    ...(onCompared && { onCompared }),
  });
}

async function collect(
  pairs: AsyncIterable<readonly AlignedRow[]>,
): Promise<readonly (readonly AlignedRow[])[]> {
  const batches: (readonly AlignedRow[])[] = [];
  for await (const batch of pairs) batches.push(batch);
  return batches;
}

const pre = rows("1=lamp", "2=torch", "4=lantern", "9=candle", "10=bulb");
const post = rows("2=torch", "3=beacon", "4=flare", "10=bulb", "11=spark");
const differences: readonly AlignedRow[] = [
  { left: ["1", "lamp"], right: undefined },
  { left: undefined, right: ["3", "beacon"] },
  { left: ["4", "lantern"], right: ["4", "flare"] },
  { left: ["9", "candle"], right: undefined },
  { left: undefined, right: ["11", "spark"] },
];

describe.each([1, 2, 3, 100])("sources in batches of %i", (size) => {
  it.each([1, 2, 3, 100])("yields the pairs that differ, in batches of %i", async (batchSize) => {
    const batches = await collect(aligned(new Source(pre, size), new Source(post, size), batchSize));
    expect(batches.flat()).toEqual(differences);
    expect(batches.slice(0, -1).every((batch) => batch.length === batchSize)).toBe(true);
    expect(batches.every((batch) => batch.length > 0)).toBe(true);
  });

  it("works with one side empty, or both", async () => {
    const none = () => new Source([], size);
    expect(await collect(aligned(none(), none()))).toEqual([]);
    const inserted = (await collect(aligned(none(), new Source(post, size)))).flat();
    expect(inserted).toEqual(post.map((right) => ({ left: undefined, right })));
    const deleted = (await collect(aligned(new Source(pre, size), none()))).flat();
    expect(deleted).toEqual(pre.map((left) => ({ left, right: undefined })));
  });

  it.each([
    ["pre", rows("1=lamp", "3=torch", "2=flare"), post],
    ["post", pre, rows("1=lamp", "3=torch", "2=flare")],
    ["pre", rows("1=lamp", "1=lamp"), post],
    ["post", pre, rows("2=torch", "11=spark", "11=flare")],
  ])("refuses rows of %s that are out of order, or of one key twice", async (role, left, right) => {
    const [l, r] = [new Source(left, size), new Source(right, size)];
    const error: unknown = await collect(aligned(l, r)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SchemaMismatchError);
    expect((error as SchemaMismatchError).message).toContain(
      `the rows of public.device in ${role} did not arrive`,
    );
    expect((error as SchemaMismatchError).hint).toMatch(/REINDEX.*--exclude-tables/);
    expect([l.closed, r.closed]).toEqual([1, 1]);
  });
});

describe("both sources are closed, once", () => {
  it("when they are read to the end", async () => {
    const [l, r] = [new Source(pre, 2), new Source(post, 2)];
    await collect(aligned(l, r));
    expect([l.closed, r.closed]).toEqual([1, 1]);
  });

  it("when the reader has seen enough, and then no more is read", async () => {
    const [l, r] = [new Source(pre, 1), new Source(post, 1)];
    for await (const batch of aligned(l, r, 1)) {
      expect(batch).toHaveLength(1);
      break;
    }
    expect([l.closed, r.closed]).toEqual([1, 1]);
    expect([l.batchesRead, r.batchesRead]).toEqual([1, 1]);
  });

  it("when one of them fails, with its own error", async () => {
    const failure = new Error("terminating connection due to administrator command");
    const [l, r] = [new Source(pre, 2, failure), new Source(post, 2)];
    await expect(collect(aligned(l, r))).rejects.toBe(failure);
    expect([l.closed, r.closed]).toEqual([1, 1]);
  });

  it("when comparing fails", async () => {
    const [l, r] = [new Source(pre, 2), new Source(post, 2)];
    const failing = alignRows(l.read(), r.read(), {
      compare: byId,
      equal: () => {
        throw new RangeError("no such column");
      },
      batchSize: 2,
      table: "public.device",
    });
    await expect(collect(failing)).rejects.toThrow("no such column");
    expect([l.closed, r.closed]).toEqual([1, 1]);
  });
});

describe("it tells how many keys were compared", () => {
  it("at the end, equal ones included", async () => {
    const told: number[] = [];
    await collect(aligned(new Source(pre, 2), new Source(post, 2), 2, (keys) => told.push(keys)));
    expect(told).toEqual([7]);
  });

  it("now and then on the way", async () => {
    const many = Array.from({ length: 10_000 }, (_, key): Row => [String(key)]);
    const told: number[] = [];
    await collect(aligned(new Source(many, 500), new Source(many, 700), 2, (keys) => told.push(keys)));
    expect(told.at(-1)).toBe(10_000);
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });
});

it("skips batches without rows", async () => {
  async function* sparse(): AsyncGenerator<readonly Row[]> {
    yield [];
    yield rows("1=lamp");
    yield [];
    yield [];
    yield rows("2=torch");
    yield [];
  }
  const options = { compare: byId, equal: printsSame, batchSize: 10, table: "public.device" };
  const batches = await collect(alignRows(sparse(), new Source(rows("1=lamp"), 1).read(), options));
  expect(batches).toEqual([[{ left: ["2", "torch"], right: undefined }]]);
});
