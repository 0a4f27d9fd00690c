import { createHash } from "node:crypto";
import type { Key } from "../model/value.js";

/**
 * The id of a conflict: the same from run to run, because it depends on table, key and kind alone. 64 bits: among a
 * million conflicts two share an id once in tens of millions of plans.
 */
export function conflictId(table: string, key: Key, kind: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([table, key, kind]))
    .digest("hex");
  return `c${hash.slice(0, 16)}`;
}
