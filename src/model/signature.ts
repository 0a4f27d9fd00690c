import type { Difference } from "./change.js";
import type { Key, Operation } from "./value.js";

/**
 * A signature is a part of the incident delta that looks like one deed: rows of one table, changed in the same way by
 * writers of one sort. Each row of the delta belongs to exactly one (docs/signatures.md).
 */
export const signatureKinds = ["emptied", "bulk", "overlaid", "outliers", "scattered", "untold"] as const;
/**
 * - `emptied`: rows of a table of which none is left.
 * - `bulk`: by transactions that wrote many alike rows.
 * - `overlaid`: what bulk or the most did, in rows that others wrote, too; only its own columns are meant.
 * - `outliers`: changes to the columns of a bulk that are unlike it, or by other transactions: probably people's.
 * - `scattered`: by transactions that wrote only a few rows each: probably people's.
 * - `untold`: nothing tells who wrote, as with deletes.
 */
export type SignatureKind = (typeof signatureKinds)[number];

export const transitions = ["to-null", "from-null", "constant", "other"] as const;
/** What became of a cell. `constant`: in all rows the same value. */
export type Transition = (typeof transitions)[number];

export interface SignatureColumn {
  readonly column: string;
  /** In `Table.columns`. */
  readonly position: number;
  readonly transition: Transition;
  /** The one value of all rows in `post`, where there is one (not for `to-null`). */
  readonly value?: string | undefined;
}

export interface Signature {
  /** `S1` has most rows. From the data alone, whatever the rules say. */
  readonly id: string;
  readonly kind: SignatureKind;
  /** Index into the plan's tables. */
  readonly table: number;
  readonly operation: Operation;
  readonly rows: number;
  /** Of updates, those that tell it from others; empty where there are too many ways to list. */
  readonly columns: readonly SignatureColumn[];
  /** Names of columns that some of the rows changed besides. */
  readonly beside: readonly string[];
  /** Only `columns` are meant: whoever wrote the others is somebody else. */
  readonly masks: boolean;
  /** The signature that it is overlaid on, or unlike. */
  readonly of?: string | undefined;
  /** Undefined where nothing tells. */
  readonly transactions?: SignatureTransactions | undefined;
  /** The first few, in key order. */
  readonly keys: readonly Key[];
  readonly emptied?: Emptied | undefined;
  /** Rows by the interval in which they became so, from the first on; only where there are snapshots between. */
  readonly intervals?: readonly number[] | undefined;
}

export interface SignatureTransactions {
  readonly count: number;
  /** Those that wrote most, first; a few. */
  readonly largest: readonly { readonly transaction: string; readonly rows: number }[];
  /** ISO times of the first and the last commit, where the server of `post` keeps them. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface Emptied {
  /** Rows in `pre`. */
  readonly before: number;
  /** Rows that are there again under the keys of old ones, written anew. */
  readonly refilled: number;
  /** Rows in `post` under new keys. */
  readonly added: number;
  /** The foreign key by which TRUNCATE … CASCADE reached it; undefined: the table itself was emptied. */
  readonly by?: { readonly foreignKey: string; readonly parent: string; readonly root: string } | undefined;
}

/** What a person says that a signature is. */
export type Call = "damage" | "legitimate";

/** What the rule that follows from calls is called, where messages name the place of a rule. */
export const calledInReview = "called in pgmend review";

/** 7 of S7. */
export function signatureNumber(id: string): number {
  return Number(id.slice(1));
}

/** Signatures of these kinds are what people did, as far as the data tells. */
export function isPeoples({ kind }: Pick<Signature, "kind">): boolean {
  return kind === "outliers" || kind === "scattered";
}

/** Differences that are alike in table, operation and shape, written by one sort of transactions. */
export interface DifferenceGroup {
  /** Index into the plan's tables. */
  readonly table: number;
  readonly operation: Operation;
  /** Of `shapeOf`; empty for inserts and deletes. */
  readonly shape: string;
  readonly written: Written;
  readonly rows: number;
  readonly transactions: number;
}

/** By transactions that wrote many alike rows; by others; or nothing tells by which. */
export type Written = "bulk" | "few" | "untold";

/** One changed cell of an update, by position: became NULL, was NULL, or neither. */
export interface ShapeCell {
  readonly position: number;
  readonly letter: "n" | "f" | "o";
}

/** `3n 5o`: which cells of an update changed, and how. Undefined for inserts and deletes. */
export function shapeOf({ pre, post }: Pick<Difference, "pre" | "post">): string | undefined {
  if (pre === undefined || post === undefined) return undefined;
  let shape = "";
  for (let at = 0; at < pre.length; at += 1) {
    const [was, is] = [pre[at], post[at]];
    if (was === is) continue;
    shape += `${shape === "" ? "" : " "}${at}${is === null ? "n" : was === null ? "f" : "o"}`;
  }
  return shape;
}

export function readShape(shape: string): readonly ShapeCell[] {
  if (shape === "") return [];
  return shape.split(" ").map((cell) => ({
    position: Number.parseInt(cell, 10),
    letter: cell.at(-1) as ShapeCell["letter"],
  }));
}
