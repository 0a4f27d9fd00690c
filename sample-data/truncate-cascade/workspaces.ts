import { daysBefore, type Moment, timestamp } from "../moments.js";
import type { Random } from "../random.js";
import { morning } from "./moments.js";
import * as names from "./names.js";
import type { Cycle, Integration, Label, Project, Team, User, Workspace } from "./rows.js";

const usersEach = 6;
const teamsEach = 2;
const projectsPerTeam = 2;
const cyclesPerTeam = 3;

export function createWorkspaces(count: number, random: Random): Workspace[] {
  return Array.from({ length: count }, (_, index) => ({
    id: random.uuid(),
    name: `${random.pick(names.companies)} ${index + 1}`,
    url_key: `company-${index + 1}`,
    plan: random.pick(names.plans),
    ...dates(random),
  }));
}

export function createUsers(workspaces: readonly Workspace[], random: Random): User[] {
  return workspaces.flatMap((workspace) =>
    Array.from({ length: usersEach }, (_, index) => ({
      ...createIdentity(workspace, index, random),
      last_login_at: timestamp(past(10, random)),
      ...dates(random),
    })),
  );
}

function createIdentity(workspace: Workspace, index: number, random: Random) {
  const name = random.pick(names.people);
  return {
    id: random.uuid(),
    workspace_id: workspace.id,
    email: `${name.toLowerCase()}.${index}@${workspace.url_key}.example.com`,
    display_name: name,
    login_subject: `oidc|${random.hex(16)}`,
    password_hash: random.chance(0.5) ? `scrypt$${random.hex(24)}` : null,
  };
}

/** Their issues are counted when there are issues. */
export function createTeams(
  workspaces: readonly Workspace[],
  random: Random,
): Omit<Team, "last_issue_number">[] {
  return workspaces.flatMap(({ id: workspace_id }) =>
    random
      .shuffled(names.teams)
      .slice(0, teamsEach)
      .map((name) => ({
        id: random.uuid(),
        workspace_id,
        key: name.slice(0, 3).toUpperCase(),
        name,
        ...dates(random),
      })),
  );
}

export function createLabels(workspaces: readonly Workspace[], random: Random): Label[] {
  return workspaces.flatMap(({ id: workspace_id }) =>
    random
      .shuffled(names.labels)
      .slice(0, 4)
      .map((name, index) => ({ id: random.uuid(), workspace_id, name, color: names.colors[index] ?? "" })),
  );
}

export function createProjects(
  teams: readonly Pick<Team, "id" | "workspace_id">[],
  usersOf: (workspace: string) => readonly User[],
  random: Random,
): Project[] {
  return teams.flatMap(({ id: team_id, workspace_id }) =>
    Array.from({ length: projectsPerTeam }, () => ({
      id: random.uuid(),
      workspace_id,
      team_id,
      lead_id: random.chance(0.7) ? random.pick(usersOf(workspace_id)).id : null,
      name: random.pick(names.projects),
      state: random.pick(names.projectStates),
      target_date: random.chance(0.5) ? `2024-0${random.between(2, 10)}-15` : null,
      created_by: random.pick(usersOf(workspace_id)).id,
      ...dates(random),
    })),
  );
}

/** Two weeks each, the last one about to end. */
export function createCycles(teams: readonly Pick<Team, "id" | "workspace_id">[], random: Random): Cycle[] {
  return teams.flatMap(({ id: team_id, workspace_id }) =>
    Array.from({ length: cyclesPerTeam }, (_, index) => ({
      id: random.uuid(),
      workspace_id,
      team_id,
      number: index + 1,
      ...cycleDates(index - cyclesPerTeam + 1),
      ...dates(random),
    })),
  );
}

/** Counted from the cycle that runs on the day of the story. */
export function cycleDates(fromNow: number) {
  const starts = daysBefore(13 - 14 * fromNow, morning.backup);
  return { starts_at: timestamp(starts), ends_at: timestamp(daysBefore(-14, starts)) };
}

export function createIntegrations(
  workspaces: readonly Workspace[],
  usersOf: (workspace: string) => readonly User[],
  random: Random,
): Integration[] {
  return workspaces.map(({ id: workspace_id }) => ({
    id: random.uuid(),
    workspace_id,
    service: random.pick(names.services),
    access_token: random.hex(32),
    created_by: random.pick(usersOf(workspace_id)).id,
    ...dates(random),
  }));
}

/** Some moment within so many days before the backup. */
export function past(days: number, random: Random): Moment {
  return random.between(daysBefore(days, morning.backup), morning.backup);
}

export function dates(random: Random) {
  const created = random.between(daysBefore(400, morning.backup), daysBefore(30, morning.backup));
  return { created_at: timestamp(created), updated_at: timestamp(past(30, random)) };
}
