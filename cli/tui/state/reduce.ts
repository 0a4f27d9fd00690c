import type { Action, Command, Next } from "./actions.js";
import { assertNever } from "./assert-never.js";
import { changeMode, nextField, scan, scanFailed, typeIntoField } from "./connect.js";
import { decide, decided, isDeciding, redo, stepped, undo } from "./decide.js";
import { listStart, select } from "./list.js";
import { heightOf, isMotion, itemsOf, moveCursor } from "./navigate.js";
import { answer, next, notify, push, refresh, withPlace } from "./next.js";
import { back, open, openAllRows, openGroups, turnTo } from "./open.js";
import { makePatch, patchFound, patchMade } from "./patch.js";
import { accept, askReason, askSearch, askValue, find, toggleNull, typeInto } from "./prompts.js";
import { applyAsks, askComment, cancelled, leaveMoved, openRecovery, openStep, signed } from "./recovery.js";
import { pause, runEnded, runTold, stop } from "./runs.js";
import { told } from "./scan.js";
import {
  call,
  called,
  isCalling,
  onSignatures,
  openSignatures,
  planAgain,
  planAgainFailed,
  plannedAgain,
  stepCall,
} from "./signatures.js";
import { type Place, placeOf, type RowPlace, type State } from "./state.js";
import { openStory, storyRead } from "./story.js";
import { openTimeline } from "./timeline.js";

/**
 * What becomes of the state when something happens, and what is to be done about it. Pure: the same state and action
 * give the same answer, and nothing outside is touched.
 */
export function reduce(state: State, action: Action): Next<State> {
  switch (action.type) {
    case "do":
      return command(state, action.command);
    case "refused":
      return next(notify(state, "warning", action.why));
    case "type":
      return next(type(state, action.edit));
    case "select":
      return selected(state, action.at);
    case "focus": {
      const place = placeOf(state);
      return next(place.screen === "connect" ? withPlace(state, { ...place, focus: action.field }) : state);
    }
    case "interrupt":
      return next({ ...state, leaving: "interrupted" }, { kind: "stop" });
    case "resized":
      return resized({ ...state, size: action.size });
    case "told":
      return next(told(state, action.progress, action.at));
    case "opened":
      return opened(state, action.plan);
    case "scan-failed":
      return next(scanFailed(state, action.errors));
    case "failed":
      return next(notify({ ...state, busy: undefined }, "error", action.text));
    default:
      return answered(state, action);
  }
}

type Answer = Exclude<Action, { type: (typeof asked)[number] }>;
const asked = [
  ...(["do", "refused", "type", "select", "focus", "interrupt", "resized"] as const),
  ...(["told", "opened", "scan-failed", "failed"] as const),
];

/** What effects bring back. */
function answered(state: State, action: Answer): Next<State> {
  switch (action.type) {
    case "overview-read":
      return next({ ...state, plan: state.plan && { ...state.plan, overview: action.overview } });
    case "groups-read":
      return clamped(answer(state, "groups", action.place, (place) => ({ ...place, groups: action.groups })));
    case "rows-counted":
      return clamped(answer(state, "rows", action.place, (place) => ({ ...place, total: action.total })));
    case "rows-read": {
      const { from, lines } = action;
      return next(answer(state, "rows", action.place, (place) => ({ ...place, page: { from, lines } })));
    }
    case "row-read":
      return clamped(answer(state, "row", action.place, (place) => ({ ...place, detail: action.detail })));
    case "relatives-read":
      return next(answer(state, "row", action.place, (place) => ({ ...place, relatives: action.relatives })));
    case "decided":
      return decided(state, action.decided);
    case "undone":
    case "redone":
      return stepped(state, action.decided, action.type);
    case "value-refused": {
      const { prompt } = state;
      return next({ ...state, busy: undefined, prompt: prompt && { ...prompt, error: action.error } });
    }
    case "patch-made":
      return patchMade(state, action.place, action.total);
    case "patch-read": {
      const { from, lines } = action;
      return next(answer(state, "patch", action.place, (place) => ({ ...place, page: { from, lines } })));
    }
    case "patch-found":
      return patchFound(state, action.place, action.at);
    case "patch-written": {
      const written = answer(state, "patch", action.place, (place) => ({ ...place, isWritten: true }));
      // A rehearsal of another patch says nothing of this one.
      const known = { plan: action.plan, standing: undefined, verdicts: {} };
      return next(notify({ ...written, ...known, busy: undefined }, "good", action.text));
    }
    case "standing-read":
      return next({ ...state, standing: action.standing });
    case "signed":
      return next(signed(state, action.standing));
    case "run-told":
      return next(runTold(state, action));
    case "apply-asks":
      return applyAsks(state, action);
    case "run-ended":
      return runEnded(state, action);
    case "signatures-read":
      return clamped(
        answer(state, "signatures", action.place, (place) => ({ ...place, found: action.found })),
      );
    case "signature-rows-read": {
      const { from, lines } = action;
      return next(
        answer(state, "signature-rows", action.place, (place) => ({ ...place, page: { from, lines } })),
      );
    }
    case "called":
      return called(state, action);
    case "planned-again":
      return plannedAgain(state, action.plan);
    case "plan-again-failed":
      return planAgainFailed(state, action.text);
    case "story-read":
      return clamped(storyRead(state, action));
    case "timeline-read":
      return next(
        answer(state, "timeline", action.place, (place) => ({ ...place, timeline: action.timeline })),
      );
    default:
      return assertNever(action);
  }
}

