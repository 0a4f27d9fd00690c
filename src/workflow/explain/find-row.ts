import { isBag } from "../../model/bag.js";
import { type Mistake, UsageError } from "../../model/errors.js";
import { columnAt, type Table } from "../../model/table.js";
import type { Key } from "../../model/value.js";
import { isMark } from "../../report/redact-rows.js";
import { didYouMean } from "../settings/did-you-mean.js";

const hint = 'pgmend explain public.device 42; composite keys as 7,en or \'{"id":"7","lang":"en"}\'';

/** The table that is meant: by its label, or without `public.`. @throws UsageError */
export function findTable(tables: readonly Table[], name: string): Table {
  const found =
    tables.find(({ label }) => label === name) ??
    tables.find(
      ({ schema, name: bare }) => name === `${schema}.${bare}` || (schema === "public" && name === bare),
    );
  if (found !== undefined) return found;
  const labels = tables.map(({ label }) => label);
  const near = didYouMean(name, labels) || `; the plan compared ${listed(labels)}`;
  throw usage({ where: "table", what: `"${name}" is no table of the plan${near}` });
}

function listed(names: readonly string[]): string {
  const some = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${some} and ${names.length - 8} more` : some;
}

/** The key that is meant: the text itself, `a,b` or a JSON object. @throws UsageError */
export function readKey(table: Table, text: string): Key {
  if (isBag(table)) throw withoutKey(table);
  const columns = table.key.map((position) => columnAt(table, position).name);
  const key = /^\s*\{/.test(text) ? fromJson(columns, text) : fromText(columns, text);
  if (key.some(isMark))
    throw usage({ where: "key", what: "a mark stands for a value, which it does not tell" });
  return key;
}

function withoutKey({ label }: Table): UsageError {
  const what = `${label} has no key: its rows are told apart by all that they say, and no word names a single one`;
  return new UsageError(
    [{ where: "key", what }],
    "its rows are in changes.jsonl and conflicts.jsonl; keys: in the config names columns to tell them by",
  );
}

function fromText(columns: readonly string[], text: string): Key {
  if (columns.length === 1) return [text];
  const parts = text.split(",");
  if (parts.length === columns.length) return parts;
  const what = `expected ${columns.length} values with commas between them (${columns.join(",")}), got ${parts.length}`;
  throw usage({ where: "key", what });
}

function fromJson(columns: readonly string[], text: string): Key {
  const object = parsed(text);
  const unknown = Object.keys(object).filter((name) => !columns.includes(name));
  const missing = columns.filter((name) => !Object.hasOwn(object, name));
  if (unknown.length > 0 || missing.length > 0) {
    const what = `the key is ${columns.join(", ")}; got ${Object.keys(object).join(", ") || "nothing"}`;
    throw usage({ where: "key", what });
  }
  return columns.map((name) => cell(name, object[name]));
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw usage({ where: "key", what: "it begins like a JSON object, and is none" });
  }
}

/** A number beyond what JSON readers keep would be another row's. */
function cell(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "t" : "f";
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  throw usage({ where: "key", what: `${name}: expected a text in quotes, as PostgreSQL prints it` });
}

function usage(mistake: Mistake): UsageError {
  return new UsageError([mistake], hint);
}
