import { countOutcomes } from "./expectations.js";
import type { Fate } from "./fate.js";
import { truncated } from "./migration.js";
import type { TableName } from "./rows.js";
import type { Script } from "./script.js";

/** Counted from what people did; the databases are not asked. */
export function countFacts(script: Script): Record<string, number> {
  const { tracker, entries, lost, since } = script;
  const rows = Object.values(tracker).reduce((sum, list) => sum + list.length, 0);
  const outcomes = countOutcomes(entries);
  const rowsTruncated = truncated.reduce((sum, table) => sum + tracker[table].length, 0);
  const peoplesRows = entries.length - rowsTruncated - count(entries, isDraft);
  const recovered = outcomes.apply + outcomes.already;
  return {
    rows,
    rowsTruncated,
    deedsInWindow: lost.length,
    deedsSince: since.length,
    deedsInVain: lost.filter(({ fate }) => fate.kind === "gone").length,
    rowsOfWindow: entries.length,
    ...outcomes,
    peoplesRows,
    recovered,
    recoveredPerMille: Math.floor((1000 * recovered) / peoplesRows),
    ...countHardCases(script),
  };
}

function countHardCases({ cast: { issues, pages, users, integrations }, entries, handedOut }: Script) {
  const of = (table: TableName, matches: (fate: Fate) => boolean) =>
    count(entries, ({ ref, fate }) => ref.table === table && matches(fate));
  const clash = (kind: string) => (fate: Fate) => fate.kind === "conflict" && fate.conflict === kind;
  const depth = (length: number) => (fate: Fate) =>
    (fate.kind === "skipped" || fate.kind === "conflict") && (fate.cause?.length ?? 0) >= length;
  return {
    issuesRekeyed: count(handedOut.rekeyed, ({ table }) => table === "issue"),
    notificationsRekeyed: count(handedOut.rekeyed, ({ table }) => table === "notification"),
    issueNumbersClashing: of("issue", clash("unique")),
    cyclesClashing: of("cycle", clash("unique")),
    descriptionsTwice: of("document", clash("unique")),
    textsTwice: of("document_content", clash("unique")),
    favoritesTwice: of("favorite", clash("unique")),
    labelsByTwo: of("issue_label", clash("insert/insert")),
    editedTwice: issues.titledTwice.length + pages.retitledTwice.length + users.renamedTwice.length,
    merged: issues.merged.length,
    editedAlike: issues.editedAlike.length,
    subscribersUnited: issues.subscribed.length,
    editedAndDeletedSince: issues.editedAndDeletedSince.length,
    deletedAndEditedSince: issues.deletedAndEditedSince.length,
    deletionsWithChildren: count(
      entries,
      ({ operation, fate }) => operation === "delete" && clash("foreign-key")(fate),
    ),
    hangingOnConflicts: count(
      entries,
      ({ operation, fate }) => operation !== "delete" && clash("foreign-key")(fate),
    ),
    newUsers: of("user", ({ kind }) => kind === "excluded"),
    newWorkspaces: of("workspace", ({ kind }) => kind === "excluded"),
    integrationsExcluded: of("integration", ({ kind }) => kind === "excluded"),
    integrationsDeleted: integrations.deleted.length,
    skippedThreeDeep: count(entries, ({ fate }) => fate.kind === "skipped" && depth(3)(fate)),
    skippedFourDeep: count(entries, ({ fate }) => fate.kind === "skipped" && depth(4)(fate)),
    conflictThreeDeep: count(entries, ({ fate }) => fate.kind === "conflict" && depth(3)(fate)),
  };
}

function count<T>(list: readonly T[], matches: (thing: T) => boolean): number {
  return list.filter(matches).length;
}

function isDraft({ ref }: Script["entries"][number]): boolean {
  return ref.table === "content_draft" || ref.table === "content_draft_entry";
}
