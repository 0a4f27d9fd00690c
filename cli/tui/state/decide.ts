import type { ConflictSelection, ResolutionWord } from "../../../src/index.js";
import { number, plural } from "../../../src/index.js";
import type { Command, Effect, Next } from "./actions.js";
import { next, notify, refresh } from "./next.js";
import { listedSelection } from "./open.js";
import { type Decided, listedGroups, placeOf, type State, selectionOf } from "./state.js";

/** What the deciding keys take. `undefined` leaves it open. */
const takes: Partial<Readonly<Record<Command, ResolutionWord | undefined>>> = {
  "take-current": "current",
  "take-incoming": "incoming",
  "take-base": "base",
  "leave-open": undefined,
};

const leftOpen = "left open";

/** What a deciding key is about: the item that is selected, or with `-all` everything alike or listed. */
export function targetOf(state: State, all: boolean): ConflictSelection | undefined {
  const place = placeOf(state);
  switch (place.screen) {
    case "groups": {
      if (all) return listedSelection(place);
      const group = listedGroups(place)[place.list.selected];
      return group && { groups: [group] };
    }
    case "rows": {
      if (all) return selectionOf(place);
      const line = place.page.lines[place.list.selected - place.page.from];
      return line && { positions: [line.row.position] };
    }
    case "row": {
      const { detail } = place;
      if (detail === undefined) return undefined;
      if (!all) return { positions: [detail.row.position] };
      return detail.group && { groups: [detail.group] };
    }
    default:
      return undefined;
  }
}

export function isDeciding(command: Command): boolean {
  return command.replace(/-all$/, "") in takes;
}

/** Saves what was decided, at once. The screen goes on when it is saved. */
export function decide(state: State, command: Command): Next<State> {
  const all = command.endsWith("-all");
  const selection = targetOf(state, all);
  if (selection === undefined) return next(state);
  const resolution = takes[command.replace(/-all$/, "") as Command];
  const effect: Effect =
    resolution === undefined
      ? { kind: "withdraw", selection, what: leftOpen }
      : {
          kind: "decide",
          selection,
          wanted: { resolution, reason: reasonOf(state) },
          what: `take ${resolution}`,
        };
  return next({ ...state, busy: "saving", notice: undefined }, effect);
}

export const reasonOf = ({ reason }: State): string | undefined => (reason === "" ? undefined : reason);

/** It is saved: it can be taken back, and what is shown is read again. */
export function decided(state: State, decision: Decided): Next<State> {
  const { step, what } = decision;
  const saved = { ...state, busy: undefined, prompt: withoutValue(state) };
  if (step.rows === 0) {
    const why = what === leftOpen ? "nothing of it was decided" : "it is decided like that already";
    return next(notify(saved, "warning", why));
  }
  const kept =
    step.untouched === 0
      ? ""
      : `; ${number(step.untouched)} decided before ${step.untouched === 1 ? "stays" : "stay"}`;
  const text = `${number(step.rows)} ${plural(step.rows, "conflict")}: ${what}${kept} (u takes it back)`;
  const history = { done: [...state.history.done, decision], undone: [] };
  const told = notify({ ...saved, history }, "good", text);
  return next(told, { kind: "read-overview" }, ...refresh(told));
}

const withoutValue = ({ prompt }: State) => (prompt?.asks.kind === "value" ? undefined : prompt);

export function undo(state: State): Next<State> {
  const last = state.history.done.at(-1);
  if (last === undefined) return next(state);
  return next({ ...state, busy: "taking back" }, { kind: "undo", decided: last });
}

export function redo(state: State): Next<State> {
  const last = state.history.undone.at(-1);
  if (last === undefined) return next(state);
  return next({ ...state, busy: "doing again" }, { kind: "redo", decided: last });
}

/** The step that was taken back, or done again, moves from one end of the history to the other. */
export function stepped(state: State, decision: Decided, direction: "undone" | "redone"): Next<State> {
  const { done, undone } = state.history;
  const history =
    direction === "undone"
      ? { done: done.slice(0, -1), undone: [...undone, decision] }
      : { done: [...done, decision], undone: undone.slice(0, -1) };
  const { rows } = decision.step;
  const verb = direction === "undone" ? "taken back" : "done again";
  const text = `${verb}: ${number(rows)} ${plural(rows, "conflict")}: ${decision.what}`;
  const told = notify({ ...state, history, busy: undefined }, "good", text);
  return next(told, { kind: "read-overview" }, ...refresh(told));
}
