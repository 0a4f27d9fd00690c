import type { Ended } from "../../cli/tui/state/recovery-places.js";
import { placeOf, type State } from "../../cli/tui/state/state.js";
import type { Case } from "./case.js";
import { onOverview, plan, small } from "./sample.js";
import {
  applied,
  approved,
  asked,
  offPlan,
  onRecovery,
  preview,
  rehearsed,
  standing,
  stopped,
  typed,
  verified,
  writing,
  writtenInPart,
} from "./sample-recovery.js";
import { follow, onPatch, press, shownPlace } from "./walk.js";

const screen = (state: State) => placeOf(state).screen;
const phase = (state: State) => shownPlace(state, "apply").phase;
const path = (state: State) => state.places.map((place) => place.screen);
const rehearsing = typed(follow(onRecovery(), press("rehearse")).state, "");
const verifying = follow(onRecovery(), press("verify")).state;
const ended = (from: State, how: Ended): Case["action"] => ({
  ...{ type: "run-ended", place: placeOf(from).id, ended: how },
});
const over = (from: State, how: Ended) => follow(from, ended(from, how)).state;

/** From the written patch to a verified database, and back. */
export const recoveryCases: readonly Case[] = [
  {
    name: "mend lists the steps, and looks how far they are",
    ...{ from: onOverview(), action: press("recover"), look: screen, is: "recovery" },
    effects: [{ kind: "read-standing" }],
  },
  {
    name: "how far it is",
    ...{ from: onRecovery(), action: { type: "standing-read", standing: approved } },
    ...{ look: (state) => state.standing?.signing.fitting?.by, is: "ann" },
  },
  {
    name: "a patch that was written anew forgets what was found of another one",
    from: { ...onPatch(), standing, verdicts: { rehearse: { tone: "good", text: "fine" } } },
    action: { type: "patch-written", place: placeOf(onPatch()).id, plan, text: "written" },
    ...{ look: (state) => [state.standing, state.verdicts], is: [undefined, {}] },
  },
  {
    name: "rehearse asks where",
    ...{ from: onRecovery(), action: press("rehearse"), look: ({ prompt }) => prompt?.asks.kind },
    ...{ is: "rehearse-on", effects: [] },
  },
  {
    name: "rehearse on current",
    ...{ from: follow(onRecovery(), press("rehearse")).state, action: press("accept"), look: screen },
    ...{ is: "rehearse", effects: [{ kind: "rehearse", on: "" }] },
  },
  {
    name: "the step that is selected is begun",
    ...{ from: follow(onRecovery(), press("last"), press("up")).state, action: press("open"), look: screen },
    ...{ is: "verify", effects: [{ kind: "verify" }] },
  },
  {
    name: "a rehearsal that is over is told in the list of steps",
    ...{ from: rehearsing, action: ended(rehearsing, { kind: "rehearsed", result: rehearsed }) },
    look: ({ verdicts, busy }) => [verdicts.rehearse?.tone, verdicts.rehearse?.text, busy],
    is: ["good", "1 280 rows would be written; all of it was rolled back", undefined],
    effects: [{ kind: "read-standing" }],
  },
  {
    name: "back from what is under way stops it",
    ...{ from: rehearsing, action: press("back"), look: path, is: ["overview", "recovery"] },
    effects: [{ kind: "stop" }, { kind: "read-standing" }],
  },
  {
    name: "what ends after somebody went back finds nobody",
    from: follow(rehearsing, press("back")).state,
    ...{ action: ended(rehearsing, { kind: "failed", lines: ["gone"] }), look: ({ verdicts }) => verdicts },
    ...{ is: {}, effects: [] },
  },
  {
    name: "approve shows what is signed",
    from: onRecovery(),
    action: press("approve"),
    look: screen,
    is: "approve",
  },
  {
    name: "to sign asks what was looked at",
    ...{ from: follow(onRecovery(), press("approve")).state, action: press("accept") },
    ...{ look: ({ prompt }) => prompt?.asks.kind, is: "sign", effects: [] },
  },
  {
    name: "sign",
    from: follow(onRecovery(), press("approve"), press("accept"), {
      ...{ type: "type", edit: { kind: "insert", text: " read it " } },
    }).state,
    ...{ action: press("accept"), look: ({ busy }) => busy, is: "signing" },
    effects: [{ kind: "sign", comment: "read it" }],
  },
  {
    name: "signed",
    ...{ from: { ...onRecovery(), busy: "signing" }, action: { type: "signed", standing: approved } },
    look: ({ busy, notice, standing: known }) => [busy, notice?.text, known?.signing.fitting?.by],
    is: [undefined, "signed by ann", "ann"],
  },
  {
    name: "apply looks at current first",
    ...{ from: onRecovery(), action: press("apply"), look: phase, is: "looking" },
    effects: [{ kind: "look", direction: "patch" }],
  },
  {
    name: "take back looks at current first",
    ...{ from: onRecovery(small, writtenInPart), action: press("rollback") },
    ...{ look: (state) => shownPlace(state, "apply").direction, is: "rollback" },
    effects: [{ kind: "look", direction: "rollback" }],
  },
  {
    name: "then it asks for the name of the database",
    from: follow(onRecovery(), press("apply")).state,
    action: { type: "apply-asks", place: placeOf(follow(onRecovery(), press("apply")).state).id, preview },
    look: ({ prompt }) => [prompt?.asks, prompt?.label],
    is: [{ kind: "confirm", word: "fleet" }, "to write 1 288 rows, type fleet"],
    effects: [],
  },
  {
    name: "the question is not hidden by the help",
    from: follow(onRecovery(), press("apply"), press("help")).state,
    action: { type: "apply-asks", place: placeOf(follow(onRecovery(), press("apply")).state).id, preview },
    ...{ look: screen, is: "apply" },
  },
  {
    name: "a name that nobody can type is not asked for",
    from: asked(),
    action: {
      ...{ type: "apply-asks", place: placeOf(asked()).id },
      preview: { ...preview, database: "fle\u001bet" },
    },
    ...{ look: ({ prompt }) => prompt?.asks, is: { kind: "confirm", word: "write" } },
  },
  {
    name: "anything but the name writes nothing",
    from: follow(asked(), { type: "type", edit: { kind: "insert", text: "y" } }).state,
    ...{ action: press("accept"), look: ({ prompt }) => prompt?.error !== undefined, is: true, effects: [] },
  },
  {
    name: "nothing typed writes nothing",
    ...{ from: asked(), action: press("accept"), look: phase, is: "asking", effects: [] },
  },
  {
    name: "esc writes nothing, and goes back",
    ...{ from: asked(), action: press("cancel"), look: path, is: ["overview", "recovery"], effects: [] },
  },
  {
    name: "the name writes",
    from: follow(asked(), { type: "type", edit: { kind: "insert", text: "fleet" } }).state,
    ...{ action: press("accept"), look: phase, is: "running" },
    effects: [{ kind: "apply", onDrift: "stop", preview }],
  },
  {
    name: "what is not any more as it was agreed to is asked about again",
    from: writing(),
    action: { type: "apply-asks", place: placeOf(writing()).id, preview: { ...preview, open: 3 } },
    look: (state) => [phase(state), state.notice?.tone, state.prompt?.label],
    is: ["asking", "warning", "to write 3 rows, type fleet"],
  },
  {
    name: "progress",
    from: writing(),
    action: {
      ...{ type: "run-told", place: placeOf(writing()).id, at: 3300 },
      progress: {
        ...{ kind: "rows", phase: "apply", table: "public.tag", tableNumber: 2, tables: 2, done: 700 },
        ...{ total: 1288, batch: 4, left: 2 },
      },
    },
    look: (state) => shownPlace(state, "apply").progress,
    is: {
      ...{ startedAt: 1000, now: 3300, idle: 1100, table: "public.tag", batch: 4, done: 700, total: 1288 },
      ...{ left: 2, gaveWay: 2, wait: undefined, warnings: [] },
    },
  },
  {
    name: "pause",
    ...{ from: writing(), action: press("pause"), look: (state) => shownPlace(state, "apply").isPaused },
    ...{ is: true, effects: [{ kind: "pause", isPaused: true }] },
  },
  {
    name: "and go on",
    from: follow(writing(), press("pause")).state,
    ...{ action: press("pause"), effects: [{ kind: "pause", isPaused: false }] },
  },
  {
    name: "stop waits for the batch at hand",
    ...{ from: writing(), action: press("stop"), look: phase, is: "stopping", effects: [{ kind: "stop" }] },
  },
  {
    name: "stopped: how far it came, and how it goes on",
    from: follow(writing(), press("stop")).state,
    action: ended(writing(), { kind: "stopped" }),
    look: (state) => [phase(state), state.verdicts.apply?.text],
    is: ["over", "stopped: 644 of 1 288 rows written; x goes on"],
  },
  {
    name: "applied",
    ...{ from: writing(), action: ended(writing(), { kind: "applied", result: applied }) },
    ...{ look: ({ verdicts }) => verdicts.apply?.tone, is: "good", effects: [{ kind: "read-standing" }] },
  },
  {
    name: "failed: in a sentence",
    ...{ from: writing(), action: ended(writing(), { kind: "failed", lines: ["current: gone", "hint: x"] }) },
    ...{ look: ({ verdicts }) => verdicts.apply?.text, is: "current: gone" },
  },
  {
    name: "an apply that stopped at moved rows goes on without them, once somebody agrees",
    ...{ from: over(writing(), { kind: "applied", result: stopped }), action: press("leave-moved") },
    look: (state) => [shownPlace(state, "apply").onDrift, path(state)],
    is: ["skip", ["overview", "recovery", "apply"]],
    effects: [{ kind: "look", direction: "patch" }],
  },
  {
    name: "the next step takes the place of the one before",
    ...{ from: over(writing(), { kind: "applied", result: applied }), action: press("verify") },
    ...{ look: path, is: ["overview", "recovery", "verify"], effects: [{ kind: "verify" }] },
  },
  {
    name: "verified",
    ...{ from: verifying, action: ended(verifying, { kind: "verified", result: verified }) },
    look: ({ verdicts }) => verdicts.verify?.text,
    is: "verified: all 1 288 rows as planned, every invariant holds",
  },
  {
    name: "not as planned",
    ...{ from: verifying, action: ended(verifying, { kind: "verified", result: offPlan }) },
    ...{ look: ({ verdicts }) => verdicts.verify?.tone, is: "warning" },
  },
  {
    name: "lines of a long result are turned",
    ...{ from: over(writing(), { kind: "applied", result: stopped }), action: press("page-down") },
    ...{ look: (state) => shownPlace(state, "apply").list.selected > 5, is: true },
  },
];
