import type { RowRef } from "./row-ref.js";

/** What must become of a row that was written in the lost window. */
export type Fate =
  /** It comes back. */
  | { readonly kind: "apply" | "already" }
  /** A strategy decides for what current has. */
  | { readonly kind: "kept" }
  | {
      readonly kind: "conflict";
      readonly conflict: ConflictKind;
      readonly columns: readonly string[];
      /** What stands in the way, and what stands in the way of that. */
      readonly cause: readonly RowRef[];
    }
  | { readonly kind: "excluded" }
  | {
      readonly kind: "skipped";
      /** What it needs, what that needs, … and last what is excluded; undefined where there is more than one way. */
      readonly cause: readonly RowRef[] | undefined;
    }
  /** The truncation took it, or people did: no snapshot has ever held it. */
  | { readonly kind: "gone" }
  /** Of a row that was there before the window, and is deleted on the restored database. */
  | { readonly kind: "missing" };

export type ConflictKind =
  | "update/update"
  | "update/delete"
  | "delete/update"
  | "insert/insert"
  | "foreign-key"
  | "unique"
  | "suspected-damage";

export const apply: Fate = { kind: "apply" };
export const already: Fate = { kind: "already" };
export const kept: Fate = { kind: "kept" };
export const excluded: Fate = { kind: "excluded" };
export const gone: Fate = { kind: "gone" };

export function conflict(
  kind: ConflictKind,
  columns: readonly string[],
  cause: readonly RowRef[] = [],
): Fate {
  return { kind: "conflict", conflict: kind, columns, cause };
}

/** A row that others may need. */
export interface Standing {
  readonly ref: RowRef;
  readonly fate: Fate;
}

/** A foreign key of the row in question, and what it points at. */
export interface Need {
  readonly column: string;
  readonly on: Standing;
}

/**
 * The fate of a row that could come back by itself, given what it needs.
 *
 * @throws if it could be told in more than one way: the story keeps such rows out
 */
export function hanging(...needs: readonly Need[]): Fate {
  const missing = needs.filter(({ on }) => on.fate.kind !== "apply");
  const [need, ...others] = missing;
  if (need === undefined) return apply;
  if (missing.every(({ on: { fate } }) => fate.kind === "excluded" || fate.kind === "skipped")) {
    return { kind: "skipped", cause: others.length > 0 ? undefined : causeOf(need.on) };
  }
  const cause = causeOf(need.on);
  if (others.length > 0 || cause === undefined) throw new Error("a row that misses two things");
  return conflict("foreign-key", [need.column], cause);
}

/** How a row that needs this one explains itself. */
function causeOf({ ref, fate }: Standing): readonly RowRef[] | undefined {
  switch (fate.kind) {
    case "conflict":
      return [ref, ...fate.cause];
    case "skipped":
      return fate.cause && [ref, ...fate.cause];
    case "excluded":
    case "missing":
      return [ref];
    default:
      throw new Error(`nothing hangs on a row that is ${fate.kind}`);
  }
}
