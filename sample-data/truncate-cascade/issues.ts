import { daysBefore, type Moment, timestamp } from "../moments.js";
import { numbering } from "../numbering.js";
import type { Random } from "../random.js";
import { morning } from "./moments.js";
import * as names from "./names.js";
import type { Cycle, Issue, IssueLabel, Label, Project, Team, User } from "./rows.js";
import { past } from "./workspaces.js";

/** What belongs to a workspace or a team, by its id. */
export interface Surroundings {
  usersOf(workspace: string): readonly User[];
  labelsOf(workspace: string): readonly Label[];
  projectsOf(team: string): readonly Project[];
  cyclesOf(team: string): readonly Cycle[];
}

interface Draft {
  readonly team: Pick<Team, "id" | "workspace_id">;
  readonly created: Moment;
}

/** Issues of all teams as they came in over a year: ids grow with time, numbers grow within a team. */
export function createIssues(
  teams: readonly Pick<Team, "id" | "workspace_id">[],
  each: number,
  around: Surroundings,
  random: Random,
): Issue[] {
  const nextId = numbering(random);
  const ofTeam = new Map(teams.map(({ id }) => [id, [] as Issue[]]));
  return draftIssues(teams, each, random).map((draft) => {
    const earlier = ofTeam.get(draft.team.id) ?? [];
    const parent = random.chance(0.12) ? earlier.at(-random.between(1, 20)) : undefined;
    const issue = {
      ...createIssue(nextId(), earlier.length + 1, draft, around, random),
      parent_id: parent?.id ?? null,
    };
    earlier.push(issue);
    return issue;
  });
}

function draftIssues(teams: readonly Draft["team"][], each: number, random: Random): Draft[] {
  return teams
    .flatMap((team) =>
      Array.from({ length: each }, () => ({
        team,
        created: random.between(daysBefore(380, morning.backup), daysBefore(2, morning.backup)),
      })),
    )
    .sort((left, right) => left.created - right.created);
}

function createIssue(
  id: number,
  number: number,
  { team, created }: Draft,
  around: Surroundings,
  random: Random,
) {
  const users = around.usersOf(team.workspace_id);
  const creator = random.pick(users).id;
  const sometimes = <T>(share: number, list: readonly T[]): T | undefined =>
    random.chance(share) ? random.pick(list) : undefined;
  return {
    id,
    workspace_id: team.workspace_id,
    team_id: team.id,
    number,
    title: random.pick(names.titles),
    state: random.pick(names.states),
    priority: random.between(0, 5),
    estimate: sometimes(0.5, names.estimates) ?? null,
    assignee_id: sometimes(0.6, users)?.id ?? null,
    project_id: sometimes(0.5, around.projectsOf(team.id))?.id ?? null,
    cycle_id: sometimes(0.5, around.cyclesOf(team.id))?.id ?? null,
    description_document_id: random.chance(0.3) ? random.uuid() : null,
    subscriber_ids: [...new Set([creator, random.pick(users).id])],
    created_by: creator,
    created_at: timestamp(created),
    updated_at: timestamp(Math.max(created, past(40, random))),
  };
}

export function createIssueLabels(
  issues: readonly Issue[],
  around: Surroundings,
  random: Random,
): IssueLabel[] {
  return issues.flatMap(({ id, workspace_id, created_by }) =>
    around
      .labelsOf(workspace_id)
      .filter(() => random.chance(0.2))
      .map((label) => ({ issue_id: id, label_id: label.id, added_by: created_by })),
  );
}

/** How far each team has counted. */
export function countIssues(
  teams: readonly Omit<Team, "last_issue_number">[],
  issues: readonly Issue[],
): Team[] {
  const last = new Map(issues.map(({ team_id, number }) => [team_id, number]));
  return teams.map((team) => ({ ...team, last_issue_number: last.get(team.id) ?? 0 }));
}
