import type { ConflictKind } from "../model/conflict.js";
import { number } from "./plural.js";
import type { Summary } from "./summary.js";

/** Each kind of conflict as the person on call would put it: `12 rows: ...`. */
const inWords: Readonly<Record<ConflictKind, string>> = {
  "update/update": "changed on both sides, to different values",
  "update/delete": "to be deleted, but changed on the live database",
  "delete/update": "to be changed, but deleted on the live database",
  "insert/insert": "another row has the same key on the live database",
  "foreign-key": "refer to what is not there, or stay because something refers to them",
  unique: "a row that stays has the same unique value",
  exclusion: "a row that stays excludes them",
  check: "would break a check once merged",
  "not-null": "would lack a value that must be there once merged",
  "suspected-damage": "deletes that look like the damage itself: a rule must say",
};

/** Undefined: a kind that is not known here. */
export function kindWords(kind: string): string | undefined {
  return inWords[kind as ConflictKind];
}

/** What does not come back, and why, most rows first; a line each. */
export function whyNotLines({
  tables,
  totals: { skipped },
}: Pick<Summary, "tables" | "totals">): readonly string[] {
  const rows = new Map<string, number>();
  for (const { conflicts } of tables)
    for (const [kind, count] of Object.entries(conflicts)) rows.set(kind, (rows.get(kind) ?? 0) + count);
  const reasons = [...rows].map(([kind, count]) => ({
    count,
    text: `${kind}: ${kindWords(kind) ?? "in conflict"}`,
  }));
  if (skipped > 0)
    reasons.push({
      count: skipped,
      text: "skipped: they need something that is left out, or are too long to be read",
    });
  const width = Math.max(0, ...reasons.map(({ count }) => number(count).length));
  return reasons
    .sort((a, b) => b.count - a.count)
    .map(({ count, text }) => `  ${number(count).padStart(width)} ${text}`);
}
