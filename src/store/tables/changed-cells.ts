import type { Row, Value } from "../../model/value.js";
import { wholeNumber } from "../row-filter.js";
import { cells, existing, type Field, positions } from "./field.js";
import { isLong } from "./parts.js";

/**
 * How `post` is stored where an update changed few columns: as what it has otherwise than `pre`. That is most of a delta
 * after a careless migration, and half of its text.
 */
interface StoredPost {
  /** The row as a whole; undefined where there is none, or where it is told by what changed. */
  readonly post: Row | undefined;
  readonly changed: readonly number[] | undefined;
  readonly changed_to: readonly Value[] | undefined;
}

/** Cells of a few columns, never in parts: where they would be long, they are not stored like this. */
const fewCells: Field<readonly Value[] | undefined> = {
  ...cells,
  type: "VARCHAR USING COMPRESSION zstd",
};

/** Beside the fields `pre` and `post`. */
export const changedFields = { changed: positions, changed_to: fewCells };

export function storePost(pre: Row | undefined, post: Row | undefined): StoredPost {
  const whole = { post, changed: undefined, changed_to: undefined };
  if (pre === undefined || post === undefined || pre.length !== post.length) return whole;
  const changed: number[] = [];
  const to: Value[] = [];
  for (let at = 0; at < post.length; at += 1) {
    const value = post[at] as Value;
    if (pre[at] === value) continue;
    changed.push(at);
    to.push(value);
  }
  if (changed.length * 2 > post.length || areLong(to)) return whole;
  return { post: undefined, changed, changed_to: to };
}

export function areLong(values: readonly Value[]): boolean {
  let units = 0;
  for (const value of values) units += value?.length ?? 0;
  // JSON writes six units for one at most: the text itself is seldom needed to know.
  return units * 6 > 500 && isLong(JSON.stringify(values));
}

/** @param pre the row, or those of its cells that were read: then some of `post` are made of them */
export function postFrom(pre: Row | undefined, { post, changed, changed_to }: StoredPost): Row | undefined {
  if (changed === undefined) return post;
  const row = existing(pre).slice();
  for (let order = 0; order < changed.length; order += 1)
    row[changed[order] as number] = changed_to?.[order] ?? null;
  return row;
}

/** SQL of one cell of `post`, as text; NULL also where the row's text is stored in parts. */
export function postCell(at: number): string {
  const position = wholeNumber(at);
  return `CASE WHEN changed IS NULL THEN post ->> '$[${position}]'
    WHEN list_contains(changed, ${position})
      THEN from_json(changed_to, '["VARCHAR"]')[list_position(changed, ${position})]
    ELSE pre ->> '$[${position}]' END`;
}

/** SQL of whether `postCell` can tell these cells: no text that is stored in parts is in the way. */
export function postIsTold(columns: readonly number[]): string {
  const list = `[${columns.map(wholeNumber).join(", ")}]::INTEGER[]`;
  return `CASE WHEN changed IS NULL THEN post LIKE '[%' ELSE pre LIKE '[%' OR list_has_all(changed, ${list}) END`;
}

/** SQL of `post` as a JSON array. @param pre the same of `pre` */
export const wholePost = (pre: string, post: string): string =>
  `CASE WHEN changed IS NULL THEN ${post} ELSE to_json(list_transform(from_json(${pre}, '["VARCHAR"]'), lambda cell, place:
    CASE WHEN list_contains(changed, place - 1)
      THEN from_json(changed_to, '["VARCHAR"]')[list_position(changed, place - 1)] ELSE cell END))::VARCHAR END`;
