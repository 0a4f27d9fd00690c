import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { footer } from "../../cli/tui/keys/footer.js";
import { bindingsOf, type KeyScope, keyTable } from "../../cli/tui/keys/key-table.js";
import { keysPage, scopeTitles } from "../../cli/tui/keys/keys-page.js";
import { actionOf, editingKeys } from "../../cli/tui/keys/press.js";
import { placeOf, type State } from "../../cli/tui/state/state.js";
import { lineText } from "../../cli/tui/text/line.js";
import { width } from "../../cli/tui/text/measure.js";
import { onConnect, onOverview, plan, small } from "./sample.js";
import { calledAs, onSignatureRows, onSignatures, onStory, onTimeline } from "./sample-incident.js";
import {
  asked,
  changed,
  onRecovery,
  standing,
  stopped,
  typed,
  writing,
  writtenInPart,
} from "./sample-recovery.js";
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
  signatures: onSignatures(),
  "signature-rows": onSignatureRows(),
  story: onStory(),
  timeline: onTimeline(),
  recovery: onRecovery(),
  rehearse: typed(follow(onRecovery(), press("rehearse")).state, ""),
  approve: follow(onRecovery(), press("approve")).state,
  apply: writing(),
  verify: follow(onRecovery(), press("verify")).state,
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

const undecided = (state: State): State => ({
  ...state,
  plan: { ...plan, overview: { ...plan.overview, notInPatch: 3 } },
});
const said = { S1: "damage", S2: "damage", S3: "legitimate", S4: "legitimate" } as const;
const allCalled = onSignatures(small, calledAs(said));
const none = { planned: 0, written: 0, already: 0 };
const unsigned = { ...standing, needsApproval: true };
const unknown = { ...standing, knowsCurrent: false };
const over = follow(writing(), {
  ...{ type: "run-ended", place: placeOf(writing()).id },
  ended: { kind: "failed", lines: ["current: gone"] },
}).state;

describe("a key that does nothing says why", () => {
  it.each([
    ["decide on the overview", onOverview(), "c", /open the conflicts first/],
    ["decide on a whole cell", states.details, "c", /esc goes back/],
    ["undo while the patch is shown", states.patch, "u", /esc goes back/],
    ["undo when nothing was decided", onGroups(), "u", /nothing was decided/],
    ["redo when nothing was taken back", onGroups(), "ctrl+r", /nothing was taken back/],
    ["decide in a story", onStory(), "c", /esc goes back/],
    ["undo when nothing was called anything", onSignatures(), "u", /nothing was called/],
    ["redo when no call was taken back", onSignatures(), "ctrl+r", /nothing was taken back/],
    ["plan again without a new call", onSignatures(), "w", /call one something else first/],
    [
      "plan again without a connection",
      onSignatures(small, { ...calledAs({ S1: "damage" }), cannotPlan: "give --pre URL" }),
      "w",
      /give --pre URL/,
    ],
    ["withdraw where nothing was said", onSignatures(), "o", /called nothing already/],
    ["a timeline that is not there", onOverview(), "t", /pgmend timeline --out/],
    ["others where there are none", allCalled, "L", /all are called something/],
    [
      "signatures where nothing differs",
      { ...onOverview(), plan: { ...plan, header: { ...plan.header, signatures: [] } } },
      "s",
      /nothing differs/,
    ],
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
    ["mend before the patch is written", undecided(onPatch()), "m", /3 decisions are not in the patch yet/],
    ["apply before the patch is written", undecided(onRecovery()), "x", /w writes it/],
    ["apply before it is known how far it is", { ...onRecovery(), standing: undefined }, "x", /^wait/],
    ["apply of nothing", onRecovery(small, { ...standing, done: none }), "x", /nothing is planned/],
    ["apply without approval", onRecovery(small, unsigned), "x", /nobody has approved .* a approves it/],
    ["apply of what changed since", onRecovery(small, changed), "x", /changed since ann .* other values/],
    ["rehearse without current", onRecovery(small, unknown), "r", /give --current/],
    ["the selected step", undecided(onRecovery()), "enter", /w writes it/],
    ["take back what was never written", onRecovery(), "z", /apply has written nothing/],
    ["pause when nothing is written", over, "p", /nothing is being written/],
    ["stop when nothing is under way", over, "s", /nothing is under way/],
    ["stop twice", follow(writing(), press("stop")).state, "s", /already/],
    ["another step meanwhile", writing(), "v", /under way; s stops it/],
    ["back while writing", writing(), "esc", /being written to; s stops/],
    ["leave while writing", writing(), "q", /being written to; s stops/],
    ["leave while writing, from the help", follow(writing(), press("help")).state, "q", /s stops/],
    ["leave moved rows when none have", over, "d", /only after it has stopped/],
  ])("%s", (_, state, name, why) => {
    expect(actionOf(state, { name })).toMatchObject({ type: "refused", why: expect.stringMatching(why) });
  });

  it("ctrl+c leaves from everywhere", () => {
    for (const state of [...Object.values({ ...states, apply: asked() }), over])
      expect(actionOf(state, { name: "ctrl+c" })).toEqual({ type: "interrupt" });
  });

  it("ctrl+c stops what is being written first, and leaves then", () => {
    for (const state of [writing(), follow(writing(), press("help")).state]) {
      const stop = actionOf(state, { name: "ctrl+c" });
      expect(stop).toEqual({ type: "do", command: "stop" });
      const { state: stopping } = follow(state, ...(stop === undefined ? [] : [stop]));
      expect(actionOf(stopping, { name: "ctrl+c" })).toEqual({ type: "interrupt" });
    }
  });

  it("d goes on without rows that moved", () => {
    const { state } = follow(writing(), {
      ...{ type: "run-ended", place: placeOf(writing()).id },
      ended: { kind: "applied", result: stopped },
    });
    expect(actionOf(state, { name: "d" })).toEqual({ type: "do", command: "leave-moved" });
  });

  it("what was written in part can be taken back, and gone on with", () => {
    for (const name of ["x", "z"])
      expect(actionOf(onRecovery(small, writtenInPart), { name })).toMatchObject({ type: "do" });
  });
});
