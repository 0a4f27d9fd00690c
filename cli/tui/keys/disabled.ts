import { targetOf } from "../state/decide.js";
import { overviewRows, totals } from "../state/overview.js";
import { applyUnderWay } from "../state/runs.js";
import { listedGroups, placeOf, type State } from "../state/state.js";

/** Why a key does nothing now, in words for the line above the footer; undefined: it works. */
export type Disabled = (state: State) => string | undefined;

export const isBusy: Disabled = ({ busy }) => (busy === undefined ? undefined : `wait: ${busy}`);

export const emptyList: Disabled = (state) => {
  const place = placeOf(state);
  if (place.screen === "groups") {
    if (place.groups === undefined) return "wait: reading the conflicts";
    return listedGroups(place).length === 0 ? "nothing is listed" : undefined;
  }
  if (place.screen === "rows") {
    if (place.total === undefined) return "wait: reading the rows";
    return place.total === 0 ? "nothing is listed" : undefined;
  }
  return undefined;
};

export const noConflicts: Disabled = (state) => {
  const place = placeOf(state);
  if (place.screen !== "overview" || state.plan === undefined) return undefined;
  const row = overviewRows(state.plan)[place.list.selected];
  if (row === undefined) return "the incident changed nothing";
  return row.open + row.decided === 0 ? `nothing is in conflict in ${row.label}` : undefined;
};

export const noConflictsAtAll: Disabled = ({ plan }) => {
  if (plan === undefined) return undefined;
  const { open, decided } = totals(plan);
  return open + decided === 0 ? "nothing is in conflict" : undefined;
};

export const cannotDecide: Disabled = (state) => {
  const waiting = isBusy(state) ?? emptyList(state);
  if (waiting !== undefined) return waiting;
  return targetOf(state, false) === undefined ? "wait: reading the row" : undefined;
};

export const cannotEdit: Disabled = (state) => {
  const place = placeOf(state);
  if (place.screen !== "row") return undefined;
  if (place.shows !== "cells") return "go back to what is in conflict first: a or f";
  return cannotDecide(state);
};

export const noRowYet: Disabled = (state) => {
  const place = placeOf(state);
  return place.screen === "row" && place.detail === undefined ? "wait: reading the row" : undefined;
};

export const firstRow: Disabled = (state) => {
  const place = placeOf(state);
  return place.screen === "row" && place.at === 0 ? "this is the first row of the list" : undefined;
};

export const lastRow: Disabled = (state) => {
  const place = placeOf(state);
  return place.screen === "row" && place.at >= place.total - 1
    ? "this is the last row of the list; esc goes back to it"
    : undefined;
};

export const nothingToSearch: Disabled = (state) => {
  const place = placeOf(state);
  return place.screen === "patch" && place.total === undefined ? "wait: making the patch" : undefined;
};

export const noSearch: Disabled = (state) => {
  const place = placeOf(state);
  if (place.screen === "patch" && place.search === "") return "search first: /";
  return isBusy(state);
};

export const cannotWrite: Disabled = (state) => {
  const place = placeOf(state);
  if (place.screen === "patch" && place.isWritten) return "it is written already, as it is shown";
  return isBusy(state);
};

export const nothingToUndo: Disabled = (state) =>
  isBusy(state) ??
  (state.history.done.length === 0
    ? "nothing was decided in this session; o leaves a conflict open that was decided before"
    : undefined);

export const nothingToRedo: Disabled = (state) =>
  isBusy(state) ?? (state.history.undone.length === 0 ? "nothing was taken back" : undefined);

/** Nobody walks away from a database that is being written to. */
export const isWriting: Disabled = (state) => {
  const run = applyUnderWay(state);
  if (run === undefined) return undefined;
  return run.phase === "stopping"
    ? "wait: it ends after the batch at hand"
    : "the database is being written to; s stops after the batch at hand";
};

export const cannotGoBack: Disabled = (state) => {
  if (state.places.length === 1) return "this is the first screen; q leaves";
  return placeOf(state).screen === "help" ? undefined : isWriting(state);
};

export const isHelp: Disabled = (state) =>
  placeOf(state).screen === "help" ? "this is the help; esc goes back" : undefined;

export const notAValue: Disabled = ({ prompt }) =>
  prompt?.asks.kind === "value" ? undefined : "only a value can be NULL";
