import { timestamp } from "../moments.js";
import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import type { Company } from "./company.js";
import { lostDeed, within } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { already, apply, conflict, type Fate, kept } from "./fate.js";
import { since, window } from "./moments.js";
import * as names from "./names.js";
import { type Request, update } from "./request.js";
import type { Fresh, Issue, User } from "./rows.js";

/** Edits of issues that were there before, on either database or on both. */
export function editIssues({ issues }: Cast, company: Company, random: Random): Deeds {
  const inWindow = (list: readonly Issue[], request: (issue: Issue) => Request, fate: Fate = apply): Deeds =>
    together({ lost: list.map((issue) => lostDeed(within(window, random), request(issue), fate)) });
  const sinceThen = (list: readonly Issue[], request: (issue: Issue) => Request): Deeds =>
    together({ since: list.map((issue) => ({ at: within(since, random), request: request(issue) })) });
  const anyhow = (issue: Issue) => change(issue, anyEdit(issue, company, random));
  return together(
    inWindow(issues.edited, anyhow),
    inWindow(issues.merged, (issue) =>
      change(issue, { state: otherThan(names.states, issue.state, random) }),
    ),
    sinceThen(issues.merged, (issue) =>
      change(issue, { title: otherThan(names.titles, issue.title, random) }),
    ),
    inWindow(issues.editedAlike, finish, already),
    sinceThen(issues.editedAlike, finish),
    inWindow(issues.editedAndDeletedSince, anyhow, conflict("delete/update", [])),
    sinceThen(issues.editedSince, anyhow),
    nameTwice(issues.titledTwice, random),
    nameAndBack(issues.touched, apply, random),
    nameAndBack(issues.touchedAndDeletedSince, kept, random),
    subscribe(issues.subscribed, company, random),
  );
}

export function change(issue: Issue, changes: Fresh<"issue">): Request {
  return update("issue", issue.workspace_id, { id: issue.id }, changes);
}

function finish(issue: Issue): Request {
  return change(issue, { state: issue.state === "done" ? "canceled" : "done" });
}

export function anyEdit(issue: Issue, company: Company, random: Random): Fresh<"issue"> {
  const people = company.usersOf(issue.workspace_id).map(({ id }) => id);
  const projects = [null, ...company.projectsOf(issue.team_id).map(({ id }) => id)];
  return random.pick([
    () => ({ title: otherThan(names.titles, issue.title, random) }),
    () => ({ state: otherThan(names.states, issue.state, random) }),
    () => ({ priority: otherThan([0, 1, 2, 3, 4], issue.priority, random) }),
    () => ({ estimate: otherThan([null, ...names.estimates], issue.estimate, random) }),
    () => ({ assignee_id: otherThan([null, ...people], issue.assignee_id, random) }),
    () => ({ project_id: otherThan(projects, issue.project_id, random) }),
  ])();
}

function nameTwice(list: readonly Issue[], random: Random): Deeds {
  const parts = list.map((issue, index) => {
    const [here = "", there = ""] = random.shuffled(names.titles.filter((title) => title !== issue.title));
    // A second column that does not clash waits for the one that does.
    const alsoHere = index % 2 === 0 ? {} : { state: otherThan(names.states, issue.state, random) };
    const fate = conflict("update/update", ["title"]);
    return together({
      lost: [lostDeed(within(window, random), change(issue, { title: here, ...alsoHere }), fate)],
      since: [{ at: within(since, random), request: change(issue, { title: there }) }],
    });
  });
  return together(...parts);
}

function nameAndBack(list: readonly Issue[], fate: Fate, random: Random): Deeds {
  const lost = list.flatMap((issue) => {
    const at = within(window, random);
    const title = otherThan(names.titles, issue.title, random);
    return [
      lostDeed(at, change(issue, { title }), fate),
      lostDeed(at + 30_000_000, change(issue, { title: issue.title }), fate),
    ];
  });
  return together({ lost });
}

/** One side subscribes, the other unsubscribes: whatever the order, the union is the same. */
function subscribe(list: readonly Issue[], company: Company, random: Random): Deeds {
  const parts = list.map((issue, index) => {
    const [leaving = ""] = issue.subscriber_ids;
    const joining = random.pick(
      company.usersOf(issue.workspace_id).filter(({ id }) => !issue.subscriber_ids.includes(id)),
    ).id;
    const requests = [
      subscription(issue, "array_append", joining),
      subscription(issue, "array_remove", leaving),
    ] as const;
    const [here, there] = index % 2 === 0 ? requests : ([requests[1], requests[0]] as const);
    return together({
      lost: [lostDeed(within(window, random), here, apply)],
      since: [{ at: within(since, random), request: there }],
    });
  });
  return together(...parts);
}

function subscription(issue: Issue, verb: "array_append" | "array_remove", user: string): Request {
  const request = change(issue, { subscriber_ids: [] });
  const sql = `UPDATE public.issue SET subscriber_ids = ${verb}(subscriber_ids, $1::uuid) WHERE id = $2`;
  return { ...request, sql, values: [user, issue.id] };
}

/** Profiles and logins. The later login wins, without anybody being asked. */
export function editUsers({ users }: Cast, random: Random): Deeds {
  const inWindow = (list: readonly User[], edit: Edit, fate: Fate): Deeds =>
    together({ lost: list.map((user) => edited(user, window, edit)).map((deed) => ({ ...deed, fate })) });
  const sinceThen = (list: readonly User[], edit: Edit): Deeds =>
    together({ since: list.map((user) => edited(user, since, edit)) });
  const edited = (user: User, span: typeof window, edit: Edit) => {
    const at = within(span, random);
    return { at, request: update("user", user.workspace_id, { id: user.id }, edit(user, timestamp(at))) };
  };
  const login: Edit = (_, now) => ({ last_login_at: now });
  return together(
    inWindow(users.renamed, ({ display_name }) => ({ display_name: `${display_name} K.` }), apply),
    inWindow(
      users.renamedTwice,
      ({ display_name }) => ({ display_name: `${display_name} (away)` }),
      conflict("update/update", ["display_name"]),
    ),
    sinceThen(users.renamedTwice, ({ display_name }) => ({ display_name: `${display_name} (back)` })),
    inWindow(users.loggedIn, login, apply),
    inWindow(users.loggedInTwice, login, kept),
    sinceThen([...users.loggedInTwice, ...users.loggedInSince], login),
  );
}

type Edit = (user: User, now: string) => Fresh<"user">;

export function otherThan<T>(list: readonly T[], value: T, random: Random): T {
  return random.pick(list.filter((other) => other !== value));
}
