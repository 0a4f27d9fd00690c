import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import { later, lostDeed, within } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { change, otherThan } from "./edits.js";
import { apply, conflict, hanging } from "./fate.js";
import { late, since, window } from "./moments.js";
import * as names from "./names.js";
import type { NewIssue } from "./new-issues.js";
import { insert, update } from "./request.js";
import { rowRef } from "./row-ref.js";
import type { Issue, Team } from "./rows.js";
import { cycleDates } from "./workspaces.js";

/** Projects, pages, plans and cycles. */
export function plan(cast: Cast, nextCycle: (team: Team) => number, random: Random): Deeds {
  return together(
    editProjects(cast, random),
    editPages(cast, random),
    beginCycles(cast, nextCycle, random),
    repeatCycles(cast, nextCycle, random),
  );
}

function editProjects({ projects, workspaces }: Cast, random: Random): Deeds {
  const lost = [
    ...projects.edited.map(({ id, workspace_id, state }) => {
      const changes = { state: otherThan(names.projectStates, state, random), target_date: "2024-06-30" };
      return lostDeed(within(window, random), update("project", workspace_id, { id }, changes), apply);
    }),
    ...workspaces.upgraded.map(({ id, plan: before }) => {
      const changes = { plan: otherThan(names.plans, before, random) };
      return lostDeed(within(window, random), update("workspace", id, { id }, changes), apply);
    }),
  ];
  return together({ lost });
}

function editPages({ pages }: Cast, random: Random): Deeds {
  const retitle = (page: { id: string; workspace_id: string }, title: string) =>
    update("document", page.workspace_id, { id: page.id }, { title });
  return together({
    lost: [
      ...pages.retitled.map((page) =>
        lostDeed(within(window, random), retitle(page, `${page.title}, revised`), apply),
      ),
      ...pages.retitledTwice.map((page) =>
        lostDeed(within(window, random), retitle(page, "Minutes"), conflict("update/update", ["title"])),
      ),
    ],
    since: pages.retitledTwice.map((page) => ({
      at: within(since, random),
      request: retitle(page, "Agenda"),
    })),
  });
}

/** Automation gives a team its next cycle, and somebody moves an issue into it. */
function beginCycles({ teams, issues }: Cast, nextCycle: (team: Team) => number, random: Random): Deeds {
  const begun = teams.newCycle.map((team) => ({ team, row: cycle(team, nextCycle(team), random) }));
  return together({
    lost: [
      ...begun.map(({ team, row }) => lostDeed(late.from, insert("cycle", team.workspace_id, row), apply)),
      ...issues.intoNewCycle.map((issue) => {
        const row = begun.find(({ team }) => team.id === issue.team_id)?.row;
        return lostDeed(later(late.from, late, random), change(issue, { cycle_id: row?.id ?? null }), apply);
      }),
    ],
  });
}

/** The restored database does not know that the cycle has begun, and begins it again. */
function repeatCycles({ teams, issues }: Cast, nextCycle: (team: Team) => number, random: Random): Deeds {
  const parts = teams.cycleTwice.map((team) => {
    const here = cycle(team, nextCycle(team), random);
    const there = cycle(team, nextCycle(team), random);
    const fate = conflict("unique", ["team_id", "number"], [rowRef("cycle", there)]);
    const moved = issues.intoClashingCycle.filter(({ team_id }) => team_id === team.id);
    const needs = hanging({ column: "cycle_id", on: { ref: rowRef("cycle", here), fate } });
    return together({
      lost: [
        lostDeed(late.from, insert("cycle", team.workspace_id, here), fate),
        ...moved.map((issue) =>
          lostDeed(later(late.from, late, random), change(issue, { cycle_id: here.id }), needs),
        ),
      ],
      since: [{ at: since.from, request: insert("cycle", team.workspace_id, there) }],
    });
  });
  return together(...parts);
}

function cycle({ id: team_id, workspace_id }: Team, number: number, random: Random) {
  return { id: random.uuid(), workspace_id, team_id, number, ...cycleDates(1) };
}

/** Old issues become sub-issues of new ones: where the new issue gets another id, the old one follows. */
export function regroup(list: readonly Issue[], created: readonly NewIssue[], random: Random): Deeds {
  const lost = list.map((issue) => {
    const parent = created.find(({ part, team }) => part === "rekeyed" && team.id === issue.team_id);
    if (parent === undefined) throw new Error("a team without a new issue");
    return lostDeed(later(parent.at, window, random), change(issue, { parent_id: parent.id }), apply);
  });
  return together({ lost });
}
