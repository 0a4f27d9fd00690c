import type { Column } from "../../src/model/table.js";
import type { Value } from "../../src/model/value.js";
import { kindOf } from "./column-kind.js";
import { compareDecimals, parseDecimal } from "./decimal.js";

/**
 * The order of two printed values: below, above or 0. Undefined when unsure: a NULL, a NaN, text (its order is the
 * collation's), and every type that is neither a number nor a date or timestamp.
 */
export function compareValues(column: Pick<Column, "baseType">, a: Value, b: Value): number | undefined {
  if (a === null || b === null) return undefined;
  switch (kindOf(column)) {
    case "integer":
    case "numeric":
    case "float":
      return compareRanks(a, b) ?? compareNumbers(a, b);
    case "time":
      return compareRanks(a, b) ?? compareTimes(a, b);
    default:
      return undefined;
  }
}

const infinities: ReadonlyMap<string, number> = new Map([
  ["-Infinity", -1],
  ["-infinity", -1],
  ["Infinity", 1],
  ["infinity", 1],
]);

/** Infinities against each other and against what is finite; two finite values are for others to compare. */
function compareRanks(a: string, b: string): number | undefined {
  const [left, right] = [infinities.get(a), infinities.get(b)];
  if (left === undefined && right === undefined) return undefined;
  if (a === "NaN" || b === "NaN") return undefined;
  return Math.sign((left ?? 0) - (right ?? 0));
}

function compareNumbers(a: string, b: string): number | undefined {
  const [left, right] = [parseDecimal(a), parseDecimal(b)];
  return left === undefined || right === undefined ? undefined : compareDecimals(left, right);
}

const isoTime =
  /^(?<year>\d{4,})-(?<day>\d\d-\d\d)(?<time> \d\d:\d\d:\d\d(?:\.\d+)?)?(?<zone>[+-]\d\d(?::\d\d){0,2})?(?<bc> BC)?$/;

/** Dates and timestamps as the pinned session prints them: ISO, all in one zone. */
function compareTimes(a: string, b: string): number | undefined {
  const [left, right] = [isoTime.exec(a)?.groups, isoTime.exec(b)?.groups];
  if (left === undefined || right === undefined || left["zone"] !== right["zone"]) return undefined;
  const years = yearOf(left) - yearOf(right);
  if (years !== 0) return Math.sign(years);
  const [first, second] = [withinYear(left), withinYear(right)];
  return first < second ? -1 : first > second ? 1 : 0;
}

type Groups = Readonly<Record<string, string | undefined>>;

/** 1 BC is the year before 1. */
function yearOf({ year, bc }: Groups): number {
  return bc === undefined ? Number(year) : 1 - Number(year);
}

/** All of one width but the fraction of a second, which ends without zeros: these sort as text. */
function withinYear({ day, time = "" }: Groups): string {
  return `${day}${time}`;
}
