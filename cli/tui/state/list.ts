/** Where somebody is in a list: which item is selected, and which one is on the first line of the window. */
export interface List {
  readonly selected: number;
  readonly top: number;
}

export const listStart: List = { selected: 0, top: 0 };

/** Moves the selection; the window follows it, and never shows less than it could. */
export function select(list: List, selected: number, total: number, height: number): List {
  const at = Math.max(0, Math.min(total - 1, selected));
  const last = Math.max(0, total - height);
  const top = Math.min(last, Math.max(Math.min(list.top, at), at - height + 1));
  return { selected: at, top };
}

export const motions = ["up", "down", "page-up", "page-down", "first", "last"] as const;
export type Motion = (typeof motions)[number];

export function move(list: List, motion: Motion, total: number, height: number): List {
  const page = Math.max(1, height - 1);
  const steps = { up: -1, down: 1, "page-up": -page, "page-down": page, first: -total, last: total };
  return select(list, list.selected + steps[motion], total, height);
}
