import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import { known, type Person } from "./person.js";
import type { Label, Project, Tracker, User } from "./rows.js";
import { survey } from "./tracker.js";

/** Whom and what one meets in a workspace. */
export interface Company {
  someone(workspace: string): Person;
  usersOf(workspace: string): readonly User[];
  labelsOf(workspace: string): readonly Label[];
  /** Of the team; without those that are deleted in the window. */
  projectsOf(team: string): readonly Project[];
}

export function gather(tracker: Tracker, cast: Cast, random: Random): Company {
  const deleted = new Set(cast.projects.deleted);
  const around = survey({ ...tracker, project: tracker.project.filter((project) => !deleted.has(project)) });
  return {
    ...around,
    someone: (workspace) => known(random.pick(around.usersOf(workspace))),
  };
}
