import type { NamedValues } from "../../model/post-log.js";
import { type Operation, operations, type Value } from "../../model/value.js";

/** One line of a log as it stands there: its shape is right, its names and values are not checked yet. */
export interface WrittenAction {
  readonly line: number;
  readonly sequence: string;
  readonly time: string | undefined;
  readonly actor: string | undefined;
  readonly tenant: string | undefined;
  readonly table: string;
  readonly key: NamedValues;
  readonly operation: Operation;
  readonly after: NamedValues | undefined;
  readonly before: NamedValues | undefined;
}

const known = ["sequence", "time", "actor", "tenant", "table", "key", "operation", "after", "before"];

/** A longer line is refused rather than taken into memory many times over. */
const longestLine = 8_000_000;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Reads one line (docs/post-log.md), or says all that is wrong with its shape: what, and what was expected. */
export function readAction(bytes: Uint8Array, line: number): WrittenAction | readonly string[] {
  if (bytes.length > longestLine) return [`is longer than ${longestLine} bytes`];
  const given = parse(bytes);
  if (typeof given === "string") return [given];
  const complaints: string[] = [];
  const complain = (what: string) => {
    complaints.push(what);
    return undefined;
  };
  const stray = Object.keys(given).filter((name) => !known.includes(name));
  if (stray.length > 0) complain(`has ${quoted(stray)}, which is none of ${known.join(", ")}`);
  const sequence = sequenceOf(given["sequence"]);
  if (sequence === undefined) complain("sequence: expected a whole number");
  const operation = operations.find((word) => word === given["operation"]);
  if (operation === undefined) complain(`operation: expected one of ${operations.join(", ")}`);
  const table = textOf(given["table"]);
  if (table === undefined || table === "") complain("table: expected a name, schema.table");
  const optional = (name: string) =>
    given[name] === undefined || given[name] === null
      ? undefined
      : (textOf(given[name]) ?? complain(`${name}: expected a text or null`));
  const values = (name: string) =>
    given[name] === undefined || given[name] === null ? undefined : valuesOf(name, given[name], complain);
  const key = values("key");
  if (given["key"] === undefined || given["key"] === null || Object.keys(key ?? { "": null }).length === 0)
    complain("key: expected an object with the key's columns");
  const action = {
    ...{ line, time: optional("time"), actor: optional("actor"), tenant: optional("tenant") },
    ...{ after: values("after"), before: values("before") },
  };
  if (operation === "delete" && action.after !== undefined) complain("after: a delete leaves no row");
  if (operation === "insert" && action.before !== undefined) complain("before: an insert finds no row");
  const needsAfter = operation === "insert" || operation === "update";
  if (needsAfter && (given["after"] === undefined || given["after"] === null))
    complain(`after: expected an object with the row after the ${operation}`);
  if (complaints.length > 0 || sequence === undefined || operation === undefined) return complaints;
  return { ...action, sequence, operation, table: table as string, key: key as NamedValues };
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> | string {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return "is not UTF-8";
  }
  try {
    const given: unknown = JSON.parse(text);
    if (typeof given === "object" && given !== null && !Array.isArray(given))
      return given as Readonly<Record<string, unknown>>;
  } catch {
    return "is not JSON: expected one object a line";
  }
  return "expected a JSON object";
}

function sequenceOf(given: unknown): string | undefined {
  if (typeof given === "number") return Number.isSafeInteger(given) ? String(given) : undefined;
  return typeof given === "string" && /^-?\d{1,30}$/.test(given) ? given : undefined;
}

function textOf(given: unknown): string | undefined {
  return typeof given === "string" ? given : undefined;
}

function valuesOf(
  name: string,
  given: unknown,
  complain: (what: string) => undefined,
): NamedValues | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return complain(`${name}: expected an object of columns`);
  const entries = Object.entries(given);
  const wrong = entries.filter(([, value]) => value !== null && typeof value !== "string");
  if (wrong.length > 0) {
    const columns = quoted(wrong.map(([column]) => column));
    return complain(`${name}: ${columns}: expected PostgreSQL's text in quotes, or null`);
  }
  // No text of PostgreSQL holds it, and no parameter could.
  const zero = entries.filter(([, value]) => typeof value === "string" && value.includes("\u0000"));
  if (zero.length > 0)
    return complain(`${name}: ${quoted(zero.map(([column]) => column))}: holds a zero byte`);
  return Object.fromEntries(entries as [string, Value][]);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
