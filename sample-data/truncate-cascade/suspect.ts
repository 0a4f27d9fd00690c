import type { Fate } from "./fate.js";
import { conflict } from "./fate.js";
import type { Entry } from "./ledger.js";
import { truncated } from "./migration.js";
import type { TableName, Tracker } from "./rows.js";
import type { Script } from "./script.js";

/** Where the guard starts to suspect a table that lost more than half of its rows. */
const fewestRows = 100;

/**
 * What becomes of the truncation's deletions where no rule speaks of them: each is set aside, unless the row is gone
 * from the restored database anyway.
 */
export function suspect(script: Script): readonly Entry[] {
  for (const table of truncated) {
    if (script.tracker[table].length <= fewestRows) {
      throw new RangeError(`too few rows of ${table} for the guard: the story needs a larger scale`);
    }
  }
  const gone = goneSince(script);
  return script.entries.map((entry) => {
    const isTruncated = (truncated as readonly TableName[]).includes(entry.ref.table);
    if (!isTruncated || entry.operation !== "delete") return entry;
    const id = Object.values(entry.ref.key)[0];
    const fate: Fate = gone.has(`${entry.ref.table} ${id}`)
      ? { kind: "already" }
      : conflict("suspected-damage", []);
    return { ...entry, fate };
  });
}

/** Rows of the truncated tables that are deleted on the restored database, or go with what is. */
function goneSince({ tracker, since }: Script): ReadonlySet<string> {
  const gone = new Set(
    since
      .flatMap(({ request }) => request.touches)
      .filter(({ operation }) => operation === "delete")
      .map(({ ref }) => `${ref.table} ${Object.values(ref.key)[0]}`),
  );
  const goesWith = <T extends TableName>(
    table: T,
    parents: (row: Tracker[T][number]) => readonly string[],
  ) => {
    for (const row of tracker[table] as readonly (Tracker[T][number] & { readonly id: unknown })[]) {
      if (parents(row).some((parent) => gone.has(parent))) gone.add(`${table} ${row.id}`);
    }
  };
  goesWith("document", ({ issue_id }) => [`issue ${issue_id}`]);
  goesWith("document_content", ({ document_id }) => [`document ${document_id}`]);
  // A thread's first comment comes before its replies.
  goesWith("comment", ({ issue_id, parent_id }) => [`issue ${issue_id}`, `comment ${parent_id}`]);
  goesWith("reaction", ({ comment_id }) => [`comment ${comment_id}`]);
  goesWith("notification", ({ issue_id, comment_id }) => [`issue ${issue_id}`, `comment ${comment_id}`]);
  goesWith("favorite", ({ issue_id }) => [`issue ${issue_id}`]);
  return gone;
}
