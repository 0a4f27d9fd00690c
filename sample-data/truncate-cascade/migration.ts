import { timestamp } from "../moments.js";
import type { Cast } from "./cast.js";
import { type LostDeed, lostDeed } from "./deed.js";
import { excluded, kept } from "./fate.js";
import { morning } from "./moments.js";
import type { Touch } from "./request.js";
import { rowRef } from "./row-ref.js";
import type { TableName, Tracker } from "./rows.js";

/** What TRUNCATE … CASCADE reached, apart from the two tables it was meant for. */
export const truncated = ["document_content", "comment", "reaction", "notification", "favorite"] as const;

const truncate = "TRUNCATE TABLE public.content_draft CASCADE";

const refillDrafts = `INSERT INTO public.content_draft (document_id, version)
  SELECT id, 2 FROM public.document WHERE project_id IS NOT NULL AND created_at < $1`;

const refillEntries = `INSERT INTO public.content_draft_entry (document_id, position, body)
  SELECT document_id, position, body FROM public.content_draft
  CROSS JOIN (VALUES (1, 'title'), (2, 'content')) AS part (position, body)`;

/** The migration: it was to empty and refill two tables that nobody uses yet. */
export function migration(
  tracker: Tracker,
  cast: Cast,
  workspaceOf: (document: string) => string,
): LostDeed[] {
  const emptied = truncated.flatMap((table) => touchesOf(tracker, table));
  const drafts = refilled(tracker, cast, workspaceOf);
  return [
    lostDeed(morning.truncate, { sql: truncate, values: [], touches: emptied }, kept),
    lostDeed(
      morning.refillDrafts,
      { sql: refillDrafts, values: [timestamp(morning.backup)], touches: drafts },
      excluded,
    ),
    lostDeed(
      morning.refillEntries,
      { sql: refillEntries, values: [], touches: drafts.flatMap(entries) },
      excluded,
    ),
  ];
}

function touchesOf(tracker: Tracker, table: (typeof truncated)[number]): Touch[] {
  const comments = new Map(tracker.comment.map((comment) => [comment.id, comment]));
  return tracker[table].map((row) => {
    const owner = "workspace_id" in row ? row : comments.get(row.comment_id);
    return { ref: rowRef<TableName>(table, row), operation: "delete", workspace: owner?.workspace_id ?? "" };
  });
}

/** Net: pages with a draft have another one, pages without have their first, descriptions have none any more. */
function refilled(tracker: Tracker, { pages }: Cast, workspaceOf: (document: string) => string): Touch[] {
  const deleted = new Set(pages.deleted.map(({ id }) => id));
  const before = new Set(tracker.content_draft.map(({ document_id }) => document_id));
  const after = new Set(
    tracker.document
      .filter(({ id, project_id }) => project_id !== null && !deleted.has(id))
      .map(({ id }) => id),
  );
  return [...new Set([...before, ...after])].map((document_id) => ({
    ref: rowRef("content_draft", { document_id }),
    operation: !before.has(document_id) ? "insert" : after.has(document_id) ? "update" : "delete",
    workspace: workspaceOf(document_id),
  }));
}

function entries({ ref, ...touch }: Touch): Touch[] {
  const document_id = String(ref.key["document_id"]);
  return [1, 2].map((position) => ({
    ...touch,
    ref: rowRef("content_draft_entry", { document_id, position }),
  }));
}
