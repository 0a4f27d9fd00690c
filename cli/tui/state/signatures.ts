import type { Call, CallStep, Calls, PlannedSignature } from "../../../src/index.js";
import { number, plural } from "../../../src/index.js";
import type { Action, Command, Next } from "./actions.js";
import { scanPlace } from "./connect.js";
import type { SignaturesPlace } from "./incident-places.js";
import { listStart } from "./list.js";
import { next, notify, pop, push, refresh } from "./next.js";
import { type PlanInfo, placeOf, type State } from "./state.js";

export function openSignatures(state: State): Next<State> {
  const opened = push({ ...state, notice: undefined }, (id) => ({
    ...{ screen: "signatures", id, found: undefined, list: listStart },
  }));
  return next(opened, ...refresh(opened));
}

const selectedSignature = ({ found, list }: SignaturesPlace): PlannedSignature | undefined =>
  found?.list[list.selected];

/** The rows of the signature that is selected. */
export function openSignatureRows(state: State, place: SignaturesPlace): Next<State> {
  const signature = selectedSignature(place);
  if (signature === undefined) return next(state);
  const total = Object.values(signature.outcomes).reduce((sum, rows) => sum + rows, 0);
  const opened = push({ ...state, notice: undefined }, (id) => ({
    ...{ screen: "signature-rows", id, signature, total, list: listStart, page: { from: 0, lines: [] } },
  }));
  return next(opened, ...refresh(opened));
}

/** What the calling keys say of the signature that is selected. */
const calls: Partial<Readonly<Record<Command, Call | undefined>>> = {
  "call-damage": "damage",
  "call-legitimate": "legitimate",
  "call-nothing": undefined,
};

export const isCalling = (command: Command): boolean => command in calls || command === "call-others";

/** Saves what was said, at once; the numbers move when it is saved. */
export function call(state: State, command: Command): Next<State> {
  const place = placeOf(state);
  const signature = signatureOf(state);
  if (signature === undefined) return next(state);
  if (command === "call-others") {
    const all = place.screen === "signatures" ? (place.found?.list ?? []) : [];
    const others = all.filter(({ called }) => called === undefined).map(({ id }) => id);
    return save(state, new Map(others.map((id) => [id, "legitimate"])), "all others are legitimate");
  }
  const said = calls[command];
  const what = said === undefined ? `${signature.id} is called nothing` : `${signature.id} is ${said}`;
  return save(state, new Map([[signature.id, said]]), what);
}

/** The one that the calling keys are about. */
export function signatureOf(state: State): PlannedSignature | undefined {
  const place = placeOf(state);
  if (place.screen === "signature-rows") return place.signature;
  return place.screen === "signatures" ? selectedSignature(place) : undefined;
}

const save = (state: State, said: Calls, what: string): Next<State> =>
  next({ ...state, busy: "saving", notice: undefined }, { kind: "call", calls: said, what, turn: "new" });

/** It is saved: it can be taken back, and the numbers are read again. */
export function called(state: State, { step, what, turn }: Extract<Action, { type: "called" }>): Next<State> {
  const saved = { ...state, busy: undefined };
  const { done, undone } = state.calls;
  if (turn === "new") {
    if (step.after.size === 0) return next(notify(saved, "warning", "it is called that already"));
    const history = { done: [...done, { step, what }], undone: [] };
    return told({ ...saved, calls: history }, `${what} (u takes it back)`, step);
  }
  const last = turn === "undo" ? done.at(-1) : undone.at(-1);
  if (last === undefined) return next(saved);
  const history =
    turn === "undo"
      ? { done: done.slice(0, -1), undone: [...undone, last] }
      : { done: [...done, last], undone: undone.slice(0, -1) };
  return told(
    { ...saved, calls: history },
    `${turn === "undo" ? "taken back" : "done again"}: ${what}`,
    step,
  );
}

/** What is shown of a signature above the list of them is changed at once. */
function told(state: State, text: string, { after }: CallStep): Next<State> {
  const places = state.places.map((place) =>
    place.screen === "signature-rows" && after.has(place.signature.id)
      ? { ...place, signature: { ...place.signature, called: after.get(place.signature.id) } }
      : place,
  );
  const changed = notify({ ...state, places: places as unknown as State["places"] }, "good", text);
  return next(changed, ...refresh(changed));
}

/** The last call, or the one that was taken back last. */
export function stepCall(state: State, turn: "undo" | "redo"): Next<State> {
  const last = turn === "undo" ? state.calls.done.at(-1) : state.calls.undone.at(-1);
  if (last === undefined) return next(state);
  const { step, what } = last;
  const effect = { kind: "call", calls: turn === "undo" ? step.before : step.after, what, turn } as const;
  return next({ ...state, busy: turn === "undo" ? "taking back" : "doing again" }, effect);
}

export const onSignatures = ({ screen }: { readonly screen: string }): boolean =>
  screen === "signatures" || screen === "signature-rows";

/** Compares and merges once more, by what signatures are called; the plan there is stands until the new one is complete. */
export function planAgain(state: State): Next<State> {
  const scanning = push({ ...state, notice: undefined }, scanPlace);
  return next(scanning, { kind: "plan-again" });
}

/** The plan is another one: what was decided of the old one cannot be taken back here. */
export function plannedAgain(state: State, plan: PlanInfo): Next<State> {
  const [id, above] = [state.nextPlace, state.nextPlace + 1];
  const signatures: SignaturesPlace = { screen: "signatures", id: above, found: undefined, list: listStart };
  const fresh: State = {
    ...{ ...state, plan, busy: undefined, standing: undefined, verdicts: {}, nextPlace: above + 1 },
    ...{ history: { done: [], undone: [] }, calls: { done: [], undone: [] } },
    places: [{ screen: "overview", id, list: listStart }, signatures],
  };
  const { length } = plan.header.signatures ?? [];
  const text = `planned again: ${number(length)} ${plural(length, "signature")}; patch.sql and the reports are new, too`;
  const told = notify(fresh, "good", text);
  return next(told, ...refresh(told));
}

export function planAgainFailed(state: State, text: string): Next<State> {
  const below = placeOf(state).screen === "scan" ? pop(state) : state;
  const told = notify({ ...below, busy: undefined }, "error", text);
  return next(told, ...refresh(told));
}
