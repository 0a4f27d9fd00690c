import { timestamp } from "../moments.js";
import { numbering } from "../numbering.js";
import type { Random } from "../random.js";
import type { Surroundings } from "./issues.js";
import * as names from "./names.js";
import type { Comment, Favorite, Issue, Notification, Reaction } from "./rows.js";
import { past } from "./workspaces.js";

/** Half of the issues are never talked about. */
export function createComments(issues: readonly Issue[], around: Surroundings, random: Random): Comment[] {
  return issues.flatMap((issue) => {
    const thread: Comment[] = [];
    const count = random.chance(0.45) ? random.between(1, 5) : 0;
    for (let said = 0; said < count; said++) thread.push(createComment(issue, thread, around, random));
    return thread;
  });
}

function createComment(
  issue: Issue,
  thread: readonly Comment[],
  around: Surroundings,
  random: Random,
): Comment {
  const moment = timestamp(past(25, random));
  const first = thread[0];
  return {
    id: random.uuid(),
    workspace_id: issue.workspace_id,
    issue_id: issue.id,
    parent_id: first && random.chance(0.4) ? first.id : null,
    body: random.pick(names.remarks),
    integration_id: null,
    created_by: random.pick(around.usersOf(issue.workspace_id)).id,
    created_at: moment,
    updated_at: moment,
  };
}

export function createReactions(
  comments: readonly Comment[],
  around: Surroundings,
  random: Random,
): Reaction[] {
  return comments.flatMap(({ id: comment_id, workspace_id, created_at }) =>
    random
      .shuffled(around.usersOf(workspace_id))
      .slice(0, random.between(0, 3))
      .filter(() => random.chance(0.5))
      .map(({ id: user_id }) => ({
        id: random.uuid(),
        comment_id,
        user_id,
        emoji: random.pick(names.emojis),
        created_at,
      })),
  );
}

/** Of comments to whoever created the issue, and of assignments. */
export function createNotifications(
  issues: readonly Issue[],
  comments: readonly Comment[],
  random: Random,
): Notification[] {
  const nextId = numbering(random);
  const creators = new Map(issues.map(({ id, created_by }) => [id, created_by]));
  return [
    ...issues
      .filter(() => random.chance(0.3))
      .map(({ id: issue_id, workspace_id, created_by, assignee_id }) => ({
        id: nextId(),
        workspace_id,
        user_id: assignee_id ?? created_by,
        issue_id,
        comment_id: null,
        type: "assigned" as const,
        created_by,
        ...received(random),
      })),
    ...comments
      .filter(() => random.chance(0.5))
      .map(({ id: comment_id, workspace_id, created_by, issue_id }) => ({
        id: nextId(),
        workspace_id,
        user_id: creators.get(issue_id) ?? created_by,
        issue_id,
        comment_id,
        type: "commented" as const,
        created_by,
        ...received(random),
      })),
  ];
}

function received(random: Random) {
  const moment = timestamp(past(28, random));
  return { read_at: random.chance(0.6) ? moment : null, created_at: moment, updated_at: moment };
}

export function createFavorites(issues: readonly Issue[], around: Surroundings, random: Random): Favorite[] {
  return issues
    .filter(() => random.chance(0.2))
    .map(({ id, workspace_id }, index) => ({
      id: random.uuid(),
      workspace_id,
      user_id: random.pick(around.usersOf(workspace_id)).id,
      issue_id: id,
      sort_order: index + random.between(0, 100) / 100,
      created_at: timestamp(past(100, random)),
    }));
}
