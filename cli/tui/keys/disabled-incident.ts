import { recalled } from "../state/forecast.js";
import { signatureOf } from "../state/signatures.js";
import { placeOf } from "../state/state.js";
import { rowUnderCursor } from "../state/story.js";
import { type Disabled, isBusy } from "./disabled.js";

export const noSignatures: Disabled = ({ plan }) =>
  plan === undefined || (plan.header.signatures ?? []).length > 0
    ? undefined
    : "nothing differs between pre and post, or the plan is of an earlier version";

export const noTimeline: Disabled = ({ plan }) =>
  plan === undefined || plan.timeline !== undefined
    ? undefined
    : "no timeline.json in the folder: pgmend timeline --out DIR makes one; then --timeline DIR";

/** Of the list of signatures. */
export const noSignature: Disabled = (state) =>
  signatureOf(state) === undefined ? "wait: reading the signatures" : undefined;

export const cannotCall: Disabled = (state) => isBusy(state) ?? noSignature(state);

export const callsNothing: Disabled = (state) => {
  const signature = signatureOf(state);
  if (signature === undefined) return cannotCall(state);
  return signature.called === undefined ? "it is called nothing already" : isBusy(state);
};

export const noOthers: Disabled = (state) => {
  const place = placeOf(state);
  const all = place.screen === "signatures" ? (place.found?.list ?? []) : [];
  return (
    cannotCall(state) ??
    (all.every(({ called }) => called !== undefined) ? "all are called something" : undefined)
  );
};

export const noCallToUndo: Disabled = (state) =>
  isBusy(state) ??
  (state.calls.done.length === 0 ? "nothing was called anything in this session" : undefined);

export const noCallToRedo: Disabled = (state) =>
  isBusy(state) ?? (state.calls.undone.length === 0 ? "nothing was taken back" : undefined);

export const cannotPlanAgain: Disabled = (state) => {
  const place = placeOf(state);
  if (place.screen !== "signatures") return undefined;
  const { found } = place;
  if (found === undefined) return "wait: reading the signatures";
  if (recalled(found.list) === 0)
    return "the plan was made with what they are called; call one something else first";
  return isBusy(state) ?? found.cannotPlan;
};

/** Of results, in which rows are named among other things. */
export const noRowHere: Disabled = (state) =>
  rowUnderCursor(state) === undefined ? "no row is named on this line" : undefined;

export const noRow: Disabled = (state) => {
  if (rowUnderCursor(state) !== undefined) return undefined;
  const place = placeOf(state);
  const isEmpty = place.screen === "rows" && place.total === 0;
  return isEmpty ? "nothing is listed" : "wait: reading the row";
};
