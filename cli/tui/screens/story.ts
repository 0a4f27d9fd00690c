import type { StoryPlace } from "../state/incident-places.js";
import { linesOfStory } from "../state/story.js";
import { line, lineText, span } from "../text/line.js";
import { clip, shown, wrap } from "../text/measure.js";
import { valueText } from "../text/value.js";
import { windowOf } from "./list-window.js";
import type { Screen } from "./screen.js";

/** All that is known of one row: what happened to it, what it is in each database, what the patch does and why. */
export const story: Screen<"story"> = {
  title: (place) => clip(`Story of ${nameOf(place)}`, 60),
  body: (place, state, { columns, height }) => {
    const { story: told, why } = place;
    if (told === undefined)
      return wrap(why === undefined ? "asking what is known of the row…" : shown(why), columns - 2).map(
        (text) => line(span(text, why === undefined ? "dim" : "warning")),
      );
    return windowOf(linesOfStory(state, place), place.list, height).map(({ item, selected }) => ({
      ...item,
      selected,
    }));
  },
  tell: (place, state) => ({
    lines:
      place.story === undefined
        ? [place.why === undefined ? "Asking what is known of the row." : shown(place.why)]
        : linesOfStory({ ...state, size: { ...state.size, columns: 1000 } }, place)
            .map((item) => lineText(item).trim())
            .filter((text) => text !== ""),
    items: [],
  }),
};

const nameOf = ({ of }: StoryPlace): string => `${shown(of.table)} ${of.key.map(valueText).join(", ")}`;
