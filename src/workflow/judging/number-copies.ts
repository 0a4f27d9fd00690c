import { createHash } from "node:crypto";
import type { Ruling } from "../../merge/rules/rules.js";
import { copiesOf, copyKey, identityOf } from "../../model/bag.js";
import type { Difference } from "../../model/change.js";
import type { Key, Mode, Row } from "../../model/value.js";

/** A difference of a table without a key, as it meets `current`. */
export interface NumberedCopy {
  readonly key: Key;
  /** The row, where `current` has as many copies of it. */
  readonly current: Row | undefined;
}

/** What is known of a difference when it is numbered. */
export interface CopyToNumber {
  readonly difference: Difference;
  readonly ruling: Ruling;
  /** The row where it comes with other references than `post` has. */
  readonly arriving: Row | undefined;
  /** Of the row as it arrives, in `current`. */
  readonly copies: number;
}

/**
 * Gives each incoming copy its number, so that it is there or not there like a row with a key. Nobody can tell whether a
 * copy that current has gained or lost since is the one that is incoming, so it is taken for that: base's copies are
 * numbered up to n, incoming inserts go on from there, incoming deletes begin at the top, and what current has of that
 * already is done. What remains to be written follows on, or goes down from, the copies that current has.
 *
 * Copies of one row come one after the other; it is remembered from batch to batch how many there were.
 */
export class CopyNumbers {
  readonly #mode: Mode;
  #identity = "";
  #incoming = 0;

  constructor(mode: Mode) {
    this.#mode = mode;
  }

  number({ difference, ruling, arriving, copies }: CopyToNumber): NumberedCopy {
    const { key, operation, pre, post } = difference;
    if (ruling.kind !== "incoming") return { key, current: undefined };
    const row = arriving ?? pre ?? post;
    const identity = arriving === undefined ? identityOf(key) : rowIdentity(arriving);
    if (identity !== this.#identity) [this.#identity, this.#incoming] = [identity, 0];
    const order = this.#incoming;
    this.#incoming += 1;
    const base = arriving === undefined ? this.#baseCopies(key) : 0;
    const isInsert = (operation === "insert") === (this.#mode === "replay");
    const isThere = isInsert ? base + 1 + order <= copies : base - order <= copies;
    const number = isInsert ? Math.min(base, copies) + 1 + order : Math.max(base, copies) - order;
    return { key: copyKey(identity, number, copies), current: isThere ? row : undefined };
  }

  #baseCopies(key: Key): number {
    const { pre, post } = copiesOf(key);
    return this.#mode === "undo" ? post : pre;
  }
}

/** The row whose copies in `current` are to be counted. */
export function identityToCount({ key }: Difference, arriving: Row | undefined): string {
  return arriving === undefined ? identityOf(key) : rowIdentity(arriving);
}

/** The identity of a row: what servers make of the same row by `src/sql/row-identity.ts`. */
function rowIdentity(row: Row): string {
  return createHash("sha256").update(JSON.stringify(row)).digest("hex");
}
