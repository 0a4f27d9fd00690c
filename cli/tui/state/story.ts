import type { Key } from "../../../src/index.js";
import type { Line } from "../text/line.js";
import { runLines } from "../text/run-lines.js";
import { storyLines } from "../text/story-lines.js";
import type { Action, Next } from "./actions.js";
import type { StoryOf, StoryPlace } from "./incident-places.js";
import { listStart } from "./list.js";
import { answer, next, push } from "./next.js";
import { placeOf, type State } from "./state.js";

/** The row that the cursor is on, on whatever screen; undefined: on none, or it is not read yet. */
export function rowUnderCursor(state: State): StoryOf | undefined {
  const place = placeOf(state);
  switch (place.screen) {
    case "rows":
      return planned(state, place.page.lines[place.list.selected - place.page.from]?.row);
    case "signature-rows":
      return planned(state, place.page.lines[place.list.selected - place.page.from]);
    case "row": {
      const relative = place.shows === "relatives" ? place.relatives?.rows[place.list.selected] : undefined;
      if (relative === undefined) return planned(state, place.detail?.row);
      const { table, key } = relative;
      return key && { table, key, isPlanned: relative.planned !== undefined };
    }
    case "details":
      return planned(state, place.detail.row);
    case "rehearse":
    case "apply":
    case "verify":
      return runLines(place, state.size.columns)[place.list.selected]?.about;
    default:
      return undefined;
  }
}

function planned(
  { plan }: State,
  row: { readonly table: number; readonly key: Key } | undefined,
): StoryOf | undefined {
  const table = row && plan?.header.tables[row.table];
  return row && table && { table: table.label, key: row.key, isPlanned: true };
}

/** What the plan knows of the row is told at once; what databases have now, when they have answered. */
export function openStory(state: State): Next<State> {
  const of = rowUnderCursor(state);
  if (of === undefined) return next(state);
  const opened = push({ ...state, notice: undefined }, (id) => ({
    ...{ screen: "story", id, of, story: undefined, why: undefined, isAsking: true, list: listStart },
  }));
  const place = placeOf(opened).id;
  const asking = { kind: "read-story", place, of, from: "databases" } as const;
  return next(
    opened,
    ...(of.isPlanned ? [{ kind: "read-story", place, of, from: "plan" } as const] : []),
    asking,
  );
}

/** What only the plan knows never takes the place of what databases said as well. */
export function storyRead(
  state: State,
  { place, story, why, from }: Extract<Action, { type: "story-read" }>,
): State {
  return answer(state, "story", place, (found) => {
    if (from === "databases") return { ...found, story: story ?? found.story, why, isAsking: false };
    return found.isAsking ? { ...found, story } : found;
  });
}

export const linesOfStory = ({ size }: State, { story }: StoryPlace): readonly Line[] =>
  story === undefined ? [] : storyLines(story, size.columns);
