import { placeOf, type State } from "../../cli/tui/state/state.js";
import type { Relatives } from "../../src/index.js";
import type { Case } from "./case.js";
import { onOverview, plan } from "./sample.js";
import {
  calledAs,
  callStep,
  onSignatureRows,
  onSignatures,
  onStory,
  onTimeline,
  rowStory,
  timeline,
} from "./sample-incident.js";
import { stopped, writing } from "./sample-recovery.js";
import { follow, onRow, onRows, press, shownPlace } from "./walk.js";

const screen = (state: State) => placeOf(state).screen;
const path = (state: State) => state.places.map((place) => place.screen);
const calls = ({ calls: { done, undone } }: State) => [
  done.map(({ what }) => what),
  undone.map(({ what }) => what),
];
const damage = { type: "called", step: callStep("S1", "damage"), what: "S1 is damage", turn: "new" } as const;
const called = follow(onSignatures(), damage).state;
const undone = follow(called, { ...damage, turn: "undo" }).state;
const planning = follow(onSignatures(), press("plan-again")).state;
const relatives: Relatives = {
  rows: [
    {
      relation: "parent",
      ...{ constraint: "fk", table: "public.tag", columns: ["id"], key: ["9"] },
      ...{ planned: undefined, inCurrent: true },
    },
  ],
  ...{ more: false, withoutCurrent: undefined },
};
const onRelative = follow(onRow(), press("relatives"), {
  ...{ type: "relatives-read", place: placeOf(onRow()).id, relatives },
}).state;

const applying = writing();
/** On the first row that apply has left. */
const onLeft = follow(
  follow(applying, {
    ...{ type: "run-ended", place: placeOf(applying).id },
    ended: { kind: "applied", result: stopped },
  }).state,
  ...Array.from({ length: 4 }, () => press("down")),
).state;

