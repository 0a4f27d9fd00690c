import { portion } from "../portion.js";
import { createRandom, type Random } from "../random.js";
import { castIssues, type IssueCast } from "./cast-issues.js";
import { pileUp } from "./pile.js";
import type { Cycle, Document, Integration, Project, Team, Tracker, User, Workspace } from "./rows.js";

/** Who plays what. A row of `pre` has one part at most. */
export interface Cast {
  readonly teams: TeamCast;
  readonly users: UserCast;
  readonly pages: PageCast;
  readonly projects: { readonly deleted: readonly Project[]; readonly edited: readonly Project[] };
  readonly workspaces: { readonly upgraded: readonly Workspace[] };
  readonly integrations: {
    readonly refreshed: readonly Integration[];
    readonly deleted: readonly Integration[];
    /** Their workspaces connect one more. */
    readonly joined: readonly Integration[];
  };
  readonly issues: IssueCast;
}

interface TeamCast {
  /** Create issues in the window and again on the restored database: their numbers clash. */
  readonly clashing: readonly Team[];
  readonly clashingLate: readonly Team[];
  readonly inWindow: readonly Team[];
  /** Of these, the teams that somebody joins in the window. */
  readonly joined: readonly Team[];
  readonly since: readonly Team[];
  /** Get their next cycle in the window, by automation. */
  readonly newCycle: readonly Team[];
  /** Get it again on the restored database. */
  readonly cycleTwice: readonly Team[];
}

interface UserCast {
  readonly renamed: readonly User[];
  readonly renamedTwice: readonly User[];
  readonly loggedIn: readonly User[];
  readonly loggedInTwice: readonly User[];
  readonly loggedInSince: readonly User[];
}

/** Pages of projects. */
interface PageCast {
  readonly retitled: readonly Document[];
  readonly retitledTwice: readonly Document[];
  /** In the window. What they say stays on the restored database. */
  readonly deleted: readonly Document[];
  readonly rewrittenSince: readonly Document[];
}

export function castAll(tracker: Tracker, scale: number, seed: number): Cast {
  const random = createRandom(seed, "cast");
  const teams = castTeams(tracker.team, scale, random);
  const projects = castProjects(tracker, scale, random);
  const workspaces = pileUp(tracker.workspace, scale, random);
  const integrations = castIntegrations(tracker.integration, scale, random);
  return {
    teams,
    projects,
    users: castUsers(tracker.user, scale, random),
    pages: castPages(tracker, scale, random),
    workspaces: { upgraded: workspaces.take(4) },
    integrations,
    issues: castIssues({ tracker, teams, projects, integrations, scale, random }),
  };
}

function castTeams(teams: readonly Team[], scale: number, random: Random): TeamCast {
  const byIssues = pileUp(teams, scale, random);
  const byCycles = pileUp(teams, scale, random);
  const inWindow = byIssues.take(24);
  return {
    clashing: byIssues.take(6),
    clashingLate: byIssues.take(3),
    inWindow,
    joined: inWindow.slice(0, portion(4, scale)),
    since: byIssues.take(12),
    newCycle: byCycles.take(10),
    cycleTwice: byCycles.take(4),
  };
}

function castIntegrations(list: readonly Integration[], scale: number, random: Random): Cast["integrations"] {
  const pile = pileUp(list, scale, random);
  return { refreshed: pile.take(3), deleted: pile.take(2), joined: pile.take(3) };
}

function castUsers(users: readonly User[], scale: number, random: Random): UserCast {
  const pile = pileUp(users, scale, random);
  return {
    renamed: pile.take(10),
    renamedTwice: pile.take(3),
    loggedIn: pile.take(30),
    loggedInTwice: pile.take(40),
    loggedInSince: pile.take(60),
  };
}

function castPages({ document, content_draft }: Tracker, scale: number, random: Random): PageCast {
  const drafted = new Set(content_draft.map(({ document_id }) => document_id));
  const pile = pileUp(
    document.filter(({ project_id }) => project_id !== null),
    scale,
    random,
  );
  return {
    // With a draft, two things would stand in the way.
    deleted: pile.take(3, ({ id }) => !drafted.has(id)),
    retitled: pile.take(20),
    retitledTwice: pile.take(3),
    rewrittenSince: pile.take(20),
  };
}

function castProjects({ project, document }: Tracker, scale: number, random: Random): Cast["projects"] {
  const withPages = new Set(document.map(({ project_id }) => project_id));
  const pile = pileUp(project, scale, random);
  return { deleted: pile.take(2, ({ id }) => !withPages.has(id)), edited: pile.take(12) };
}

/** The next cycle of a team. */
export function nextCycle(team: Team, cycles: readonly Cycle[]): number {
  return 1 + Math.max(...cycles.filter(({ team_id }) => team_id === team.id).map(({ number }) => number));
}
