import { detailsOf } from "../state/details.js";
import { lineText } from "../text/line.js";
import { shown } from "../text/measure.js";
import { windowOf } from "./list-window.js";
import type { Screen } from "./screen.js";

/** A cell in all its versions, however long, and the whole chain of what is in the way of its row. */
export const details: Screen<"details"> = {
  title: ({ table, column }) => shown(table.columns[column]?.name ?? ""),
  body: (place, state, { height }) =>
    windowOf(detailsOf(state, place), place.list, height).map(({ item, selected }) => ({
      ...item,
      selected,
    })),
  tell: (place, state) => ({
    lines: detailsOf(state, place)
      .map((item) => lineText(item).trim())
      .filter((text) => text !== ""),
    items: [],
  }),
};
