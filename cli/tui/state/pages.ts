import type { Effect } from "./actions.js";
import { bodyHeight, rowsMargin, signatureRowsMargin } from "./heights.js";
import type { SignatureRowsPlace } from "./incident-places.js";
import { type PatchPlace, type RowsPlace, type Size, type State, selectionOf } from "./state.js";

export const rowsHeight = (size: Size): number => Math.max(1, bodyHeight(size) - rowsMargin);

/** Reads the part of the list that is shown, with as much again above and below. */
export function rowsWindow({ size }: State, place: RowsPlace): Effect {
  const height = rowsHeight(size);
  const from = Math.max(0, place.list.top - height);
  return { kind: "read-rows", place: place.id, selection: selectionOf(place), from, count: 3 * height };
}

export function signatureRowsWindow({ size }: State, place: SignatureRowsPlace): Effect {
  const height = signatureRowsHeight(size);
  const from = Math.max(0, place.list.top - height);
  const { id: signature } = place.signature;
  return { kind: "read-signature-rows", place: place.id, signature, from, count: 3 * height };
}

export const signatureRowsHeight = (size: Size): number =>
  Math.max(1, bodyHeight(size) - signatureRowsMargin);

export function patchWindow({ size }: State, place: PatchPlace): Effect {
  const height = bodyHeight(size);
  const from = Math.max(0, place.list.top - height);
  return { kind: "read-patch", place: place.id, from, count: 3 * height };
}

/** Whether all that is shown was read. */
export function isRead(
  {
    list,
    page,
    total,
  }: Pick<RowsPlace | PatchPlace | SignatureRowsPlace, "list" | "total"> & {
    readonly page: { readonly from: number; readonly lines: readonly unknown[] };
  },
  height: number,
): boolean {
  const last = Math.min(total ?? 0, list.top + height);
  return list.top >= page.from && last <= page.from + page.lines.length;
}
