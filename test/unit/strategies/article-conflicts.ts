import { classify, type SameValue } from "../../../src/merge/classify.js";
import type { Conflict } from "../../../src/model/conflict.js";
import type { Row, Triple, Value } from "../../../src/model/value.js";
import { column, tableOf } from "../tables.js";

/** A column of every kind that strategies know of, with values of it as PostgreSQL prints them. */
const columns: readonly (readonly [name: string, type: string, values: readonly Value[]])[] = [
  ["title", "character varying(80)", ["Lamps", "Torches", "", null]],
  [
    "body",
    "text",
    ["one\ntwo\nthree\nfour\nfive", "ONE\ntwo\nthree\nfour\nfive", "one\ntwo\nthree\nfour\nFIVE", "one", ""],
  ],
  ["stock", "integer", ["5", "-3", "2147483647", "0", null]],
  ["price", "numeric(10,2)", ["1.00", "-0.50", "99999999.99", "NaN", null]],
  ["rating", "double precision", ["0.1", "1e-07", "Infinity", "-0", "NaN", null]],
  [
    "tags",
    "text[]",
    ["{}", "{red}", '{red,"two words",NULL}', '{blue,"NULL"}', "{{a},{b}}", "[0:1]={a,b}", null],
  ],
  [
    "settings",
    "jsonb",
    [
      '{"a": 1, "b": 1}',
      '{"a": 2, "b": 1}',
      '{"a": 1, "b": 2}',
      '{"b": [1.0, 1]}',
      "[]",
      "null",
      '"text"',
      null,
    ],
  ],
  ["layout", "json", ['{"a":1,"b":1}', '{"b":1, "a":2}', '{"a":1,"b":{}}', '{ "a": 1, "a": 2 }', "1", null]],
  ["is_public", "boolean", ["t", "f", null]],
  ["released_on", "date", ["2024-02-29", "0044-03-15 BC", "infinity", "-infinity", null]],
  ["status", "public.status", ["draft", "published", null]],
  ["version", "bigint", ["7", "8", "12", "9223372036854775807", null]],
];

const times = ["2024-03-01 03:00:00+00", "2024-03-01 03:00:00.5+00", "2024-03-02 00:00:00+00"] as const;

export const articleTable = tableOf(
  "article",
  [
    column("id", { type: "bigint", notNull: true, keyOrder: "integer" }),
    column("updated_at", { type: "timestamp with time zone", isTime: true }),
    ...columns.map(([name, type]) => column(name, { type })),
  ],
  { touch: [1] },
);

const notSpelledAlike: SameValue = () => false;

/** The conflict of these versions, when they are one. */
export function conflictAmong(rows: Triple<Row | undefined>): Conflict | undefined {
  if (rows.base === undefined && rows.incoming === undefined) return undefined;
  const verdict = classify(articleTable, rows, { sameValue: notSpelledAlike, touchWrite: "restore" });
  return verdict.kind === "conflict" ? verdict.conflict : undefined;
}

function article(time: string, cells: ReadonlyMap<string, Value> = new Map()): Row {
  const values = columns.map(([name, , [usual = null]]) =>
    cells.has(name) ? (cells.get(name) ?? null) : usual,
  );
  return ["1", time, ...values];
}

function triples(values: readonly Value[]): readonly Triple<Value>[] {
  return values.flatMap((base) =>
    values.flatMap((current) => values.map((incoming) => ({ base, current, incoming }))),
  );
}

/** One cell in conflict: every column, every three of its values; current was written last, or incoming, or both at once. */
const cellConflicts = columns.flatMap(([name, , values]) =>
  triples(values).flatMap(({ base, current, incoming }, n) => {
    const one = (value: Value, time: string) => article(time, new Map([[name, value]]));
    const [first, second] =
      n % 3 === 0 ? [times[1], times[2]] : n % 3 === 1 ? [times[2], times[1]] : [times[1], times[1]];
    const rows = { base: one(base, times[0]), current: one(current, first), incoming: one(incoming, second) };
    return conflictAmong(rows) ?? [];
  }),
);

/** All cells at once, and rows that are there on one side only. */
function rowConflicts(): readonly Conflict[] {
  const pick = (n: number) =>
    new Map(columns.map(([name, , values]) => [name, values[n % values.length] ?? null]));
  const [base, current, incoming] = [0, 1, 2].map((n) => article(times[n] ?? "", pick(n)));
  const worlds: readonly Triple<Row | undefined>[] = [
    { base, current, incoming },
    { base, current, incoming: undefined },
    { base, current: undefined, incoming },
    { base: undefined, current, incoming },
  ];
  return worlds.flatMap((rows) => conflictAmong(rows) ?? []);
}

export const articleConflicts: readonly Conflict[] = [...cellConflicts, ...rowConflicts()];
