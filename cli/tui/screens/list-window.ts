import type { List } from "../state/list.js";

export interface Shown<T> {
  readonly item: T;
  readonly at: number;
  readonly selected: boolean;
}

/** The items of a list that fit on the screen. */
export function windowOf<T>(
  items: readonly T[],
  { top, selected }: List,
  height: number,
): readonly Shown<T>[] {
  return items
    .slice(top, top + Math.max(0, height))
    .map((item, order) => ({ item, at: top + order, selected: top + order === selected }));
}
