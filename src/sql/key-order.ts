import { type Column, columnAt, type Table } from "../model/table.js";
import { assertNever, type Row } from "../model/value.js";
import { identifier } from "./quote.js";

/**
 * Key order as one thing: how the servers sort and how we compare what they print. The two cannot drift apart because
 * both are chosen here, by the same word.
 */
export interface KeyOrdering {
  readonly orderBy: string;
  compare(a: Row, b: Row): number;
}

/** @param alias the table alias in the query that is ordered */
export function keyOrdering(table: Table, alias: string): KeyOrdering {
  const parts = table.key.map((position) => {
    const column = columnAt(table, position);
    return {
      position,
      orderBy: orderBy(column, `${alias}.${identifier(column.name)}`),
      compare: comparator(column),
    };
  });
  const [first] = parts;
  if (first !== undefined && parts.length === 1) {
    const { position, compare } = first;
    return {
      orderBy: first.orderBy,
      compare: (a, b) => compare(a[position] as string, b[position] as string),
    };
  }
  return {
    orderBy: parts.map((part) => part.orderBy).join(", "),
    compare: (a, b) => {
      for (const { position, compare } of parts) {
        const order = compare(a[position] as string, b[position] as string);
        if (order !== 0) return order;
      }
      return 0;
    },
  };
}

function orderBy({ keyOrder }: Column, reference: string): string {
  switch (keyOrder) {
    case "integer":
    case "numeric":
    case "native":
      return reference;
    case "text":
      // By bytes, not by a collation: those differ between servers and libraries (pitfalls 19 and 21).
      return `${reference} COLLATE pg_catalog."C"`;
    case "printed":
      // format() prints through the type's output function, which a cast to text does not always do (bool, inet).
      return `pg_catalog.format('%s', ${reference}) COLLATE pg_catalog."C"`;
    default:
      return assertNever(keyOrder);
  }
}

function comparator({ keyOrder }: Column): (a: string, b: string) => number {
  switch (keyOrder) {
    case "integer":
      return compareIntegers;
    case "numeric":
      return compareNumerics;
    case "native":
    case "text":
    case "printed":
      return compareBytes;
    default:
      return assertNever(keyOrder);
  }
}

/** Printed integers of any size: exact beyond 2^53, and without making a number of most of them. */
export function compareIntegers(a: string, b: string): number {
  if (a === b) return 0;
  const negative = a.startsWith("-");
  if (negative !== b.startsWith("-")) return negative ? -1 : 1;
  const order = a.length === b.length ? (a < b ? -1 : 1) : a.length - b.length;
  return negative ? -order : order;
}

/**
 * Order of the UTF-8 bytes. JavaScript compares UTF-16 units, which sorts U+1F600 before U+FFFD (pitfall 21): where
 * the first difference involves a surrogate, the surrogate is the greater one.
 */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    const order = x - y;
    return isSurrogate(x) !== isSurrogate(y) ? (isSurrogate(x) ? 1 : -1) : order;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

const specials = ["-Infinity", "Infinity", "NaN"];

/** PostgreSQL's order of numeric: -Infinity, numbers by value, Infinity, NaN. 1.0 and 1.00 are one key. */
export function compareNumerics(a: string, b: string): number {
  if (a === b) return 0;
  const rankA = rank(a);
  const rankB = rank(b);
  if (rankA !== rankB || rankA !== 1) return rankA - rankB;
  const negative = a.startsWith("-");
  if (negative !== b.startsWith("-")) return isZero(a) && isZero(b) ? 0 : negative ? -1 : 1;
  const order = compareDigits(a.replace("-", ""), b.replace("-", ""));
  return negative ? -order : order;
}

function rank(value: string): number {
  const at = specials.indexOf(value);
  return at === -1 ? 1 : at === 0 ? 0 : at + 1;
}

function isZero(value: string): boolean {
  return /^-?0*\.?0*$/.test(value);
}

function compareDigits(a: string, b: string): number {
  const [wholeA = "", fractionA = ""] = a.split(".");
  const [wholeB = "", fractionB = ""] = b.split(".");
  const whole = compareIntegers(wholeA, wholeB);
  if (whole !== 0) return whole;
  const width = Math.max(fractionA.length, fractionB.length);
  const x = fractionA.padEnd(width, "0");
  const y = fractionB.padEnd(width, "0");
  return x === y ? 0 : x < y ? -1 : 1;
}
