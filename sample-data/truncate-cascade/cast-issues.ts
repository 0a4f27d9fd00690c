import type { Random } from "../random.js";
import { bearsOnly, findHangers, type Hangers, type HangersOf } from "./hangers.js";
import { type Pile, pileUp } from "./pile.js";
import type { Integration, Issue, Project, Team, Tracker } from "./rows.js";

type Issues = readonly Issue[];

/** Parts of issues of `pre`: what is done to them in the window, or since then, or both. */
export type IssueCast = ReturnType<typeof castIssues>;

interface Scene {
  readonly tracker: Tracker;
  readonly teams: Readonly<Record<"inWindow" | "joined" | "newCycle" | "cycleTwice", readonly Team[]>>;
  readonly projects: { readonly deleted: readonly Project[] };
  readonly integrations: { readonly joined: readonly Integration[] };
  readonly scale: number;
  readonly random: Random;
}

/** What is hardest to find is taken first. */
export function castIssues({ tracker, teams, projects, integrations, scale, random }: Scene) {
  const hangers = findHangers(tracker);
  const bears = (suits: (hangers: Hangers) => boolean) => (issue: Issue) => suits(hangers(issue));
  const deletedProjects = new Set<string | null>(projects.deleted.map(({ id }) => id));
  const ofDeletedProjects = tracker.issue.filter(({ project_id }) => deletedProjects.has(project_id));
  const { deletedParents, theirChildren, others } = castFamilies(
    without(tracker.issue, ofDeletedProjects),
    hangers,
    scale,
    random,
  );
  const pile = pileUp(others, scale, random);
  return {
    ofDeletedProjects,
    deletedParents,
    theirChildren,
    ...castDeletions(pile, bears),
    ...castDescriptions(pile),
    ...castLabels(pile, bears),
    ...castFavorites(pile, bears),
    ...castByPlace(pile, teams, integrations.joined),
    ...castTalk(pile),
    ...castEdits(pile),
    quiet: pile.rest(),
  };
}

/** Deleted issues of which nothing is left but one sub-issue. */
function castFamilies(issues: Issues, hangers: HangersOf, scale: number, random: Random) {
  const free = new Set(issues);
  const deletedParents = pileUp(issues, scale, random).take(3, (issue) => {
    const [child, ...more] = hangers(issue).children;
    if (child === undefined || more.length > 0 || !free.has(child)) return false;
    return bearsOnly(hangers(issue), "children") && hangers(child).children.length === 0;
  });
  const theirChildren = deletedParents.flatMap((issue) => hangers(issue).children);
  return { deletedParents, theirChildren, others: without(issues, [...deletedParents, ...theirChildren]) };
}

type Bears = (suits: (hangers: Hangers) => boolean) => (issue: Issue) => boolean;

function castDeletions(pile: Pile<Issue>, bears: Bears) {
  const bare = bears((hangers) => bearsOnly(hangers));
  const leaf = bears(({ children }) => children.length === 0);
  return {
    /** By people in the window, but one comment stays on the restored database. */
    deletedWithComment: pile.take(
      3,
      bears((hangers) => bearsOnly(hangers, "comments") && hangers.comments.length === 1),
    ),
    deletedTwice: pile.take(3, bare),
    deletedAndEditedSince: pile.take(3, bare),
    deletedAndCommentedSince: pile.take(2, bare),
    deleted: pile.take(
      12,
      bears((hangers) => bearsOnly(hangers, "labels")),
    ),
    editedAndDeletedSince: pile.take(5, leaf),
    touchedAndDeletedSince: pile.take(2, leaf),
    commentedAndDeletedSince: pile.take(3, leaf),
    deletedSince: pile.take(10, leaf),
  };
}

function castDescriptions(pile: Pile<Issue>) {
  const bare = ({ description_document_id }: Issue) => description_document_id === null;
  return {
    described: pile.take(40, bare),
    /** Before the truncation: the document is still there, what it said is not. */
    describedEarly: pile.take(6, bare),
    describedTwice: pile.take(5, bare),
    /** Their description was truncated, and written again on the damaged database. */
    rewritten: pile.take(6, (issue) => !bare(issue)),
    rewrittenSince: pile.take(20, (issue) => !bare(issue)),
  };
}

function castLabels(pile: Pile<Issue>, bears: Bears) {
  const some = bears(({ labels }) => labels.length > 0);
  const notAll = bears(({ labels }) => labels.length < 4);
  return {
    labeled: pile.take(60, notAll),
    labeledTwice: pile.take(4, notAll),
    labeledByTwo: pile.take(3, notAll),
    unlabeled: pile.take(40, some),
    unlabeledTwice: pile.take(3, some),
  };
}

function castFavorites(pile: Pile<Issue>, bears: Bears) {
  const none = bears(({ favorites }) => favorites.length === 0);
  return {
    favorited: pile.take(40, none),
    favoritedTwice: pile.take(4, none),
    /** The favorite was truncated, and made again on the damaged database. */
    favoritedAgain: pile.take(
      5,
      bears(({ favorites }) => favorites.length > 0),
    ),
    favoritedSince: pile.take(40, none),
  };
}

function castByPlace(pile: Pile<Issue>, teams: Scene["teams"], connected: readonly Integration[]) {
  const ofTeams = (list: readonly Team[]) => {
    const ids = new Set(list.map(({ id }) => id));
    return ({ team_id }: Issue) => ids.has(team_id);
  };
  const ofWorkspaces = (list: readonly { readonly workspace_id: string }[]) => {
    const ids = new Set(list.map(({ workspace_id }) => workspace_id));
    return ({ workspace_id }: Issue) => ids.has(workspace_id);
  };
  return {
    intoNewCycle: pile.take(12, ofTeams(teams.newCycle)),
    intoClashingCycle: pile.take(4, ofTeams(teams.cycleTwice)),
    underNewIssue: pile.take(4, ofTeams(teams.inWindow)),
    assignedToNewUser: pile.take(4, ofWorkspaces(teams.joined)),
    commentedByNewUser: pile.take(4, ofWorkspaces(teams.joined)),
    favoritedByNewUser: pile.take(2, ofWorkspaces(teams.joined)),
    /** Through an integration that was connected in the window. */
    viaNewIntegration: pile.take(3, ofWorkspaces(connected)),
  };
}

function castTalk(pile: Pile<Issue>) {
  return {
    commented: pile.take(200),
    viaIntegration: pile.take(6),
    commentedSince: pile.take(120),
  };
}

function castEdits(pile: Pile<Issue>) {
  return {
    edited: pile.take(300),
    /** Renamed, and renamed back: only updated_at tells. */
    touched: pile.take(4),
    /** Other columns in the window than since. */
    merged: pile.take(30),
    editedAlike: pile.take(6),
    titledTwice: pile.take(8),
    subscribed: pile.take(8),
    editedSince: pile.take(200),
  };
}

function without(issues: Issues, others: Issues): Issues {
  const out = new Set(others);
  return issues.filter((issue) => !out.has(issue));
}
