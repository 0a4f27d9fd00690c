import fc from "fast-check";
import { expect, test } from "vitest";
import { type Difference, outcomes, type PlannedRow, type RowVersions } from "../../../src/model/change.js";
import { operations, type Row } from "../../../src/model/value.js";
import { pageRow } from "../../../src/report/html/page-rows.js";
import { createPlanStore } from "../../../src/store/plan-store.js";
import { tableOf } from "../tables.js";
import { planPath, readAll, restored } from "./sample-plan.js";

/** Whatever PostgreSQL can hold: every character but NUL, and what trips decoders, separators and lengths. */
const awkward = [
  "",
  "\uFEFF",
  "\uFEFFx",
  "null",
  "[]",
  '"',
  "\\",
  "\t",
  "\n",
  "\r\n",
  "\u2028",
  "\u{1F9EF}",
  "\u0001",
];
const character = fc.string({ unit: "binary", minLength: 1, maxLength: 1 }).filter((one) => one !== "\0");
const short = fc.oneof(fc.string({ unit: character, maxLength: 20 }), fc.constantFrom(...awkward));
/** Around the length at which a text is stored in parts, with characters of one to four bytes. */
const long = fc
  .tuple(fc.constantFrom("x", "é", "€", "\u{1F9EF}", "\n"), fc.integer({ min: 600, max: 9000 }), short)
  .map(([unit, times, start]) => start + unit.repeat(times));
const text = fc.oneof({ weight: 30, arbitrary: short }, { weight: 1, arbitrary: long });
const value = fc.option(text, { nil: null });
const row: fc.Arbitrary<Row> = fc.array(value, { maxLength: 5 });
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const plain = { noNullPrototype: true } as const;

const difference: fc.Arbitrary<Difference> = fc.record(
  {
    key: fc.array(text, { minLength: 1, maxLength: 3 }),
    operation: fc.constantFrom(...operations),
    pre: perhaps(row),
    post: perhaps(row),
    transaction: perhaps(text),
  },
  plain,
);

const columns = fc.array(fc.nat(1600), { maxLength: 4 });

const conflictWith = (clean: readonly number[] | undefined) =>
  fc.record(
    {
      id: text,
      kind: text,
      columns,
      ...(clean === undefined ? {} : { clean: fc.constant(clean) }),
      cause: perhaps(text),
      resolution: perhaps(fc.constantFrom(...(["current", "incoming", "base", "value"] as const))),
      reason: perhaps(text),
    },
    plain,
  );

const conflict = perhaps(columns).chain((clean) => conflictWith(clean));

const cause = fc.record(
  {
    table: text,
    key: fc.dictionary(text, value, { maxKeys: 2, noNullPrototype: true }),
    operation: fc.constantFrom(...operations),
    outcome: fc.constantFrom(...outcomes, "unchanged" as const, "missing" as const),
    kind: text,
    reason: text,
    omitted: fc.nat(),
  },
  { ...plain, requiredKeys: ["table", "key", "outcome"] },
);

/** Versions of a row repeat one another, as they do in a plan. */
const plannedRow: fc.Arbitrary<PlannedRow> = fc
  .record({
    difference,
    position: fc.nat(),
    table: fc.nat(3),
    outcome: fc.constantFrom(...outcomes),
    rows: fc.tuple(row, row),
    currentIs: fc.constantFrom("pre" as const, "post" as const, "other" as const, "absent" as const),
    afterIs: fc.constantFrom("pre" as const, "post" as const, "other" as const),
    kind: perhaps(fc.constantFrom(...operations)),
    columns,
    conflict: perhaps(conflict),
    causes: perhaps(fc.array(cause, { maxLength: 3 })),
    decided: fc.boolean(),
    reason: perhaps(text),
    overridden: fc.boolean(),
  })
  .map(({ difference, rows: [a, b], currentIs, afterIs, kind, columns, overridden, ...rest }) => {
    const { pre, post } = difference;
    const current = { pre, post, other: a, absent: undefined }[currentIs];
    const after = { pre, post, other: b }[afterIs] ?? b;
    const { position, table, outcome, conflict, causes, decided, reason } = rest;
    const change = changeOf(kind, current, after, columns);
    const judged = { outcome, change, conflict, decided, reason };
    const row = { ...difference, position, table, current, ...(causes === undefined ? {} : { causes }) };
    return overridden ? { ...row, ...withheld, wanted: judged } : { ...row, ...judged };
  });

const withheld = {
  outcome: "skipped",
  change: undefined,
  conflict: undefined,
  decided: false,
  reason: "text",
} as const;

function changeOf(
  kind: PlannedRow["operation"] | undefined,
  current: Row | undefined,
  after: Row,
  columns: readonly number[],
): PlannedRow["change"] {
  if (kind === "insert") return { kind, after };
  if (kind === undefined || current === undefined) return undefined;
  return kind === "delete" ? { kind, before: [...current] } : { kind, before: [...current], after, columns };
}

test("differences come back exactly as they were appended", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(difference, { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (all, size) => {
        const store = await createPlanStore(planPath());
        await store.appendDifferences(0, all);
        await store.flushDifferences();
        expect(await readAll(store.differences(0, size))).toStrictEqual(all);
        await store.close();
      },
    ),
    { numRuns: 15 },
  );
});

test("rows come back exactly as they were appended", async () => {
  const someRows = fc.uniqueArray(plannedRow, { maxLength: 40, selector: ({ position }) => position });
  await fc.assert(
    fc.asyncProperty(someRows, async (all) => {
      const store = await createPlanStore(planPath());
      await store.appendRows(all);
      await store.flushRows();
      const inOrder = [...all].sort((a, b) => a.position - b.position);
      expect(await readAll(store.rows())).toStrictEqual(inOrder);
      expect(await readAll(store.rows({ descending: true }))).toStrictEqual(inOrder.reverse());
      await store.close();
    }),
    { numRuns: 15 },
  );
});

