import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import type { Company } from "./company.js";
import { lostDeed, within } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { anyEdit, change } from "./edits.js";
import { already, apply, conflict, excluded, type Fate } from "./fate.js";
import { say } from "./hang-on.js";
import type { HangersOf } from "./hangers.js";
import { since, window } from "./moments.js";
import { placeOf } from "./place.js";
import { remove, type Touch } from "./request.js";
import { rowRef } from "./row-ref.js";
import type { DocumentContent, Issue, Tracker } from "./rows.js";

/**
 * What people deleted. Only deletions of surviving tables can be told from the truncation's; an issue that had a
 * comment cannot go, because its comment stays.
 */
export function deletions(
  tracker: Tracker,
  { issues, projects, pages, integrations }: Cast,
  hangersOf: HangersOf,
  random: Random,
): Deeds {
  const contents = new Map(tracker.document_content.map((content) => [content.document_id, content]));
  const drop = (list: readonly Issue[], fate: (issue: Issue) => Fate): Deeds =>
    together({
      lost: list.map((issue) => lostDeed(within(window, random), removal(issue, hangersOf), fate(issue))),
    });
  return together(
    drop(issues.deleted, () => apply),
    drop(issues.deletedParents, () => apply),
    drop(issues.deletedWithComment, (issue) =>
      conflict(
        "foreign-key",
        [],
        hangersOf(issue).comments.map((comment) => rowRef("comment", comment)),
      ),
    ),
    drop(issues.deletedTwice, () => already),
    drop(issues.deletedAndEditedSince, () => conflict("update/delete", [])),
    together({
      lost: [
        ...projects.deleted.map((project) => {
          const orphans = issues.ofDeletedProjects.filter(({ project_id }) => project_id === project.id);
          const request = remove("project", project.workspace_id, { id: project.id }, orphans.map(loosened));
          return lostDeed(within(window, random), request, apply);
        }),
        ...pages.deleted.map(({ id, workspace_id }) =>
          lostDeed(
            within(window, random),
            remove("document", workspace_id, { id }),
            staysWritten(contents.get(id)),
          ),
        ),
        ...integrations.deleted.map(({ id, workspace_id }) =>
          lostDeed(within(window, random), remove("integration", workspace_id, { id }), excluded),
        ),
      ],
    }),
  );
}

/** Deletions on the restored database, and what people did there to issues deleted in the window. */
export function laterDeletions(
  { issues }: Cast,
  hangersOf: HangersOf,
  company: Company,
  random: Random,
): Deeds {
  const gone = [
    ...issues.deletedTwice,
    ...issues.deletedSince,
    ...issues.editedAndDeletedSince,
    ...issues.touchedAndDeletedSince,
    ...issues.commentedAndDeletedSince,
  ];
  return together(
    { since: gone.map((issue) => ({ at: within(since, random), request: removal(issue, hangersOf) })) },
    {
      since: issues.deletedAndEditedSince.map((issue) => ({
        at: within(since, random),
        request: change(issue, anyEdit(issue, company, random)),
      })),
    },
    ...issues.deletedAndCommentedSince.map((issue) => {
      const by = company.someone(issue.workspace_id);
      const said = say(placeOf(issue, "current"), by, within(since, random), random);
      const fate = conflict("foreign-key", [], [said.standing.ref]);
      return together({
        lost: [lostDeed(within(window, random), removal(issue, hangersOf), fate)],
        since: [said],
      });
    }),
  );
}

/** With the labels that go with it, and the sub-issues that it lets go. What hangs in truncated tables is not told. */
function removal(issue: Issue, hangersOf: HangersOf) {
  const { labels, children } = hangersOf(issue);
  const workspace = issue.workspace_id;
  return remove("issue", workspace, { id: issue.id }, [
    ...labels.map((label): Touch => ({ ref: rowRef("issue_label", label), operation: "delete", workspace })),
    ...children.map(loosened),
  ]);
}

function loosened(issue: Issue): Touch {
  return { ref: rowRef("issue", { id: issue.id }), operation: "update", workspace: issue.workspace_id };
}

function staysWritten(content: DocumentContent | undefined): Fate {
  if (content === undefined) throw new Error("a page without content");
  return conflict("foreign-key", [], [rowRef("document_content", content)]);
}

/** Labels taken off, by one side or by both. */
export function unlabel({ issues }: Cast, hangersOf: HangersOf, random: Random): Deeds {
  const firstLabel = (issue: Issue) => {
    const [label] = hangersOf(issue).labels;
    if (label === undefined) throw new Error("an issue without a label");
    return remove("issue_label", issue.workspace_id, { issue_id: label.issue_id, label_id: label.label_id });
  };
  return together({
    lost: [
      ...issues.unlabeled.map((issue) => lostDeed(within(window, random), firstLabel(issue), apply)),
      ...issues.unlabeledTwice.map((issue) => lostDeed(within(window, random), firstLabel(issue), already)),
    ],
    since: issues.unlabeledTwice.map((issue) => ({ at: within(since, random), request: firstLabel(issue) })),
  });
}
