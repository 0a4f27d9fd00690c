import { groupBy } from "../group-by.js";
import { portion } from "../portion.js";
import { createRandom } from "../random.js";
import { createContents, createDocuments, createDraftEntries, createDrafts } from "./documents.js";
import { countIssues, createIssueLabels, createIssues, type Surroundings } from "./issues.js";
import type { Cycle, Label, Project, Tracker, User } from "./rows.js";
import { createComments, createFavorites, createNotifications, createReactions } from "./talk.js";
import * as create from "./workspaces.js";

const issuesPerTeam = 42;

/** The tracker as it stood at 04:47. It stays in memory: the story is cast from it, not from a database. */
export function createTracker(scale: number, seed: number): Tracker {
  const random = createRandom(seed, "tracker");
  const workspace = create.createWorkspaces(portion(40, scale), random);
  const user = create.createUsers(workspace, random);
  const label = create.createLabels(workspace, random);
  const teams = create.createTeams(workspace, random);
  const usersOf = listing(user, ({ workspace_id }) => workspace_id);
  const project = create.createProjects(teams, usersOf, random);
  const cycle = create.createCycles(teams, random);
  const integration = create.createIntegrations(workspace, usersOf, random);
  const around = survey({ user, label, project, cycle });
  const issue = createIssues(teams, issuesPerTeam, around, random);
  const issue_label = createIssueLabels(issue, around, random);
  const document = createDocuments(issue, project, random);
  const document_content = createContents(document, random);
  const comment = createComments(issue, around, random);
  const content_draft = createDrafts(document, random);
  return {
    workspace,
    user,
    team: countIssues(teams, issue),
    label,
    project,
    cycle,
    integration,
    issue,
    issue_label,
    document,
    document_content,
    comment,
    reaction: createReactions(comment, around, random),
    notification: createNotifications(issue, comment, random),
    favorite: createFavorites(issue, around, random),
    content_draft,
    content_draft_entry: createDraftEntries(content_draft),
  };
}

export function survey(tracker: Pick<Tracker, "user" | "label" | "project" | "cycle">): Surroundings {
  return {
    usersOf: listing<User>(tracker.user, ({ workspace_id }) => workspace_id),
    labelsOf: listing<Label>(tracker.label, ({ workspace_id }) => workspace_id),
    projectsOf: listing<Project>(tracker.project, ({ team_id }) => team_id),
    cyclesOf: listing<Cycle>(tracker.cycle, ({ team_id }) => team_id),
  };
}

function listing<T>(rows: readonly T[], key: (row: T) => string): (id: string) => readonly T[] {
  const lists = groupBy(rows, key);
  return (id) => lists.get(id) ?? [];
}
