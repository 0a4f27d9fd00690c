import type { ConflictSelection } from "../../../src/index.js";
import type { Next } from "./actions.js";
import { openDetails } from "./details.js";
import { listStart } from "./list.js";
import { next, pop, push, refresh, withPlace } from "./next.js";
import { overviewRows } from "./overview.js";
import { openSelected } from "./recovery.js";
import { runUnderWay } from "./runs.js";
import { openSignatureRows } from "./signatures.js";
import {
  type GroupsPlace,
  listedGroups,
  placeOf,
  type RowPlace,
  type RowsPlace,
  type State,
  selectionOf,
} from "./state.js";
import { openStory } from "./story.js";

/** Opens what is selected, in a place on top. */
export function open(state: State): Next<State> {
  const place = placeOf(state);
  switch (place.screen) {
    case "overview": {
      const row = state.plan && overviewRows(state.plan)[place.list.selected];
      return row === undefined ? next(state) : openGroups(state, row.table);
    }
    case "groups": {
      const group = listedGroups(place)[place.list.selected];
      return group === undefined ? next(state) : openRows(state, { groups: [group] }, group.kind);
    }
    case "rows":
      return openRow(state, place);
    case "row":
      return openDetails(state, place);
    case "recovery":
      return openSelected(state);
    case "signatures":
      return openSignatureRows(state, place);
    case "signature-rows":
      return openStory(state);
    default:
      return next(state);
  }
}

/** @param table undefined: the conflicts of all tables */
export function openGroups(state: State, table: number | undefined): Next<State> {
  return opened(
    push(state, (id) => ({ screen: "groups", id, table, search: "", groups: undefined, list: listStart })),
  );
}

/** The rows of all groups that are listed. */
export function openAllRows(state: State, place: GroupsPlace): Next<State> {
  const title = place.search === "" ? "all conflicts" : `conflicts matching "${place.search}"`;
  return openRows(state, listedSelection(place), title);
}

function openRows(state: State, of: ConflictSelection, title: string): Next<State> {
  const page = { from: 0, lines: [] };
  return opened(
    push(state, (id) => ({
      ...{ screen: "rows", id, title, of, search: "", list: listStart, total: undefined, page },
    })),
  );
}

function openRow(state: State, place: RowsPlace): Next<State> {
  const { total = 0, list } = place;
  if (total === 0) return next(state);
  const among = selectionOf(place);
  return opened(
    push(state, (id) => ({
      ...{ screen: "row", id, among, at: list.selected, total, list: listStart, shows: "cells" },
      ...{ detail: undefined, relatives: undefined },
    })),
  );
}

const opened = (state: State): Next<State> => next({ ...state, notice: undefined }, ...refresh(state));

/** All that the groups screen lists, as one selection. */
export function listedSelection(place: GroupsPlace): ConflictSelection {
  if (place.search !== "") return { groups: listedGroups(place) };
  return place.table === undefined ? {} : { table: place.table };
}

/** Another row of the list that the row was opened from. */
export function turnTo(state: State, place: RowPlace, by: 1 | -1): Next<State> {
  const at = place.at + by;
  const turned: RowPlace = { ...place, at, list: listStart, relatives: undefined };
  const shows = place.shows === "relatives" ? "cells" : place.shows;
  const state_ = withPlace(state, { ...turned, shows });
  return next({ ...state_, notice: undefined }, ...refresh(state_));
}

/** Whoever leaves what is under way, stops it. */
export function back(state: State): Next<State> {
  const below = pop(state);
  const isLeft = runUnderWay(state) !== undefined && runUnderWay(below) === undefined;
  const effects = refresh(below);
  return next({ ...below, notice: undefined }, ...(isLeft ? [{ kind: "stop" } as const] : []), ...effects);
}
