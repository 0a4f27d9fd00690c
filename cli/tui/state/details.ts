import { detailLines } from "../text/detail-lines.js";
import type { Line } from "../text/line.js";
import type { Next } from "./actions.js";
import { listStart } from "./list.js";
import { next, push } from "./next.js";
import { rowItems, tableOf } from "./row-items.js";
import type { DetailsPlace, RowPlace, State } from "./state.js";

/** Opens the cell that is selected; of related rows, the first column in question. */
export function openDetails(state: State, place: RowPlace): Next<State> {
  const { detail, list } = place;
  const table = tableOf(place, state.plan);
  if (detail === undefined || table === undefined) return next(state);
  const items = rowItems(place.shows === "relatives" ? { ...place, shows: "cells" } : place, state.plan);
  const column = items[place.shows === "relatives" ? 0 : list.selected] ?? 0;
  const opened = push(state, (id) => ({ screen: "details", id, detail, table, column, list: listStart }));
  return next({ ...opened, notice: undefined });
}

export function detailsOf({ plan, size }: State, { detail, table, column }: DetailsPlace): readonly Line[] {
  return detailLines(detail, { table, column, mode: plan?.header.mode ?? "undo", columns: size.columns });
}
