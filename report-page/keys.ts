import { el } from "./dom.js";
import type { List } from "./list.js";
import type { Toolbar } from "./toolbar.js";

interface Key {
  readonly key: string;
  readonly words: string;
  readonly act: () => void;
}

/** Keys that spare the mouse. They are off while somebody types. */
export function listenToKeys(list: List, bar: Toolbar): void {
  const help = el("dialog", { "aria-label": "Keys" });
  const keys: readonly Key[] = [
    { key: "/", words: "search", act: () => bar.search.focus() },
    { key: "j", words: "next row", act: () => step(list, 1) },
    { key: "k", words: "row before", act: () => step(list, -1) },
    { key: "n", words: "next page", act: () => list.turn(1) },
    { key: "p", words: "page before", act: () => list.turn(-1) },
    { key: "r", words: "reset the filters", act: () => bar.reset() },
    { key: "?", words: "these keys", act: () => help.showModal() },
  ];
  help.append(
    el("h2", {}, "Keys"),
    el(
      "dl",
      { class: "keys" },
      ...[
        ...keys.map(({ key, words }) => [key, words] as const),
        ["Enter", "open or close a row"] as const,
        ["Esc", "leave the search, or this"] as const,
      ].map(([key, words]) =>
        el("div", { class: "key-line" }, el("dt", {}, el("kbd", {}, key)), el("dd", {}, words)),
      ),
    ),
    el("form", { method: "dialog" }, el("button", {}, "Close")),
  );
  document.body.append(help);
  const open = el("button", { type: "button", class: "quiet", onclick: () => help.showModal() }, "Keys: ?");
  list.element.parentElement?.querySelector(".position")?.append(open);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.key === "Escape" && event.target === bar.search) bar.search.blur();
    if (isTyping(event.target)) return;
    const found = keys.find(({ key }) => key === event.key);
    if (found === undefined) return;
    event.preventDefault();
    found.act();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

/** From the row that has the focus to its neighbour; from anywhere else to the first. */
function step(list: List, by: number): void {
  const lines = [...list.element.querySelectorAll<HTMLElement>(".row > summary")];
  const at = lines.findIndex((line) => line.parentElement?.contains(document.activeElement));
  const next = lines[at === -1 ? 0 : Math.min(Math.max(0, at + by), lines.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
