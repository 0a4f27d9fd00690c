import { bindingsOf } from "../keys/key-table.js";
import { runHead, runLines } from "../text/run-lines.js";
import type { Command, Effect, Next } from "./actions.js";
import { detailsOf } from "./details.js";
import {
  approveMargin,
  bodyHeight,
  groupsMargin,
  helpMargin,
  overviewMargin,
  rowMargin,
  signaturesMargin,
  stackedLines,
  timelineMargin,
  wideRow,
} from "./heights.js";
import { type Motion, motions, move } from "./list.js";
import { next, withPlace } from "./next.js";
import { overviewRows } from "./overview.js";
import {
  isRead,
  patchWindow,
  rowsHeight,
  rowsWindow,
  signatureRowsHeight,
  signatureRowsWindow,
} from "./pages.js";
import { recoverySteps } from "./recovery-places.js";
import { rowItems } from "./row-items.js";
import { connectFields, listedGroups, type Place, placeOf, type State } from "./state.js";
import { linesOfStory } from "./story.js";

export const isMotion = (command: Command): command is Motion => motions.some((motion) => motion === command);

/** Moves the cursor of whatever is shown, and reads what comes into sight. */
export function moveCursor(state: State, motion: Motion): Next<State> {
  const place = placeOf(state);
  if (place.screen === "connect") return next(withPlace(state, moveFocus(place, motion)));
  if (place.screen === "scan") return next(state);
  const moved = { ...place, list: move(place.list, motion, itemsOf(state, place), heightOf(state, place)) };
  return next(withPlace(state, moved), ...missing(state, moved));
}

function moveFocus(place: Extract<Place, { screen: "connect" }>, motion: Motion): Place {
  const at = connectFields.indexOf(place.focus);
  const by = motion === "down" ? 1 : motion === "up" ? -1 : 0;
  const focus = connectFields[(at + by + connectFields.length) % connectFields.length] ?? "pre";
  return { ...place, focus };
}

/** How many items the list of a place has. */
export function itemsOf(state: State, place: Exclude<Place, { screen: "connect" | "scan" }>): number {
  switch (place.screen) {
    case "overview":
      return state.plan === undefined ? 0 : overviewRows(state.plan).length;
    case "groups":
      return listedGroups(place).length;
    case "rows":
    case "patch":
      return place.total ?? 0;
    case "row":
      return rowItems(place, state.plan).length;
    case "signatures":
      return place.found?.list.length ?? 0;
    case "signature-rows":
      return place.total;
    case "story":
      return linesOfStory(state, place).length;
    case "timeline":
      return place.timeline?.intervals.length ?? 0;
    case "details":
      return detailsOf(state, place).length;
    case "recovery":
      return recoverySteps.length;
    case "approve":
      return Object.keys(state.standing?.signing.tables ?? {}).length;
    case "rehearse":
    case "apply":
    case "verify":
      return runLines(place, state.size.columns).length;
    case "help":
      return bindingsOf(place.about).length;
  }
}

/** How many of them are shown at a time. */
export function heightOf({ size }: State, place: Place): number {
  const height = bodyHeight(size);
  switch (place.screen) {
    case "overview":
      return Math.max(1, height - overviewMargin);
    case "groups":
      return Math.max(1, height - groupsMargin);
    case "rows":
      return rowsHeight(size);
    case "row": {
      const lines = size.columns >= wideRow || place.shows === "relatives" ? 1 : stackedLines;
      return Math.max(1, Math.floor((height - rowMargin) / lines));
    }
    case "signatures":
      return Math.max(1, height - signaturesMargin);
    case "signature-rows":
      return signatureRowsHeight(size);
    case "timeline":
      return Math.max(1, height - timelineMargin);
    case "help":
      return Math.max(1, height - helpMargin);
    case "approve":
      return Math.max(1, height - approveMargin);
    case "rehearse":
    case "apply":
    case "verify":
      return Math.max(1, height - runHead(place, size.columns).length);
    default:
      return height;
  }
}

function missing(state: State, place: Place): readonly Effect[] {
  if (place.screen === "rows" && !isRead(place, rowsHeight(state.size))) return [rowsWindow(state, place)];
  if (place.screen === "signature-rows" && !isRead(place, signatureRowsHeight(state.size)))
    return [signatureRowsWindow(state, place)];
  if (place.screen === "patch" && !isRead(place, bodyHeight(state.size))) return [patchWindow(state, place)];
  return [];
}
