import type { Random } from "./random.js";

/** One PostgreSQL type, and values to try it with (as text PostgreSQL reads). */
export interface ValueType {
  /** As in CREATE TABLE. */
  readonly sql: string;
  /** What the conditions of rules, touch columns and generated columns ask of a type. */
  readonly family?: "integer" | "text" | "timestamp";
  /** False for types that PostgreSQL has no `=` for. */
  readonly equality: boolean;
  /** So few that both sides often write the same one. */
  readonly everyday: readonly string[];
  readonly odd: readonly string[];
  /** The same value, written differently, where the type has such a thing. */
  readonly respell?: (value: string) => string | undefined;
}

/** Types that may be keys: no two texts of theirs are the same value, and there are enough values. */
export interface KeyType extends ValueType {
  readonly make: (random: Random) => string;
}

export const enumType = 'public."Device State"';
export const enumLabels = ["idle", "in use", "won't start", "Größe", "NULL"] as const;

const hex = (random: Random, digits: number): string =>
  Array.from({ length: digits }, () => random.integer(0, 15).toString(16)).join("");

const twoDigits = (number: number): string => String(number).padStart(2, "0");

const day = (random: Random): string =>
  `20${twoDigits(random.integer(0, 40))}-${twoDigits(random.integer(1, 12))}-${twoDigits(random.integer(1, 28))}`;

const oddTexts = [
  "",
  " ",
  "  both ends  ",
  "MiXeD",
  "Ünïcödé",
  "e\u0301",
  "é",
  "😀",
  "\ufffd",
  "it's",
  'say "hi"',
  "back\\slash",
  "\\.",
  "\\N",
  "NULL",
  "null",
  "line\nbreak",
  "carriage\r\nreturn",
  "tab\tstop",
  ":x",
  ":'x'",
  ":{x}",
  "$$",
  "$body$",
  "*/",
  "/*",
  "--",
  "'; --",
  "%s",
  "{}",
  '{"a":1}',
  "<b>&",
  "=1+1",
  "\u0001",
  "\u001b[31m",
  "\u200b",
  "\u202e",
  "1-1",
  "11",
  "Z",
  "a",
] as const;

export const keyTypes: readonly KeyType[] = [
  {
    sql: "integer",
    family: "integer",
    equality: true,
    everyday: ["1", "2", "3", "5", "6", "7"],
    odd: ["0", "-1", "2147483647", "-2147483648"],
    make: (random) => String(random.integer(1, 200)),
  },
  {
    sql: "bigint",
    family: "integer",
    equality: true,
    everyday: ["1", "5", "6", "9007199254740993", "9007199254740992"],
    odd: ["9223372036854775807", "-9223372036854775808", "0"],
    make: (random) =>
      random.chance(0.3) ? `900719925474${random.integer(1000, 1100)}` : String(random.integer(1, 200)),
  },
  {
    sql: "smallint",
    family: "integer",
    equality: true,
    everyday: ["1", "2", "5", "6"],
    odd: ["0", "-32768", "32767"],
    make: (random) => String(random.integer(-50, 50)),
  },
  {
    sql: "text",
    family: "text",
    equality: true,
    everyday: ["red", "green", "Green", "blue"],
    odd: [...oddTexts, "long ".repeat(600)],
    make: (random) =>
      random.pick([...oddTexts, `unit ${random.integer(1, 60)}`, `Unit-${random.integer(1, 60)}`]),
  },
  {
    sql: "character varying(12)",
    family: "text",
    equality: true,
    everyday: ["north", "south", "South"],
    odd: oddTexts.filter((text) => text.length <= 12),
    make: (random) => `${random.pick(["a", "B", "é", "_"])}${random.integer(1, 60)}`,
  },
  {
    sql: "uuid",
    equality: true,
    everyday: ["2f6ce1d2-2a5b-4a35-8a11-0d8f3f1f9a10", "2f6ce1d2-2a5b-4a35-8a11-0d8f3f1f9a11"],
    odd: ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
    make: (random) =>
      `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`,
  },
  {
    sql: "date",
    equality: true,
    everyday: ["2024-02-29", "2024-03-01", "2024-03-02"],
    odd: ["infinity", "-infinity", "0044-03-15 BC", "12345-01-01"],
    make: day,
  },
  {
    sql: "timestamp with time zone",
    family: "timestamp",
    equality: true,
    everyday: ["2024-03-01 12:00:00+00", "2024-03-01 12:00:00.000001+00", "2024-03-02 08:30:00+00"],
    odd: ["infinity", "-infinity", "4713-01-01 00:00:00+00 BC", "2024-03-31 01:59:59.999999+00"],
    make: (random) => `${day(random)} 12:00:00${random.pick(["", ".1", ".000001", ".000002"])}+00`,
  },
  {
    sql: "boolean",
    equality: true,
    everyday: ["t", "f"],
    odd: [],
    make: (random) => random.pick(["t", "f"]),
  },
  {
    sql: "numeric(12,2)",
    equality: true,
    everyday: ["10.00", "10.50", "99.99"],
    odd: ["0.00", "-3.10", "9999999999.99", "NaN"],
    make: (random) => `${random.integer(0, 40)}.${random.pick(["00", "50", "99"])}`,
  },
  {
    sql: "bytea",
    equality: true,
    everyday: ["\\xdeadbeef", "\\xcafe"],
    odd: ["\\x", "\\x00", "\\x5c2e", "\\xff", "\\x27"],
    make: (random) => `\\x${hex(random, 2 * random.integer(1, 4))}`,
  },
];

