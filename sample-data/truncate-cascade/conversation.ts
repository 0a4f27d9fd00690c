import type { Moment, Span } from "../moments.js";
import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import type { Company } from "./company.js";
import { type LostDeed, later, within } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { apply } from "./fate.js";
import { notify, react, type Said, say } from "./hang-on.js";
import { late, since } from "./moments.js";
import { type Place, placeOf } from "./place.js";
import { rowRef } from "./row-ref.js";
import type { Integration, Issue, Tracker } from "./rows.js";

/** Comments on old issues. On the damaged database there is nothing old to reply to. */
export function converse(
  { issues, integrations }: Cast,
  tracker: Tracker,
  company: Company,
  random: Random,
): Deeds {
  const disconnected = new Set(integrations.deleted);
  const relays = new Map(
    tracker.integration
      .filter((integration) => !disconnected.has(integration))
      .map((integration) => [integration.workspace_id, integration]),
  );
  return together(
    { lost: issues.commented.flatMap((issue) => talk(placeOf(issue, "lost"), late, company, random)) },
    {
      lost: issues.viaIntegration.flatMap((issue) =>
        relay(issue, relays.get(issue.workspace_id), company, random),
      ),
    },
    { lost: issues.commentedAndDeletedSince.flatMap((issue) => talkInVain(issue, company, random)) },
    {
      since: issues.commentedSince.flatMap((issue) =>
        chat(placeOf(issue, "current"), since, company, random),
      ),
    },
  );
}

function talk(place: Place, span: Span, company: Company, random: Random): LostDeed[] {
  const { someone } = company;
  const deeds = chat(place, span, company, random);
  const [said] = deeds;
  if (said === undefined) return [];
  const at: Moment = later(said.at, span, random);
  const by = someone(place.workspace);
  return [...deeds, notify(place, someone(place.workspace), { type: "commented", by, said }, at)];
}

/** A comment, maybe a reply, maybe a reaction. */
function chat(place: Place, span: Span, { someone }: Company, random: Random): [Said, ...LostDeed[]] {
  const said = say(place, someone(place.workspace), within(span, random), random);
  const after = () => later(said.at, span, random);
  const reply = () => say(place, someone(place.workspace), after(), random, { replyTo: said });
  const reaction = () => react(said, someone(place.workspace), after(), random);
  return [said, ...(random.chance(0.4) ? [reply()] : []), ...(random.chance(0.6) ? [reaction()] : [])];
}

function relay(
  issue: Issue,
  integration: Integration | undefined,
  { someone }: Company,
  random: Random,
): LostDeed[] {
  if (integration === undefined) return [];
  const via = { id: integration.id, ref: rowRef("integration", integration), fate: apply };
  return [say(placeOf(issue, "lost"), someone(issue.workspace_id), within(late, random), random, { via })];
}

/** The issue is deleted on the restored database, so there is nothing to hang these on. */
function talkInVain(issue: Issue, { someone }: Company, random: Random): LostDeed[] {
  const place = placeOf(issue, "lost", { kind: "missing" });
  const said = say(place, someone(issue.workspace_id), within(late, random), random);
  return [said, react(said, someone(issue.workspace_id), later(said.at, late, random), random)];
}
