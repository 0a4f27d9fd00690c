import { nextNumbers } from "../../merge/next-numbers.js";
import type { Sequence } from "../../model/sequence.js";
import { columnAt, columnNames, type Table } from "../../model/table.js";
import type { Key } from "../../model/value.js";
import { lookUpRows } from "../../postgres/look-up.js";
import type { Session } from "../../postgres/session/session.js";

/** Where new keys of one table come from. */
export interface Numbering {
  readonly table: Table;
  /** Position of the key column that a sequence feeds. */
  readonly column: number;
  readonly numbers: Iterator<bigint>;
}

/** Types of columns that can hold a number, with the largest they can. */
const limits: Readonly<Record<string, bigint | undefined>> = {
  smallint: 32_767n,
  integer: 2_147_483_647n,
  bigint: 9_223_372_036_854_775_807n,
};

/** The numbering of a table by the sequences of both databases, or why there is none, in words. */
export function numberingOf(
  table: Table,
  current: readonly Sequence[],
  post: readonly Sequence[],
): Numbering | string {
  const feeds = (sequence: Sequence, column: string) =>
    sequence.columns.some((fed) => fed.table === table.label && fed.column === column);
  for (const [order, name] of columnNames(table, table.key).entries()) {
    const sequence = current.find((candidate) => feeds(candidate, name));
    if (sequence === undefined) continue;
    const column = table.key[order] as number;
    const { baseType } = columnAt(table, column);
    if (!Object.hasOwn(limits, baseType) && !baseType.startsWith("numeric"))
      return `its key column ${name} is fed by a sequence, but holds no whole numbers`;
    const theirs =
      post.find(({ label }) => label === sequence.label) ?? post.find((candidate) => feeds(candidate, name));
    const numbers = nextNumbers(sequence, theirs);
    if (numbers === undefined)
      return `there is no privilege to read the sequence ${sequence.label} in current`;
    return { table, column, numbers: fitting(numbers, limits[baseType]) };
  }
  return "no column of its key is fed by a sequence of current";
}

function* fitting(numbers: Iterable<bigint>, limit: bigint | undefined): Generator<bigint> {
  for (const number of numbers) {
    if (limit !== undefined && (number > limit || number < -limit - 1n)) return;
    yield number;
  }
}

/**
 * One new number for each key, that no row of either database has under the rest of that key; fewer where the
 * sequence comes to its end. A number can be taken although the sequence never handed it out.
 */
export async function takeNumbers(
  { table, column, numbers }: Numbering,
  keys: readonly Key[],
  databases: readonly Session[],
): Promise<readonly string[]> {
  const order = table.key.indexOf(column);
  const taken: string[] = [];
  while (taken.length < keys.length) {
    const candidates = [...take(numbers, keys.length - taken.length)];
    if (candidates.length === 0) break;
    const asked = candidates.map((number, at) => (keys[taken.length + at] as Key).with(order, number));
    const found = await Promise.all(databases.map((database) => lookUpRows(database, table, asked)));
    taken.push(...candidates.filter((_, at) => found.every((rows) => rows[at] === undefined)));
  }
  return taken;
}

function* take(numbers: Iterator<bigint>, count: number): Generator<string> {
  for (let taken = 0; taken < count; taken += 1) {
    const next = numbers.next();
    if (next.done === true) return;
    yield String(next.value);
  }
}
