import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import type { Company } from "./company.js";
import { type LostDeed, lostDeed, within } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { change } from "./edits.js";
import { excluded, hanging } from "./fate.js";
import { notify, react, say, star } from "./hang-on.js";
import { early, third, window } from "./moments.js";
import * as names from "./names.js";
import { type Person, standingOf } from "./person.js";
import { placeOf } from "./place.js";
import { insert, update } from "./request.js";
import { rowRef } from "./row-ref.js";
import type { Integration, Issue, Team } from "./rows.js";

/** People who sign up in the window: there is no way to tie them back to a login, so they must not come back. */
export function signUp(teams: readonly Team[], random: Random): readonly Person[] {
  return teams.map(({ workspace_id }) => ({ id: random.uuid(), workspace_id, fate: excluded }));
}

function signUpDeed({ id, workspace_id, fate }: Person, random: Random): LostDeed {
  const name = `${random.pick(names.people)} (new)`;
  const row = {
    id,
    workspace_id,
    display_name: name,
    email: `${random.hex(8)}@new.example.com`,
    login_subject: `oidc|${random.hex(16)}`,
  };
  return lostDeed(within(early, random), insert("user", workspace_id, row), fate);
}

/** What new people do to old issues, and what is done with them; their own issues are in `new-issues.ts`. */
export function workOfNewPeople(
  { issues }: Cast,
  people: readonly Person[],
  company: Company,
  random: Random,
): Deeds {
  const newIn = (issue: Issue) => {
    const person = people.find(({ workspace_id }) => workspace_id === issue.workspace_id);
    if (person === undefined) throw new Error("a workspace that nobody joined");
    return person;
  };
  return together({
    lost: [
      ...people.map((person) => signUpDeed(person, random)),
      ...issues.assignedToNewUser.flatMap((issue) => assign(issue, newIn(issue), company, random)),
      ...issues.commentedByNewUser.flatMap((issue) => {
        const said = say(placeOf(issue, "lost"), newIn(issue), within(third, random), random);
        return [said, react(said, company.someone(issue.workspace_id), said.at + 1, random)];
      }),
      ...issues.favoritedByNewUser.map((issue) =>
        star(placeOf(issue, "lost"), newIn(issue), within(third, random), random),
      ),
    ],
  });
}

/** The issue is withheld as a whole, with what else was changed in it. */
function assign(issue: Issue, person: Person, { someone }: Company, random: Random): LostDeed[] {
  const fate = hanging({ column: "assignee_id", on: standingOf(person) });
  const at = within(third, random);
  const by = someone(issue.workspace_id);
  return [
    lostDeed(at, change(issue, { assignee_id: person.id, priority: (issue.priority + 1) % 5 }), fate),
    notify(placeOf(issue, "lost"), person, { type: "assigned", by }, at),
  ];
}

/** Integrations act in somebody's name. People are to connect them again themselves. */
export function connect({ integrations, issues }: Cast, company: Company, random: Random): Deeds {
  return together(
    {
      lost: integrations.refreshed.map(({ id, workspace_id }) =>
        lostDeed(
          within(window, random),
          update("integration", workspace_id, { id }, { access_token: random.hex(32) }),
          excluded,
        ),
      ),
    },
    ...integrations.joined.map(({ workspace_id }) =>
      connectOne(workspace_id, issues.viaNewIntegration, company, random),
    ),
  );
}

function connectOne(
  workspace_id: Integration["workspace_id"],
  issues: readonly Issue[],
  { someone }: Company,
  random: Random,
): Deeds {
  const row = {
    id: random.uuid(),
    workspace_id,
    service: random.pick(names.services),
    access_token: random.hex(32),
    created_by: someone(workspace_id).id,
  };
  const via = { id: row.id, ref: rowRef("integration", row), fate: excluded };
  const here = issues.filter((issue) => issue.workspace_id === workspace_id);
  return together({
    lost: [
      lostDeed(within(early, random), insert("integration", workspace_id, row), excluded),
      ...here.map((issue) =>
        say(placeOf(issue, "lost"), someone(workspace_id), within(third, random), random, { via }),
      ),
    ],
  });
}
