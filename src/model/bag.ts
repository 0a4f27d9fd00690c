/**
 * A table without any key is a bag: its rows are told apart by all that they say, and copies of one row are counted. So
 * that a copy can be named like any other row, it has a key of its own, which no column of the table holds.
 *
 * - In the incident delta: [identity, which copy it is in the database that has more, copies in pre, copies in post].
 * - Once judged: [identity, which copy it is or becomes in current, copies in current]. A patch deletes the copies with
 *   the highest numbers, and inserts those that follow: so each copy is there or is not, like a row with a key.
 *
 * The identity is the SHA-256 of the row's values, in hexadecimal digits (`src/sql/row-identity.ts`).
 */
import type { Table } from "./table.js";
import type { Key } from "./value.js";

export function isBag({ keySource }: Pick<Table, "keySource">): boolean {
  return keySource === "bag";
}

export interface Copies {
  readonly pre: number;
  readonly post: number;
}

export function deltaKey(identity: string, copy: number, { pre, post }: Copies): Key {
  return [identity, String(copy), String(pre), String(post)];
}

export function copiesOf([, , pre, post]: Key): Copies {
  return { pre: Number(pre), post: Number(post) };
}

/** @param copies how many of the row `current` has */
export function copyKey(identity: string, copy: number, copies: number): Key {
  return [identity, String(copy), String(copies)];
}

export function identityOf([identity = ""]: Key): string {
  return identity;
}

export function copyNumberOf([, copy]: Key): number {
  return Number(copy);
}
