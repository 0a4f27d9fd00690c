import { type Binding, bindingsOf } from "../keys/key-table.js";
import { keyName, scopeTitles } from "../keys/keys-page.js";
import { pop } from "../state/next.js";
import type { State } from "../state/state.js";
import { type Line, span } from "../text/line.js";
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
    return windowOf(bindingsOf(place.about), place.list, height).map(
      ({ item, selected }): Line => row(item, selected),
    );
  },
  tell: (place, state) => ({
    lines: bindingsOf(place.about).map((binding) => `${binding.keys[0]}: ${meaning(binding, state)}`),
    items: [],
  }),
};

function meaning({ help: text, disabled }: Binding, state: State): string {
  const why = disabled?.(pop(state));
  return why === undefined ? text : `${text} (now: ${why})`;
}
