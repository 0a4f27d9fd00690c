import type { Mode, PlannedRow, Table } from "../../../src/index.js";
import { shown } from "./measure.js";
import { valueText } from "./value.js";

/** What pre and post are in a merge of this mode. */
export function sidesOf({ pre, post }: Pick<PlannedRow, "pre" | "post">, mode: Mode) {
  return mode === "undo" ? { base: post, incoming: pre } : { base: pre, incoming: post };
}

/** `17`, or `team=4 person=ann` where the key has several columns; all that a row without a key says. */
export function keyLine(
  { key, pre, post }: Pick<PlannedRow, "key"> & Partial<Pick<PlannedRow, "pre" | "post">>,
  table: Table | undefined,
): string {
  if (table?.keySource === "bag") {
    const values = (pre ?? post)?.map(
      (value, at) => `${shown(table.columns[at]?.name ?? "")}=${valueText(value)}`,
    );
    return values?.join(" ") ?? `copy ${key[1] ?? ""}`;
  }
  if (key.length === 1) return shown(key[0] ?? "");
  const names = table?.key.map((at) => table.columns[at]?.name ?? "") ?? [];
  return key.map((value, at) => `${shown(names[at] ?? "")}=${valueText(value)}`).join(" ");
}

/** Where a version of the row has come from, in this mode. */
export function versionNames(mode: Mode): Readonly<Record<"pre" | "post" | "current", string>> {
  return mode === "undo"
    ? { pre: "pre (incoming)", post: "post (base)", current: "current" }
    : { pre: "pre (base)", post: "post (incoming)", current: "current" };
}
