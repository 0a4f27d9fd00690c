import type { LostDeed } from "./deed.js";
import type { Fate } from "./fate.js";
import type { Operation } from "./request.js";
import { printRef, type RowRef } from "./row-ref.js";

/** A row that differs between `pre` and `post`, and what must become of the difference. */
export interface Entry {
  readonly ref: RowRef;
  readonly operation: Operation;
  readonly workspace: string;
  readonly fate: Fate;
}

/** All that was done to a row, as the one difference that two snapshots show. Keys must have been handed out. */
export function account(deeds: readonly LostDeed[]): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const { request, fate } of deeds) {
    if (fate.kind === "gone") continue;
    for (const touch of request.touches) {
      const name = JSON.stringify(printRef(touch.ref));
      const before = entries.get(name);
      if (before && before.fate.kind !== fate.kind) throw new Error(`two fates of ${name}`);
      const operation = before === undefined ? touch.operation : net(before.operation, touch.operation);
      entries.set(name, { ...touch, operation, fate: before?.fate ?? fate });
    }
  }
  return [...entries.values()];
}

function net(first: Operation, then: Operation): Operation {
  if (then === "update") return first;
  if (first === "update" && then === "delete") return "delete";
  throw new Error(`${then} after ${first}: the story has no use for that`);
}
