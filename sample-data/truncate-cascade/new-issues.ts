import { groupBy } from "../group-by.js";
import type { Moment } from "../moments.js";
import { portion } from "../portion.js";
import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import { later, within } from "./deed.js";
import { apply, conflict, type Fate, hanging } from "./fate.js";
import { GeneratedKey } from "./generated-key.js";
import { early, first, second, since, third } from "./moments.js";
import { type Person, standingOf } from "./person.js";
import { rowRef } from "./row-ref.js";
import type { Team } from "./rows.js";

export interface NewIssue {
  readonly part: Part;
  readonly id: GeneratedKey;
  readonly at: Moment;
  readonly team: Team;
  readonly number: number;
  readonly by: Person;
  readonly parent: NewIssue | undefined;
  readonly fate: Fate;
}

type Part =
  /** The restored database gave their id to something else. */
  | "rekeyed"
  | "subIssue"
  /** It also gave their number to something else. */
  | "clashing"
  | "byNewUser"
  | "underNewUsers"
  | "underClashing"
  /** So late that nothing else has their id. */
  | "unrivalled"
  | "clashingLate"
  | "afterClash"
  | "byNewUserLate"
  | "since";

interface Draft extends Omit<NewIssue, "number" | "fate" | "parent"> {
  readonly parent?: Draft;
}

interface Newcomers {
  readonly lost: readonly NewIssue[];
  readonly since: readonly NewIssue[];
  /** What became of `last_issue_number` of the teams that counted in the window. */
  teamFate(team: Team): Fate;
}

/** New issues of both databases. Ids and numbers are handed out in the order of time, as a database does it. */
export function createNewIssues(cast: Cast, people: People, scale: number, random: Random): Newcomers {
  const drafts = draftLost(cast, people, (count) => portion(count, scale), random);
  const before = drafts.filter(({ at }) => at < second.to).length;
  const sinceThen = numberIssues(draftSince(cast.teams, people.someone, before, random)).map((draft) => ({
    ...draft,
    parent: undefined,
    fate: apply,
  }));
  const lost = judge(numberIssues(drafts), sinceThen);
  return { lost, since: sinceThen, teamFate: countingFate(lost, sinceThen) };
}

interface People {
  someone(workspace: string): Person;
  /** One for each of `teams.joined`. */
  readonly joining: readonly Person[];
}

function draftLost(
  { teams }: Cast,
  { someone, joining }: People,
  share: (atScaleOne: number) => number,
  random: Random,
): Draft[] {
  const draft = (part: Part, team: Team, at: Moment, by = someone(team.workspace_id)): Draft => {
    return { part, id: new GeneratedKey("issue", "lost"), at, team, by };
  };
  const below = (part: Part, parent: Draft, at: Moment): Draft => ({
    ...draft(part, parent.team, at),
    parent,
  });
  const rekeyed = inTurn(teams.inWindow, share(30)).map((team, index) =>
    draft("rekeyed", team, within(index % 2 === 0 ? early : first, random)),
  );
  const clashing = teams.clashing.map((team) => draft("clashing", team, within(second, random)));
  const byNewUser = teams.joined.map((team, index) =>
    draft("byNewUser", team, within(second, random), joining[index]),
  );
  const rekeyedBelow = rekeyed.slice(0, share(5));
  return [
    ...rekeyed,
    ...clashing,
    ...byNewUser,
    ...rekeyedBelow.map((parent) => below("subIssue", parent, later(parent.at, first, random))),
    ...teams.clashingLate.map((team) => draft("clashingLate", team, within(third, random))),
    ...teams.joined.map((team, index) => draft("byNewUserLate", team, within(third, random), joining[index])),
    ...inTurn(teams.inWindow, share(24)).map((team) => draft("unrivalled", team, within(third, random))),
    ...byNewUser.slice(0, share(2)).map((parent) => below("underNewUsers", parent, within(third, random))),
    ...clashing
      .filter((_, index) => counting(index) === "sub-issue in the window")
      .map((parent) => below("underClashing", parent, within(third, random))),
    ...clashing
      .filter((_, index) => counting(index) === "further in the window")
      .map(({ team }) => draft("afterClash", team, within(third, random))),
  ];
}

/** After the number that clashes, a team counts on in one database or the other; once that makes a sub-issue. */
function counting(index: number) {
  return (["sub-issue in the window", "further since", "further in the window"] as const)[index % 3];
}

/** As many as the damaged database had when `second` ended. */
function draftSince(
  teams: Cast["teams"],
  someone: (workspace: string) => Person,
  count: number,
  random: Random,
): Draft[] {
  const again = [
    ...teams.clashing.flatMap((team, index) => (counting(index) === "further since" ? [team, team] : [team])),
    ...teams.clashingLate,
  ];
  return [...again, ...inTurn(teams.since, count - again.length)].map((team) => ({
    part: "since",
    id: new GeneratedKey("issue", "current"),
    at: within(since, random),
    team,
    by: someone(team.workspace_id),
  }));
}

/** Each team counts on from where it stood at 04:47. */
function numberIssues<T extends Draft>(drafts: readonly T[]): (T & { readonly number: number })[] {
  const last = new Map<Team, number>();
  return drafts
    .toSorted((left, right) => left.at - right.at)
    .map((draft) => {
      const number = (last.get(draft.team) ?? draft.team.last_issue_number) + 1;
      last.set(draft.team, number);
      return { ...draft, number };
    });
}

/** Parents come before their sub-issues, in time and so in the list. */
function judge(
  drafts: readonly (Draft & { readonly number: number })[],
  rivals: readonly NewIssue[],
): NewIssue[] {
  const name = ({ team, number }: { team: Team; number: number }) => `${team.id} ${number}`;
  const taken = new Map(rivals.map((rival) => [name(rival), rival]));
  const judged = new Map<GeneratedKey, NewIssue>();
  for (const draft of drafts) {
    const parent = draft.parent && judged.get(draft.parent.id);
    const needs = hanging(
      { column: "created_by", on: standingOf(draft.by) },
      ...(parent ? [{ column: "parent_id", on: { ref: rowRef("issue", parent), fate: parent.fate } }] : []),
    );
    const rival = taken.get(name(draft));
    const clash = rival && conflict("unique", ["team_id", "number"], [rowRef("issue", rival)]);
    if (clash && needs.kind !== "apply") throw new Error("an issue that cannot come back for two reasons");
    judged.set(draft.id, { ...draft, parent, fate: clash ?? needs });
  }
  return [...judged.values()];
}

/** The greater number wins, whatever became of the issues. */
function countingFate(lost: readonly NewIssue[], sinceThen: readonly NewIssue[]): (team: Team) => Fate {
  const inWindow = groupBy(lost, ({ team }) => team);
  const again = groupBy(sinceThen, ({ team }) => team);
  return (team) => {
    const here = inWindow.get(team)?.length ?? 0;
    const there = again.get(team)?.length ?? 0;
    return here === there ? { kind: "already" } : { kind: here > there ? "apply" : "kept" };
  };
}

function inTurn<T>(list: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, index) => list[index % list.length] as T);
}
