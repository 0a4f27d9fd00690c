import type { Value } from "../model/value.js";

/** What needs no quotes in a composite, whatever its type. */
const plain = /^[\w.:+-]+$/;

/** A row as one text that PostgreSQL reads as a composite: `(17,"a ""b""",)`. Nothing stands for NULL. */
export function compositeText(values: readonly Value[]): string {
  return `(${values.map(field).join(",")})`;
}

function field(value: Value): string {
  if (value === null) return "";
  return plain.test(value) ? value : `"${escaped(value).replaceAll('"', '""')}"`;
}

/** Values as one text that PostgreSQL reads as an array: `{"17",NULL}`. */
export function arrayText(values: readonly (Value | number | boolean)[]): string {
  let text = "{";
  for (const [at, value] of values.entries()) {
    if (at > 0) text += ",";
    if (value === null) text += "NULL";
    else if (typeof value !== "string") text += String(value);
    else text += value.includes('"') || value.includes("\\") ? quoted(value) : `"${value}"`;
  }
  return `${text}}`;
}

const quoted = (value: string): string => `"${escaped(value).replaceAll('"', '\\"')}"`;

const escaped = (value: string): string => value.replaceAll("\\", "\\\\");
