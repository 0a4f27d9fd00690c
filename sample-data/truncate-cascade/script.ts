import { groupBy } from "../group-by.js";
import { createRandom } from "../random.js";
import { count, create, surround } from "./around-issue.js";
import { connect, signUp, workOfNewPeople } from "./arrivals.js";
import { type Cast, castAll, nextCycle } from "./cast.js";
import { type Company, gather } from "./company.js";
import { converse } from "./conversation.js";
import type { LostDeed } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { deletions, laterDeletions, unlabel } from "./deletions.js";
import { describeIssues, rewrite } from "./descriptions.js";
import { editIssues, editUsers } from "./edits.js";
import { foundWorkspaces } from "./founding.js";
import { type HandedOut, handOutKeys } from "./hand-out-keys.js";
import { findHangers } from "./hangers.js";
import { workInVain } from "./in-vain.js";
import { account, type Entry } from "./ledger.js";
import { createIssuesAgain, workOnRestored } from "./life-since.js";
import { favorites, label } from "./marks.js";
import { migration } from "./migration.js";
import { second } from "./moments.js";
import { createNewIssues } from "./new-issues.js";
import { plan, regroup } from "./planning.js";
import type { Tracker } from "./rows.js";
import { inOrder, type Step } from "./step.js";
import { createTracker } from "./tracker.js";

/** The whole story, written before any database exists. */
export interface Script extends Deeds {
  readonly tracker: Tracker;
  readonly cast: Cast;
  readonly steps: readonly Step[];
  readonly handedOut: HandedOut;
  readonly entries: readonly Entry[];
}

export function writeScript(scale: number, seed: number): Script {
  const tracker = createTracker(scale, seed);
  const cast = castAll(tracker, scale, seed);
  const company = gather(tracker, cast, createRandom(seed, "company"));
  const deeds = writeDeeds({ tracker, cast, company, scale, random: (topic) => createRandom(seed, topic) });
  const steps = inOrder(deeds.lost, deeds.since);
  const handedOut = handOutKeys(steps, tracker);
  const lost = deeds.lost.toSorted((left, right) => left.at - right.at);
  return { ...deeds, tracker, cast, steps, handedOut, entries: account(lost) };
}

interface Desk {
  readonly tracker: Tracker;
  readonly cast: Cast;
  readonly company: Company;
  readonly scale: number;
  readonly random: (topic: string) => ReturnType<typeof createRandom>;
}

function writeDeeds(desk: Desk): Deeds {
  const { tracker, cast, company, scale, random } = desk;
  const hangersOf = findHangers(tracker);
  const news = writeNews(desk);
  const old = together(
    editIssues(cast, company, random("edits")),
    editUsers(cast, random("users")),
    plan(cast, (team) => nextCycle(team, tracker.cycle), random("plans")),
    deletions(tracker, cast, hangersOf, random("deletions")),
    laterDeletions(cast, hangersOf, company, random("later deletions")),
    unlabel(cast, hangersOf, random("labels off")),
    label(cast, hangersOf, company, random("labels on")),
    favorites(cast, hangersOf, company, random("favorites")),
    describeIssues(cast, company, random("descriptions")),
    rewrite(cast, tracker, hangersOf, company, random("texts")),
    converse(cast, tracker, company, random("talk")),
    connect(cast, company, random("integrations")),
    workInVain(cast, tracker, hangersOf, company, scale, random("in vain")),
    { lost: migration(tracker, cast, homes(tracker)) },
  );
  const notifications = [...news.lost, ...old.lost].filter(handsEarly).length;
  const rest = workOnRestored(
    cast,
    tracker,
    hangersOf,
    company,
    { notifications, scale },
    random("restored"),
  );
  return together(news, old, rest);
}

/** What did not exist at 04:47: people, issues, workspaces. */
function writeNews({ cast, company, scale, random }: Desk): Deeds {
  const joining = signUp(cast.teams.joined, random("people"));
  const people = { someone: company.someone, joining };
  const { lost, since, teamFate } = createNewIssues(cast, people, scale, random("new issues"));
  const around = random("around new issues");
  return together(
    {
      lost: lost.flatMap((issue) => [
        count(issue, teamFate(issue.team)),
        create(issue, around),
        ...surround(issue, company, around),
      ]),
    },
    regroup(cast.issues.underNewIssue, lost, random("regroup")),
    createIssuesAgain(since, company, random("issues since")),
    workOfNewPeople(cast, joining, company, random("new people")),
    foundWorkspaces(scale, random("new workspaces")),
  );
}

function handsEarly({ at, request }: LostDeed): boolean {
  return request.hands?.table === "notification" && at < second.to;
}

function homes(tracker: Tracker): (document: string) => string {
  const documents = groupBy(tracker.document, ({ id }) => id);
  return (document) => documents.get(document)?.[0]?.workspace_id ?? "";
}
