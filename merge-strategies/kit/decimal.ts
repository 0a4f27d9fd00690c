import type { Column } from "../../src/model/table.js";
import { kindOf } from "./column-kind.js";

/** An exact number of any size: `digits / 10^scale`. 1.00 is 100 with scale 2, and keeps it. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** More than any float has; beyond, `1e999999999` would be a number to fill the memory with. */
const largestExponent = 1000;

/** Undefined for what is no number, or none to count with: NaN, Infinity. */
export function parseDecimal(text: string): Decimal | undefined {
  const [match, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (match === undefined || Math.abs(Number(exponent)) > largestExponent) return undefined;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const { digits } = subtract(a, b);
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
}

/** The larger scale is kept, as PostgreSQL keeps it. */
export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { digits: scaled(a, scale) + scaled(b, scale), scale };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { ...b, digits: -b.digits });
}

function scaled({ digits, scale }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale);
}

/** One number, one text: 1, 1.0 and 1e0 alike. */
export function normalDecimal(number: Decimal): string {
  return decimalText(withoutZeros(number));
}

function withoutZeros(number: Decimal): Decimal {
  let { digits, scale } = number;
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  return { digits, scale };
}

function decimalText({ digits, scale }: Decimal): string {
  const text = magnitude(digits)
    .toString()
    .padStart(scale + 1, "0");
  const point = text.length - scale;
  const sign = digits < 0n ? "-" : "";
  return scale === 0 ? `${sign}${text}` : `${sign}${text.slice(0, point)}.${text.slice(point)}`;
}

function magnitude(digits: bigint): bigint {
  return digits < 0n ? -digits : digits;
}

/** As the column would print it; undefined where the column cannot hold this number exactly. */
export function printDecimal(number: Decimal, column: Pick<Column, "baseType">): string | undefined {
  switch (kindOf(column)) {
    case "integer":
      return number.scale === 0 && fitsInteger(number.digits, column.baseType)
        ? decimalText(number)
        : undefined;
    case "numeric":
      return fitsNumeric(number, column.baseType) ? decimalText(number) : undefined;
    case "float":
      return printFloat(withoutZeros(number), column.baseType);
    default:
      return undefined;
  }
}

const bits: Readonly<Record<string, bigint>> = { smallint: 15n, integer: 31n, bigint: 63n };

function fitsInteger(digits: bigint, type: string): boolean {
  const limit = 2n ** (bits[type] ?? 0n);
  return digits >= -limit && digits < limit;
}

/** `numeric(10,2)` has room for eight digits before the point. */
function fitsNumeric({ digits, scale }: Decimal, type: string): boolean {
  const [, precision, typeScale] = /^numeric\((\d+),(-?\d+)\)$/.exec(type) ?? [];
  const room = Number(precision ?? Number.POSITIVE_INFINITY) - Number(typeScale ?? 0) + scale;
  return room === Number.POSITIVE_INFINITY || (room >= 0 && magnitude(digits) < 10n ** BigInt(room));
}

/**
 * A binary float gives back 15 digits (6 of a `real`) as they were put in; with more, it would hold another number
 * than the one worked out. Beyond the same bounds PostgreSQL prints an exponent.
 */
function printFloat(number: Decimal, type: string): string | undefined {
  const length = magnitude(number.digits).toString().length;
  const fits = length <= (type === "real" ? 6 : 15) && number.scale - length <= 3;
  return fits ? decimalText(number) : undefined;
}
