import { groupBy } from "../group-by.js";
import type { Comment, Document, Favorite, Issue, IssueLabel, Notification, Tracker } from "./rows.js";

/** What hangs on an issue in `pre`. */
export interface Hangers {
  readonly children: readonly Issue[];
  readonly labels: readonly IssueLabel[];
  readonly documents: readonly Document[];
  readonly comments: readonly Comment[];
  readonly notifications: readonly Notification[];
  readonly favorites: readonly Favorite[];
}

export type HangersOf = (issue: Issue) => Hangers;

export function findHangers(tracker: Tracker): HangersOf {
  const children = groupBy(tracker.issue, ({ parent_id }) => parent_id);
  const labels = groupBy(tracker.issue_label, ({ issue_id }) => issue_id);
  const documents = groupBy(tracker.document, ({ issue_id }) => issue_id);
  const comments = groupBy(tracker.comment, ({ issue_id }) => issue_id);
  const notifications = groupBy(tracker.notification, ({ issue_id }) => issue_id);
  const favorites = groupBy(tracker.favorite, ({ issue_id }) => issue_id);
  return ({ id }) => ({
    children: children.get(id) ?? [],
    labels: labels.get(id) ?? [],
    documents: documents.get(id) ?? [],
    comments: comments.get(id) ?? [],
    notifications: notifications.get(id) ?? [],
    favorites: favorites.get(id) ?? [],
  });
}

/** Whether nothing hangs on it but what is named. */
export function bearsOnly(hangers: Hangers, ...named: readonly (keyof Hangers)[]): boolean {
  return Object.entries(hangers).every(
    ([name, rows]) => rows.length === 0 || named.includes(name as keyof Hangers),
  );
}