function command(state: State, word: Command): Next<State> {
  const { prompt } = state;
  if (prompt !== undefined) {
    if (word === "accept") return accept(state, prompt);
    if (word === "null") return next(toggleNull(state, prompt));
    return next(word === "cancel" ? cancelled(state, prompt) : state);
  }
  if (isMotion(word)) return moveCursor(state, word);
  if (isDeciding(word)) return decide(state, word);
  if (isCalling(word)) return call(state, word);
  const place = placeOf(state);
  switch (word) {
    case "open":
      return open(state);
    case "accept":
      return place.screen === "approve" ? askComment(state) : scan(state);
    case "back":
      return place.screen === "scan" ? next(state, { kind: "stop" }) : back(state);
    case "recover":
      return openRecovery(state);
    case "rehearse":
    case "approve":
    case "apply":
    case "verify":
    case "rollback":
      return openStep(state, word);
    case "leave-moved":
      return leaveMoved(state);
    case "pause":
      return pause(state);
    case "stop":
      return stop(state);
    case "quit":
    case "cancel":
      return next({ ...state, leaving: "left" }, { kind: "stop" });
    case "next":
    case "previous":
      return turn(state, word);
    case "edit":
      return askValue(state);
    case "reason":
      return askReason(state);
    case "search":
      return askSearch(state);
    case "undo":
      return onSignatures(place) ? stepCall(state, "undo") : undo(state);
    case "redo":
      return onSignatures(place) ? stepCall(state, "redo") : redo(state);
    case "signatures":
      return openSignatures(state);
    case "plan-again":
      return planAgain(state);
    case "timeline":
      return openTimeline(state);
    case "story":
      return openStory(state);
    case "all-rows":
      if (place.screen === "groups") return openAllRows(state, place);
      return openGroups(state, undefined);
    case "all-columns":
      return next(place.screen === "row" ? show(state, place, "all columns") : state);
    case "relatives":
      return place.screen === "row" ? showRelatives(state, place) : next(state);
    case "patch":
      return makePatch(state);
    case "write":
      return next(
        { ...state, busy: "writing the recovery folder" },
        { kind: "write-patch", place: place.id },
      );
    case "mode":
      return next(changeMode(state));
    case "help":
      return next(push(state, (id) => ({ screen: "help", id, about: place.screen, list: listStart })));
    default:
      return next(state);
  }
}

function type(state: State, change: Extract<Action, { type: "type" }>["edit"]): State {
  if (state.prompt !== undefined) return typeInto(state, state.prompt, change);
  const place = placeOf(state);
  return place.screen === "connect" ? typeIntoField(state, place, change) : state;
}

function turn(state: State, word: "next" | "previous"): Next<State> {
  const place = placeOf(state);
  if (place.screen === "row") return turnTo(state, place, word === "next" ? 1 : -1);
  if (place.screen === "patch") return find(state, word === "previous");
  return next(nextField(state, word === "next" ? 1 : -1));
}

/** Shows it, or, where it is shown already, what is in conflict again. */
function show(state: State, place: RowPlace, what: RowPlace["shows"]): State {
  const shows = place.shows === what ? "cells" : what;
  return withPlace(state, { ...place, shows, list: listStart });
}

function showRelatives(state: State, place: RowPlace): Next<State> {
  const shown = show(state, place, "relatives");
  if (place.relatives !== undefined || place.detail === undefined) return next(shown);
  return next(shown, { kind: "read-relatives", place: place.id, position: place.detail.row.position });
}

/** The plan is there: it is looked at from the overview. */
function opened(state: State, plan: NonNullable<State["plan"]>): Next<State> {
  const place = { screen: "overview", id: state.nextPlace, list: listStart } as const;
  return next({ ...state, plan, places: [place], nextPlace: state.nextPlace + 1, busy: undefined });
}

/** Keeps the cursor inside what there is, which may have become less. */
function clamped(state: State): Next<State> {
  const place = placeOf(state);
  return "list" in place ? selected(state, place.list.selected) : next(state);
}

function selected(state: State, at: number): Next<State> {
  const place = placeOf(state);
  if (!("list" in place)) return next(state);
  const list = select(place.list, at, itemsOf(state, place), heightOf(state, place));
  return next(withPlace(state, { ...place, list }));
}

const isPaged = ({ screen }: Place): boolean =>
  screen === "rows" || screen === "patch" || screen === "signature-rows";

/** More or fewer lines are seen: the window follows the cursor, and what comes into sight is read. */
function resized(state: State): Next<State> {
  const { state: kept } = clamped(state);
  const place = placeOf(kept);
  return next(kept, ...(isPaged(place) ? refresh(kept) : []));
}