/** Turns one spelling of a pair into the other. */
const swap =
  (pairs: readonly (readonly [string, string])[]) =>
  (value: string): string | undefined => {
    for (const [left, right] of pairs) {
      if (value === left) return right;
      if (value === right) return left;
    }
    return undefined;
  };

const respellNumeric = (value: string): string | undefined => {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return undefined;
  return value.includes(".") ? `${value}0` : `${value}.0`;
};

const valueTypes: readonly ValueType[] = [
  {
    sql: "timestamp without time zone",
    family: "timestamp",
    equality: true,
    everyday: ["2024-03-01 12:00:00", "2024-03-01 12:00:00.000001"],
    odd: ["infinity", "1999-12-31 23:59:59.999999"],
  },
  {
    sql: "numeric",
    equality: true,
    respell: respellNumeric,
    everyday: ["1.0", "1.00", "2", "2.5"],
    odd: [
      "1",
      "0",
      "-0.50",
      "NaN",
      "123456789012345678901234567890.123456789",
      "0.00000000000000000001",
      "1e10",
    ],
  },
  {
    sql: "double precision",
    equality: true,
    respell: swap([["0", "-0"]]),
    everyday: ["0", "-0", "1.5"],
    odd: ["NaN", "Infinity", "-Infinity", "0.1", "0.30000000000000004", "5e-324", "1.7976931348623157e+308"],
  },
  {
    sql: "jsonb",
    equality: true,
    respell: swap([
      ["1", "1.0"],
      ['{"a": 1}', '{"a": 1.0}'],
      ["[1, 2]", "[1, 2.00]"],
    ]),
    everyday: ["1", "1.0", '{"a": 1}', '{"a": 1.0}'],
    odd: [
      "null",
      "{}",
      "[1, 2]",
      '"text"',
      '{"it\'s": "\\"q\\""}',
      '{"": null}',
      '{"a": {"b": [1, {"c": "😀"}]}}',
    ],
  },
  {
    sql: "json",
    equality: false,
    everyday: ['{"a":1}', '{"a": 1}', "1", "1.0"],
    odd: ["null", '{"a":1,"a":2}', '{\n  "k": "*/ \'"\n}', "[]"],
  },
  {
    sql: "text[]",
    equality: true,
    everyday: ["{}", "{a,b}", "{b,a}"],
    odd: [
      "{NULL}",
      '{"NULL"}',
      '{"a b","c\\"d"}',
      "[2:3]={a,b}",
      "{{a,b},{c,d}}",
      '{""}',
      '{"x,y"}',
      '{"\\\\"}',
    ],
  },
  {
    sql: "interval",
    equality: true,
    respell: swap([
      ["1 day", "24:00:00"],
      ["1 mon", "30 days"],
    ]),
    everyday: ["1 day", "24:00:00", "02:00:00"],
    odd: ["1 mon", "30 days", "-00:00:01", "1 year 2 mons 3 days 04:05:06.789", "00:00:00"],
  },
  {
    sql: "character(5)",
    equality: true,
    respell: (value) => (value.length < 5 ? `${value} ` : value.trimEnd()),
    everyday: ["ab", "ab   ", "xyz"],
    odd: ["", "abcde", " a", "\\", "😀"],
  },
  {
    sql: "bpchar",
    equality: true,
    respell: (value) => (value.endsWith(" ") ? value.trimEnd() : `${value}  `),
    everyday: ["ab", "ab  ", "xyz"],
    odd: ["", "   ", "a longer one"],
  },
  {
    sql: "inet",
    equality: true,
    respell: swap([["10.0.0.1", "10.0.0.1/32"]]),
    everyday: ["10.0.0.1", "10.0.0.0/8"],
    odd: ["::1", "fe80::1/64", "10.0.0.1/8"],
  },
  { sql: enumType, equality: true, everyday: ["idle", "in use"], odd: ["won't start", "Größe", "NULL"] },
  {
    sql: "int4range",
    equality: true,
    respell: swap([["[1,5)", "[1,4]"]]),
    everyday: ["[1,5)", "[1,4]", "[2,)"],
    odd: ["empty", "(,)", "(,3)"],
  },
  {
    sql: "point",
    equality: false,
    everyday: ["(1,2)", "(0,0)", "(-0,0)"],
    odd: ["(1.5,NaN)", "(Infinity,0)"],
  },
];

export const allTypes: readonly ValueType[] = [...keyTypes, ...valueTypes];

export const draw = (type: ValueType, random: Random): string =>
  type.odd.length > 0 && random.chance(0.35) ? random.pick(type.odd) : random.pick(type.everyday);

export function typeNamed(sql: string): ValueType {
  const type = allTypes.find((candidate) => candidate.sql === sql);
  if (type === undefined) throw new RangeError(`no such type: ${sql}`);
  return type;
}
