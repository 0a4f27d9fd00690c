import { bindingsOf } from "../keys/key-table.js";
import { scopeOf } from "../keys/press.js";
import { titleOf, toldBy } from "../screens/registry.js";
import { placeOf, type State } from "../state/state.js";
import { maskUrl } from "../text/mask-url.js";
import { shown } from "../text/measure.js";

/** Items told at once; the others follow with the keys for paging. */
const itemsAtOnce = 20;

/** What a screen would show, in sentences. */
export function sayState(state: State): string {
  const place = placeOf(state);
  const { lines, items } = toldBy(state);
  const top = "list" in place ? place.list.top : 0;
  const listed = items.filter(({ at }) => at >= top).slice(0, itemsAtOnce);
  const more = items.length - listed.length;
  const notice =
    state.notice === undefined ? [] : [`${notices[state.notice.tone]}${shown(state.notice.text)}`];
  return [
    "",
    `${titleOf(place, state)}.`,
    ...lines,
    ...listed.map(({ at, text }) => `${at + 1}. ${text}`),
    ...(more > 0 ? [`${more} more: pagedown, pageup.`] : []),
    ...notice,
    "",
  ].join("\n");
}

const notices = { good: "Done: ", warning: "Note: ", error: "Error: " } as const;

/** What can be typed now. */
export function question(state: State): string {
  const { prompt } = state;
  if (prompt !== undefined) {
    const wrong = prompt.error === undefined ? "" : `Not taken: ${shown(prompt.error)}\n`;
    const nothing = prompt.asks.kind === "value" ? ", NULL for no value" : "";
    const now = prompt.asks.kind === "rehearse-on" ? maskUrl(prompt.entry.text) : prompt.entry.text;
    return `${wrong}${shown(prompt.label)} (now: ${shown(now)}; esc cancels${nothing}): `;
  }
  if (placeOf(state).screen === "connect") {
    return "Type pre, post or current and its URL, mode to change the mode, enter to compare, esc to leave: ";
  }
  const keys = bindingsOf(scopeOf(state))
    .filter(({ footer, disabled }) => footer !== undefined && disabled?.(state) === undefined)
    .map(({ keys: [key], label }) => `${key} ${label}`);
  return `A number, or: ${keys.join(", ")}: `;
}
