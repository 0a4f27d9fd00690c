import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { footer } from "../../cli/tui/keys/footer.js";
import { bindingsOf, type KeyScope, keyTable } from "../../cli/tui/keys/key-table.js";
import { keysPage, scopeTitles } from "../../cli/tui/keys/keys-page.js";
import { actionOf, editingKeys } from "../../cli/tui/keys/press.js";
import type { State } from "../../cli/tui/state/state.js";
import { lineText } from "../../cli/tui/text/line.js";
import { width } from "../../cli/tui/text/measure.js";
import { onConnect, onOverview } from "./sample.js";
import { follow, onGroups, onPatch, onRow, onRows, press } from "./walk.js";

const scopes = Object.keys(scopeTitles) as KeyScope[];

const states: Readonly<Record<KeyScope, State>> = {
  connect: onConnect(),
  scan: follow(onConnect(), press("accept")).state,
  overview: onOverview(),
  groups: onGroups(),
  rows: onRows(),
  row: onRow(),
  details: follow(onRow(), press("open")).state,
  patch: onPatch(),
  help: follow(onGroups(), press("help")).state,
  prompt: follow(onGroups(), press("search")).state,
};

describe("the key table", () => {
  it("is what docs/keys.md says", async () => {
    await expect(keysPage()).toMatchFileSnapshot(join(import.meta.dirname, "../../docs/keys.md"));
  });

  it.each(scopes)("%s: no key does two things", (scope) => {
    const keys = bindingsOf(scope).flatMap((binding) => binding.keys);
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
  });

  it.each(["connect", "prompt"] as const)("%s: no key of a line of text is taken", (scope) => {
    const taken = bindingsOf(scope).flatMap(({ keys }) => keys);
    const editing = editingKeys.flatMap(({ keys }) => keys);
    expect(taken.filter((key) => editing.includes(key) || key.length === 1)).toEqual([]);
  });

  it.each(scopes)("%s: the footer fits 80 columns", (scope) => {
    for (const line of footer(states[scope])) expect(width(lineText(line))).toBeLessThanOrEqual(78);
  });

  it.each(scopes)("%s: the footer says how to leave", (scope) => {
    const said = footer(states[scope]).map(lineText).join(" ");
    expect(said).toMatch(scope === "prompt" ? /esc cancel/ : /leave/);
  });

  const withPlan = ["overview", "groups", "rows", "row", "details", "patch"] as const;
  it.each(withPlan)("%s: it says how to decide and undo", (scope) => {
    const said = footer(states[scope]).map(lineText).join(" ");
    expect(said).toMatch(/decide|c current {2}i incoming/);
    expect(said).toContain("u undo");
  });

  it.each(keyTable.map((binding) => [binding.keys.join(" "), binding] as const))(
    "%s: a sentence, two words, no end",
    (_, { help, label }) => {
      expect(help).toMatch(/[^.]$/);
      expect(label.split(" ").length).toBeLessThanOrEqual(4);
    },
  );
});

describe("a key that does nothing says why", () => {
  it.each([
    ["decide on the overview", onOverview(), "c", /open the conflicts first/],
    ["decide on a whole cell", states.details, "c", /esc goes back/],
    ["undo while the patch is shown", states.patch, "u", /esc goes back/],
    ["undo when nothing was decided", onGroups(), "u", /nothing was decided/],
    ["redo when nothing was taken back", onGroups(), "ctrl+r", /nothing was taken back/],
    ["back on the first screen", onOverview(), "esc", /q leaves/],
    [
      "conflicts of a table that has none",
      follow(onOverview(), press("down")).state,
      "enter",
      /nothing is in conflict/,
    ],
    ["the row before the first", onRow(), "N", /first row/],
    ["next match without a search", onPatch(), "n", /search first/],
    ["a decision while one is being saved", { ...onGroups(), busy: "saving" }, "c", /wait: saving/],
    ["edit while all columns are shown", follow(onRow(), press("all-columns")).state, "e", /go back/],
    ["NULL as a search", follow(onGroups(), press("search")).state, "ctrl+n", /only a value/],
    ["a key that means nothing", onGroups(), "x", /x does nothing here/],
  ])("%s", (_, state, name, why) => {
    expect(actionOf(state, { name })).toMatchObject({ type: "refused", why: expect.stringMatching(why) });
  });

  it("ctrl+c leaves from everywhere", () => {
    for (const state of Object.values(states))
      expect(actionOf(state, { name: "ctrl+c" })).toEqual({ type: "interrupt" });
  });
});
