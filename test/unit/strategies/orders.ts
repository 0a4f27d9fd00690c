/** Values of a type from the smallest to the largest, as PostgreSQL prints them. */
export interface Order {
  readonly type: string;
  readonly values: readonly string[];
}

export const orders: readonly Order[] = [
  { type: "integer", values: ["-10", "-9", "0", "9", "10"] },
  {
    type: "numeric",
    values: [
      "-Infinity",
      "-1.5",
      "-0.000001",
      "0",
      "1.49999999999999999999999999",
      "1.5",
      "10.00",
      "123456789012345678901234567890",
      "123456789012345678901234567891",
      "Infinity",
    ],
  },
  {
    type: "double precision",
    values: ["-Infinity", "-1e+20", "-0.5", "1e-07", "0.0001", "3", "1e+20", "Infinity"],
  },
  {
    type: "date",
    values: [
      "-infinity",
      "0044-03-15 BC",
      "0001-12-31 BC",
      "0001-01-01",
      "2024-02-29",
      "9999-12-31",
      "10000-01-01",
      "infinity",
    ],
  },
  {
    type: "timestamp with time zone",
    values: [
      "-infinity",
      "0045-03-15 12:00:00+00 BC",
      "0044-03-15 12:00:00+00 BC",
      "0044-03-15 12:00:00.5+00 BC",
      "2024-01-01 00:00:00+00",
      "2024-01-01 00:00:00.45+00",
      "2024-01-01 00:00:00.5+00",
      "2024-01-01 09:59:59.999999+00",
      "2024-01-02 00:00:00+00",
      "294276-12-31 23:59:59.999999+00",
      "infinity",
    ],
  },
  {
    type: "timestamp(3) without time zone",
    values: ["2024-01-01 00:00:00", "2024-01-01 00:00:00.001", "2024-10-01 00:00:00"],
  },
];

/** Pairs whose order is not ours to know: [type, one, other]. */
export const unsure: readonly (readonly [
  why: string,
  type: string,
  one: string | null,
  other: string | null,
])[] = [
  ["NULL", "integer", null, "1"],
  ["NaN", "numeric", "NaN", "1"],
  ["NaN against infinity", "numeric", "NaN", "Infinity"],
  ["one number in two spellings", "numeric", "1.0", "1.00"],
  ["text, by its collation", "text", "a", "b"],
  ["text that looks like numbers", "text", "1", "2"],
  ["an interval", "interval", "1 day", "23:00:00"],
  ["money", "money", "$1.00", "$2.00"],
  ["an enum, by its definition", "public.status", "draft", "sent"],
  ["an array", "integer[]", "{1}", "{2}"],
  ["what is no number", "integer", "one", "2"],
  ["what is no date", "date", "yesterday", "2024-01-01"],
  ["times of two zones", "timestamp with time zone", "2024-01-01 10:00:00+02", "2024-01-01 09:00:00+00"],
];
