import type { Moment } from "../moments.js";
import { portion } from "../portion.js";
import type { Random } from "../random.js";
import { type LostDeed, lostDeed, within } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { excluded, type Fate, hanging, type Standing } from "./fate.js";
import { GeneratedKey } from "./generated-key.js";
import { describe, notify, react, say, star, tag } from "./hang-on.js";
import { third } from "./moments.js";
import * as names from "./names.js";
import { type Person, standingOf } from "./person.js";
import type { Place } from "./place.js";
import { insert } from "./request.js";
import { rowRef } from "./row-ref.js";
import type { Fresh, TableName } from "./rows.js";
import { cycleDates } from "./workspaces.js";

/** Workspaces created in the window are not rebuilt, and nothing in them can come back. */
export function foundWorkspaces(scale: number, random: Random): Deeds {
  const founded = Array.from({ length: portion(2, scale) }, () => found(within(third, random), random));
  return together({ lost: founded.flat() });
}

function found(at: Moment, random: Random): LostDeed[] {
  const key = random.hex(6);
  const workspace = {
    id: random.uuid(),
    name: `${random.pick(names.companies)} (new)`,
    url_key: `new-${key}`,
    plan: "free",
  };
  const workspace_id = workspace.id;
  const lay = layer(workspace_id, at);
  const founder: Person = { id: random.uuid(), workspace_id, fate: excluded };
  const house: Standing = { ref: rowRef("workspace", workspace), fate: excluded };
  const inside = { column: "workspace_id", on: house };
  const team = { id: random.uuid(), workspace_id, key: "NEW", name: "Everybody", last_issue_number: 1 };
  const ofTeam = { column: "team_id", on: { ref: rowRef("team", team), fate: hanging(inside) } };
  const label = { id: random.uuid(), workspace_id, name: "Bug", color: "#eb5757" };
  const cycle = { id: random.uuid(), workspace_id, team_id: team.id, number: 1, ...cycleDates(1) };
  return [
    lay("workspace", workspace, excluded),
    lay("user", account(founder, key), excluded),
    lay("team", team, hanging(inside)),
    lay("label", label, hanging(inside)),
    lay("cycle", cycle, hanging(inside, ofTeam)),
    lay("integration", connection(founder, random), excluded),
    ...furnish({ founder, team: ofTeam, label, cycle: cycle.id, house, at }, random),
  ];
}

function account({ id, workspace_id }: Person, key: string) {
  const email = `founder@new-${key}.example.com`;
  return { id, workspace_id, display_name: "Founder", email, login_subject: `oidc|${key}` };
}

/** All at once: what matters is that it hangs together. */
function layer(workspace: string, at: Moment) {
  return <T extends TableName>(table: T, row: Fresh<T>, fate: Fate): LostDeed =>
    lostDeed(at, insert(table, workspace, row), fate);
}

function connection({ id, workspace_id }: Person, random: Random) {
  return { id: random.uuid(), workspace_id, service: "github", access_token: random.hex(32), created_by: id };
}

interface House {
  readonly founder: Person;
  readonly team: { readonly column: string; readonly on: Standing };
  readonly label: { readonly id: string };
  readonly cycle: string;
  readonly house: Standing;
  readonly at: Moment;
}

/** A first project and a first issue, with everything that can hang on one. */
function furnish({ founder, team, label, cycle, house, at }: House, random: Random): LostDeed[] {
  const workspace = founder.workspace_id;
  const lay = layer(workspace, at);
  const inside = { column: "workspace_id", on: house };
  const author = { column: "created_by", on: standingOf(founder) };
  const team_id = String(team.on.ref.key["id"]);
  const shared = { workspace_id: workspace, team_id, created_by: founder.id };
  const issue = {
    ...shared,
    id: new GeneratedKey("issue", "lost"),
    number: 1,
    title: "Try it out",
    state: "todo",
    cycle_id: cycle,
  };
  const fate = hanging(inside, team, author);
  const place: Place = {
    workspace,
    issue: issue.id,
    world: "lost",
    standing: { ref: rowRef("issue", issue), fate },
  };
  const said = say(place, founder, at, random);
  const { document, content, link } = describe(place, founder, at, random);
  const project = { ...shared, id: random.uuid(), name: "First steps", state: "started" };
  return [
    lay("project", project, fate),
    lay("issue", issue, fate),
    said,
    react(said, founder, at, random),
    say(place, founder, at, random, { replyTo: said }),
    document,
    content,
    link,
    tag(place, label, founder, at),
    star(place, founder, at, random),
    notify(place, founder, { type: "commented", by: founder, said }, at),
  ];
}