/** Of an update only the cells that it writes count, where it has such columns at all. */
function written({
  position,
  table,
  key,
  change,
}: Pick<PlannedRow, "position" | "table" | "key" | "change">) {
  const cells = (row: Row, columns: readonly number[]) => columns.map((at) => row[at] ?? null);
  const of =
    change?.kind === "update"
      ? {
          ...change,
          before: cells(change.before, change.columns),
          after: cells(change.after, change.columns),
        }
      : change;
  return { position, table, key, change: of };
}

test("what is written comes back without the rest", async () => {
  // Half of the columns that are written are there.
  const near = plannedRow.chain((row) =>
    fc
      .array(fc.nat(8), { maxLength: 4 })
      .map(
        (columns): PlannedRow =>
          row.change?.kind === "update" ? { ...row, change: { ...row.change, columns } } : row,
      ),
  );
  const someRows = fc.uniqueArray(near, { maxLength: 40, selector: ({ position }) => position });
  await fc.assert(
    fc.asyncProperty(someRows, async (all) => {
      const store = await createPlanStore(planPath());
      await store.appendRows(all);
      await store.flushRows();
      const inOrder = [...all].sort((a, b) => a.position - b.position);
      expect((await readAll(store.writes())).map(written)).toEqual(inOrder.map(written));
      await store.close();
    }),
    { numRuns: 15 },
  );
});

test("a row as lists show it is listed like the whole row", async () => {
  // Updates as a migration makes them: of one column, and written back.
  const usual = plannedRow.chain((row) =>
    fc
      .tuple(fc.array(value, { minLength: 2, maxLength: 5 }), value, fc.boolean(), perhaps(text))
      .map(([pre, to, isUsual, tenant]): PlannedRow => {
        if (!isUsual) return row;
        const post = [to, ...pre.slice(1)];
        const change = { kind: "update", before: post, after: pre, columns: [0] } as const;
        const judged = {
          outcome: "apply",
          change,
          conflict: undefined,
          decided: false,
          reason: undefined,
        } as const;
        const { position, transaction } = row;
        return {
          position,
          transaction,
          table: 0,
          key: row.key,
          operation: "update",
          pre,
          post,
          current: post,
          ...judged,
          tenant,
        };
      }),
  );
  const table = { ...tableOf("device", ["a", "b", "c", "d", "e"]), touch: [0] };
  const timed = { ...table, columns: table.columns.map((column) => ({ ...column, isTime: true })) };
  const someRows = fc.uniqueArray(usual, {
    minLength: 1,
    maxLength: 40,
    selector: ({ position }) => position,
  });
  await fc.assert(
    fc.asyncProperty(someRows, async (all) => {
      const store = await createPlanStore(planPath());
      await store.appendRows(all);
      await store.flushRows();
      const shown = (rows: readonly PlannedRow[]) => rows.map((row) => JSON.stringify(pageRow(timed, row)));
      expect(shown(await readAll(store.listed()))).toEqual(shown(await readAll(store.rows())));
      await store.close();
    }),
    { numRuns: 15 },
  );
});

test("versions come back without what the plan says of them, whole or with some cells at their places", async () => {
  const someRows = fc.uniqueArray(plannedRow, { maxLength: 40, selector: ({ position }) => position });
  const some = fc.uniqueArray(fc.nat(8), { maxLength: 3 });
  const picked = (row: Row | undefined, columns: readonly number[]) => columns.map((at) => row?.[at] ?? null);
  await fc.assert(
    fc.asyncProperty(someRows, some, async (all, columns) => {
      const store = await createPlanStore(planPath());
      await store.appendRows(all);
      await store.flushRows();
      const inOrder = [...all].sort((a, b) => a.position - b.position);
      const wanted = inOrder.map(
        ({ position, table, key, outcome, pre, post, current, change, rekeyed }) => ({
          ...{ position, table, key, outcome, pre, post, current, change, rekeyed },
        }),
      );
      expect(await readAll(store.versions())).toEqual(wanted);
      const cells = ({ pre, post, current, change, rekeyed }: RowVersions) =>
        [
          pre,
          post,
          current,
          rekeyed,
          change?.kind === "insert" ? undefined : change?.before,
          change?.kind === "delete" ? undefined : change?.after,
        ].map((row) => row && picked(row, columns));
      const found = await readAll(store.versions({}, columns));
      expect(found.map(cells)).toEqual(wanted.map(cells));
      expect(found.map(({ change }) => change?.kind)).toEqual(wanted.map(({ change }) => change?.kind));
      await store.close();
    }),
    { numRuns: 15 },
  );
});

test("of a row that steps aside all cells come back, and its columns otherwise at their places", async () => {
  const store = await createPlanStore(planPath());
  const park = [{ column: 0, value: "aside" }];
  const rows = [
    restored(0),
    restored(1, { park, wave: 2 }),
    restored(2, { tenant: "4711", rekeyed: ["9", "17", null] }),
  ];
  await store.appendRows(rows);
  await store.flushRows();
  const [plain, aside, owned] = await readAll(store.writes());
  const change = rows[1]?.change;
  // biome-ignore lint/suspicious/noSparseArray: nothing stands where nothing is written
  expect(plain?.change).toEqual({ ...change, before: [, null], after: [, "17"] });
  expect(aside).toMatchObject({ park, wave: 2, change });
  expect(owned).toMatchObject({ tenant: "4711", rekeyed: ["9", "17", null] });
  await store.close();
});