/** Signatures, the timeline, the story of a row. */
export const incidentCases: readonly Case[] = [
  {
    name: "signatures are read",
    ...{ from: onOverview(), action: press("signatures"), look: screen, is: "signatures" },
    effects: [{ kind: "read-signatures" }],
  },
  {
    name: "signatures-read after they were left changes nothing",
    from: onOverview(),
    action: { type: "signatures-read", place: 99, found: calledAs({}) },
    ...{ look: path, is: ["overview"], effects: [] },
  },
  {
    name: "open a signature reads its first rows, and as many again",
    ...{
      from: onSignatures(),
      action: press("open"),
      look: path,
      is: ["overview", "signatures", "signature-rows"],
    },
    effects: [{ kind: "read-signature-rows", signature: "S1", from: 0, count: 39 }],
  },
  {
    name: "signature-rows-read",
    from: follow(onSignatures(), press("open")).state,
    action: { type: "signature-rows-read", place: 2, from: 3, lines: [] },
    ...{ look: (state) => shownPlace(state, "signature-rows").page.from, is: 3, effects: [] },
  },
  {
    name: "the end of a long signature is read when it comes into sight",
    ...{ from: onSignatureRows(), action: press("last") },
    ...{ look: (state) => shownPlace(state, "signature-rows").list.selected, is: 1301 },
    effects: [{ kind: "read-signature-rows", signature: "S1", from: 1276 }],
  },
  {
    name: "damage is saved at once",
    ...{ from: onSignatures(), action: press("call-damage"), look: ({ busy }) => busy, is: "saving" },
    effects: [{ kind: "call", calls: new Map([["S1", "damage"]]), turn: "new" }],
  },
  {
    name: "legitimate, from its rows, too",
    ...{ from: onSignatureRows(), action: press("call-legitimate") },
    effects: [{ kind: "call", calls: new Map([["S1", "legitimate"]]), turn: "new" }],
  },
  {
    name: "call-nothing withdraws",
    ...{ from: onSignatures(), action: press("call-nothing") },
    effects: [{ kind: "call", calls: new Map([["S1", undefined]]), turn: "new" }],
  },
  {
    name: "call-others is about those that are called nothing",
    ...{ from: onSignatures(undefined, calledAs({ S1: "damage" })), action: press("call-others") },
    effects: [
      {
        ...{ kind: "call", turn: "new" },
        calls: new Map(["S2", "S3", "S4"].map((id) => [id, "legitimate" as const])),
      },
    ],
  },
  {
    name: "what was called can be taken back, and the numbers are read again",
    ...{ from: onSignatures(), action: damage, look: calls, is: [["S1 is damage"], []] },
    effects: [{ kind: "read-signatures" }],
  },
  {
    name: "called the same as before says so",
    from: onSignatures(),
    action: { ...damage, step: { before: new Map(), after: new Map() } },
    ...{ look: ({ notice }) => notice?.text, is: "it is called that already", effects: [] },
  },
  {
    name: "called above the list of rows is seen there",
    ...{ from: onSignatureRows(), action: damage },
    ...{ look: (state) => shownPlace(state, "signature-rows").signature.called, is: "damage" },
  },
  {
    name: "undo on signatures is about calls",
    ...{ from: called, action: press("undo") },
    effects: [{ kind: "call", calls: new Map([["S1", undefined]]), turn: "undo" }],
  },
  {
    name: "undone",
    from: called,
    action: { ...damage, turn: "undo" },
    look: calls,
    is: [[], ["S1 is damage"]],
  },
  {
    name: "redo on signatures is about calls",
    ...{ from: undone, action: press("redo") },
    effects: [{ kind: "call", calls: new Map([["S1", "damage"]]), turn: "redo" }],
  },
  {
    name: "redone",
    from: undone,
    action: { ...damage, turn: "redo" },
    look: calls,
    is: [["S1 is damage"], []],
  },
  {
    name: "plan-again shows how far it is",
    ...{
      from: onSignatures(),
      action: press("plan-again"),
      look: path,
      is: ["overview", "signatures", "scan"],
    },
    effects: [{ kind: "plan-again" }],
  },
  { name: "back stops it", from: planning, action: press("back"), effects: [{ kind: "stop" }] },
  {
    name: "planned-again: the old plan's steps are nobody's any more",
    from: follow(called, press("plan-again")).state,
    action: { type: "planned-again", plan },
    look: (state) => [path(state), state.calls, state.history.done, state.standing],
    is: [["overview", "signatures"], { done: [], undone: [] }, [], undefined],
    effects: [{ kind: "read-signatures" }],
  },
  {
    name: "plan-again-failed: the plan is as it was",
    ...{ from: planning, action: { type: "plan-again-failed", text: "pre: gone" } },
    look: (state) => [path(state), state.notice?.text],
    is: [["overview", "signatures"], "pre: gone"],
    effects: [{ kind: "read-signatures" }],
  },
  {
    name: "the story of a row in a list: by the plan at once, and by databases",
    ...{ from: onRows(), action: press("story"), look: screen, is: "story" },
    effects: [
      { kind: "read-story", of: { table: "public.device", key: ["0"], isPlanned: true }, from: "plan" },
      { kind: "read-story", from: "databases" },
    ],
  },
  {
    name: "the story of the row that is open",
    ...{ from: onRow(), action: press("story"), look: screen, is: "story" },
  },
  {
    name: "the story of a related row that the plan does not speak of",
    ...{ from: onRelative, action: press("story") },
    effects: [
      { kind: "read-story", of: { table: "public.tag", key: ["9"], isPlanned: false }, from: "databases" },
    ],
  },
  {
    name: "the story of a row that was left",
    ...{ from: onLeft, action: press("story"), look: path },
    is: ["overview", "recovery", "apply", "story"],
    effects: [
      { kind: "read-story", of: { table: "public.device", key: ["0"], isPlanned: true }, from: "plan" },
      { kind: "read-story", from: "databases" },
    ],
  },
  {
    name: "open a row of a signature tells its story",
    ...{ from: onSignatureRows(), action: press("open"), look: screen, is: "story" },
  },
  {
    name: "what the plan says comes too late where databases have answered",
    from: onStory(),
    action: { type: "story-read", place: 3, from: "plan", story: { ...rowStory(), now: {} } },
    look: (state) => Object.keys(shownPlace(state, "story").story?.now ?? {}),
    is: ["current"],
  },
  {
    name: "story-read of a row that nobody knows",
    from: follow(onSignatureRows(), press("story")).state,
    action: { type: "story-read", place: 3, from: "databases", story: undefined, why: "gone" },
    ...{ look: (state) => shownPlace(state, "story").why, is: "gone" },
  },
  {
    name: "timeline",
    ...{ from: onOverview(), action: press("timeline"), look: screen, is: "timeline" },
    effects: [{ kind: "read-timeline" }],
  },
  {
    name: "timeline-read",
    from: follow(onOverview(), press("timeline")).state,
    action: { type: "timeline-read", place: 1, timeline: timeline() },
    ...{ look: (state) => shownPlace(state, "timeline").timeline?.intervals.length, is: 4, effects: [] },
  },
  {
    name: "through the timeline",
    from: onTimeline(),
    action: press("last"),
    look: (state) => shownPlace(state, "timeline").list.selected,
    is: 3,
  },
];
