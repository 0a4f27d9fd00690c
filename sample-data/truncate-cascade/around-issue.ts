import type { Random } from "../random.js";
import type { Company } from "./company.js";
import { type LostDeed, later, lostDeed } from "./deed.js";
import type { Fate } from "./fate.js";
import { describe, notify, react, say, star, tag } from "./hang-on.js";
import { late, third } from "./moments.js";
import * as names from "./names.js";
import type { NewIssue } from "./new-issues.js";
import type { Place } from "./place.js";
import { insert, update } from "./request.js";
import { rowRef } from "./row-ref.js";

/** The team counts its issues, and the greater count stays. */
export function count({ team, number, at }: NewIssue, fate: Fate): LostDeed {
  const request = update("team", team.workspace_id, { id: team.id }, { last_issue_number: number });
  const sql = request.sql.replace("= $1", "= greatest(last_issue_number, $1)");
  return lostDeed(at, { ...request, sql }, fate);
}

export function create(issue: NewIssue, random: Random): LostDeed {
  const { id, team, number, by, parent, at, fate } = issue;
  const row = {
    id,
    workspace_id: team.workspace_id,
    team_id: team.id,
    number,
    created_by: by.id,
    title: random.pick(names.titles),
    state: random.pick(["backlog", "todo"]),
    priority: random.between(0, 5),
    parent_id: parent?.id ?? null,
    subscriber_ids: [by.id],
  };
  return lostDeed(at, insert("issue", team.workspace_id, row), fate);
}

export function placeOfNew({ id, team, fate }: NewIssue): Place {
  return {
    workspace: team.workspace_id,
    issue: id,
    standing: { ref: rowRef("issue", { id }), fate },
    world: id.home,
  };
}

/**
 * What hangs on a new issue of the window. On one that is in conflict nothing hangs twice (a reply, or a notification
 * of a comment, would): which of two missing things is to be named first is not for the story to say.
 */
export function surround(issue: NewIssue, { someone, labelsOf }: Company, random: Random): LostDeed[] {
  const place = placeOfNew(issue);
  const { workspace } = place;
  const returns = issue.fate.kind === "apply";
  const at = () => later(issue.at, returns ? late : third, random);
  const said = say(place, someone(workspace), at(), random);
  const after = () => later(said.at, late, random);
  const label = random.pick(labelsOf(workspace));
  const description = describe(place, someone(workspace), at(), random);
  const reply = say(
    place,
    someone(workspace),
    after(),
    random,
    issue.fate.kind === "conflict" ? {} : { replyTo: said },
  );
  const news =
    issue.fate.kind === "conflict" ? { type: "due" as const } : { type: "commented" as const, said };
  return [
    said,
    react(said, someone(workspace), after(), random),
    reply,
    tag(place, label, someone(workspace), at()),
    star(place, someone(workspace), at(), random),
    notify(place, someone(workspace), news, after()),
    description.document,
    description.content,
    // Where the issue does not come back, its own need for its description would be a second reason.
    ...(returns ? [description.link, finish(issue, after())] : []),
  ];
}

function finish({ id, team, fate }: NewIssue, at: number): LostDeed {
  return lostDeed(at, update("issue", team.workspace_id, { id }, { state: "done" }), fate);
}
