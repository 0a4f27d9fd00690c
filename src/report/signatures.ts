import { endsOf } from "../model/between.js";
import type { PlanHeader } from "../model/plan.js";
import {
  isPeoples,
  type Signature,
  type SignatureTransactions,
  type Transition,
} from "../model/signature.js";
import { keyObject, type Table } from "../model/table.js";
import { assertNever, type Operation, type Value } from "../model/value.js";
import { type IntervalName, intervalName, intervalWords } from "./between.js";
import { number, plural } from "./plural.js";
import { type Redactor, showAll } from "./redact-rows.js";
import { type RowsInWords, rowsInWords } from "./row-nouns.js";

/** A signature in `summary.json`. */
export interface SignatureSummary {
  readonly id: string;
  readonly kind: Signature["kind"];
  readonly table: string;
  readonly operation: Operation;
  readonly rows: number;
  /** All of it in one sentence. */
  readonly words: string;
  readonly columns: readonly {
    readonly column: string;
    readonly transition: Transition;
    readonly value?: string;
  }[];
  /** Columns that some of the rows changed besides, and that are not meant. */
  readonly beside: readonly string[];
  /** Probably what people did. */
  readonly people: boolean;
  /** The signature that it is overlaid on, or unlike; `null` where there is none. */
  readonly of: string | null;
  /** `null` where nothing tells. */
  readonly transactions: SignatureTransactions | null;
  readonly keys: readonly Readonly<Record<string, Value>>[];
  /** When rows became so; only where there were snapshots between pre and post. */
  readonly intervals?: readonly (IntervalName & { readonly rows: number })[];
  /** Only of an emptied table. */
  readonly emptied?: Signature["emptied"];
}

/** @param redactor what may be shown of values and keys */
export function summarizeSignatures(
  { signatures = [], tables, between }: Pick<PlanHeader, "signatures" | "tables" | "between">,
  redactor: Redactor = showAll,
): readonly SignatureSummary[] {
  const inWords = rowsInWords(tables.map(({ label }) => label));
  return signatures.map((whole) => {
    const table = tables[whole.table] as Table;
    const columns = whole.columns.map(({ column, position, transition, value }) => {
      const shown = value === undefined ? undefined : redactor.value(table.label, position, value);
      return { column, transition, ...(typeof shown === "string" ? { value: shown } : {}) };
    });
    const keys = whole.keys.map((key) => keyObject(table, redactor.key(table, key)));
    const { id, kind, operation, rows, beside, of = null, transactions = null, emptied } = whole;
    const told = { id, kind, table: table.label, operation, rows, columns, beside, of, transactions, keys };
    const intervals = between && intervalsOf(whole, endsOf(between));
    const summary = {
      ...told,
      people: isPeoples(whole),
      ...(intervals === undefined ? {} : { intervals }),
      ...(emptied === undefined ? {} : { emptied }),
    };
    return { ...summary, words: `${wordsOf(summary, inWords)}${timeWords(intervals)}` };
  });
}

function intervalsOf({ intervals = [] }: Signature, ends: readonly string[]): SignatureSummary["intervals"] {
  return intervals.flatMap((rows, at) =>
    rows === 0 ? [] : [{ ...intervalName(ends, { first: at + 1, last: at + 1 }), rows }],
  );
}

/** Intervals that are named. */
const mostIntervals = 3;

/** `, 22:16 → 22:20`; where there are several, with how many rows each. */
function timeWords(intervals: SignatureSummary["intervals"] = []): string {
  const [first] = intervals;
  if (first === undefined) return "";
  if (intervals.length === 1) return `, ${intervalWords(first)}`;
  const named = intervals
    .slice(0, mostIntervals)
    .map((one) => `${number(one.rows)} in ${intervalWords(one)}`);
  const more = intervals.length - mostIntervals;
  return `, ${named.join(", ")}${more > 0 ? ` and ${more} more intervals` : ""}`;
}

/** `48 211 devices: release → NULL, in 12 transactions between 22:16:04 and 22:16:31` */
function wordsOf(signature: Omit<SignatureSummary, "words">, inWords: RowsInWords): string {
  const { table, rows, of } = signature;
  const what = `${inWords(rows, table)}${deedOf(signature)}`;
  switch (signature.kind) {
    case "emptied":
      return `${what}: ${emptiedWords(signature)}`;
    case "bulk":
      return `${what}, ${writers(signature)}`;
    case "overlaid":
      return `${what}, as in ${of}, beneath other changes of the same rows (${list(signature.beside)})`;
    case "outliers":
      return `${what}, unlike ${of}, probably people's (${examples(signature)}): ${writers(signature)}`;
    case "scattered":
      return `${what}, probably people's: ${writers(signature)}`;
    case "untold":
      return what;
    default:
      return assertNever(signature.kind);
  }
}

function deedOf({ operation, columns }: Pick<SignatureSummary, "operation" | "columns">): string {
  if (operation === "insert") return " inserted";
  if (operation === "delete") return " deleted";
  if (columns.length === 0) return " changed in many ways";
  return `: ${list(columns.map(cellWords))}`;
}

function cellWords({ column, transition, value }: SignatureSummary["columns"][number]): string {
  const one = value === undefined ? undefined : JSON.stringify(shortened(value));
  switch (transition) {
    case "to-null":
      return `${column} → NULL`;
    case "from-null":
      return `${column} NULL → ${one ?? "values"}`;
    case "constant":
      return `${column} → ${one}`;
    case "other":
      return `${column} changed`;
    default:
      return assertNever(transition);
  }
}

function writers({ rows, transactions }: Pick<SignatureSummary, "rows" | "transactions">): string {
  if (transactions === null) return "by nobody knows which transactions";
  const { count, from, to } = transactions;
  const alone = count === rows && rows > 1 ? "each in a transaction of its own" : undefined;
  const largest = transactions.largest[0]?.transaction;
  const counted = `in ${number(count)} ${plural(count, "transaction")}`;
  const named = count === 1 && largest !== undefined ? `in transaction ${largest}` : counted;
  return `${alone ?? named}${timesOf(from, to)}`;
}

function timesOf(from: string | undefined, to: string | undefined): string {
  if (from === undefined || to === undefined) return "";
  const [day, first] = [from.slice(0, 10), from.slice(11, 19)];
  const last = to.startsWith(day) ? to.slice(11, 19) : `${to.slice(0, 10)} ${to.slice(11, 19)}`;
  return first === last ? ` at ${day} ${first}` : ` between ${day} ${first} and ${last}`;
}

function emptiedWords({ emptied }: Pick<SignatureSummary, "emptied">): string {
  if (emptied === undefined) return "none of its rows is left";
  const { refilled, added, by } = emptied;
  const filled = refilled + added;
  const again = filled === 0 ? "" : ` (${number(filled)} other ${plural(filled, "row")} since)`;
  if (by === undefined) return `the table was emptied${again}`;
  const { root, parent, foreignKey } = by;
  return `emptied with ${root}, as TRUNCATE … CASCADE does, by ${foreignKey} to ${parent}${again}`;
}

function examples({ keys, rows }: Pick<SignatureSummary, "keys" | "rows">): string {
  const named = keys.slice(0, 3).map((key) => shortened(Object.values(key).join(",")));
  const columns = Object.keys(keys[0] ?? {}).join(",");
  return `${columns} ${named.join(", ")}${rows > named.length ? ", …" : ""}`;
}

/** More columns than these are counted. */
const mostNamed = 5;

function list(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return names.slice(0, mostNamed).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

const longest = 40;

function shortened(value: string): string {
  return value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
}
