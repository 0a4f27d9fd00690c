import { type Binding, bindingsOf } from "../keys/key-table.js";
import { keyName, scopeTitles } from "../keys/keys-page.js";
import { helpMargin } from "../state/heights.js";
import { pop } from "../state/next.js";
import type { State } from "../state/state.js";
import { blank, type Line, line, span } from "../text/line.js";
import { wrap } from "../text/measure.js";
import { table } from "../text/table.js";
import { windowOf } from "./list-window.js";
import type { Screen } from "./screen.js";

/** The keys of the screen it was asked on, and why one does nothing. */
export const help: Screen<"help"> = {
  title: ({ about }) => `Keys: ${scopeTitles[about]}`,
  body: (place, state, { columns, height }) => {
    const { row } = table<Binding>(
      [
        { heading: "key", width: 16, cell: ({ keys }) => span(keys.map(keyName).join(" "), "key") },
        { heading: "what it does", width: undefined, cell: (binding) => [span(meaning(binding, state))] },
      ],
      columns - 2,
    );
    const keys = bindingsOf(place.about);
    const room = Math.max(1, height - helpMargin);
    const list = windowOf(keys, place.list, room).map(({ item, selected }): Line => row(item, selected));
    const filler = new Array<Line>(room - list.length).fill(blank);
    return [...list, ...filler, ...pane(keys[place.list.selected], state, columns)];
  },
  tell: (place, state) => ({
    lines: bindingsOf(place.about).map((binding) => `${binding.keys[0]}: ${meaning(binding, state)}`),
    items: [],
  }),
};

/** The key that is selected, with all that is to be said about it. */
function pane(binding: Binding | undefined, state: State, columns: number): readonly Line[] {
  if (binding === undefined) return [];
  const text = `${binding.keys.map(keyName).join(" ")}: ${meaning(binding, state)}`;
  const lines = wrap(text, columns - 4).slice(0, helpMargin - 1);
  return [line(span("─".repeat(Math.max(0, columns - 2)), "dim")), ...lines.map((part) => line(`  ${part}`))];
}

function meaning({ help: text, disabled }: Binding, state: State): string {
  const why = disabled?.(pop(state));
  return why === undefined ? text : `${text} (now: ${why})`;
}
