import { portion } from "../portion.js";
import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import type { Company } from "./company.js";
import { inVain, type LostDeed, later, within } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { notify, say, star } from "./hang-on.js";
import type { HangersOf } from "./hangers.js";
import { early } from "./moments.js";
import { placeOf } from "./place.js";
import { remove, update } from "./request.js";
import type { Issue, Tracker } from "./rows.js";

/**
 * What people wrote between backup and migration to tables that were then truncated: in no snapshot, so nobody can
 * bring it back. Its generated ids are used up all the same.
 */
export function workInVain(
  { issues }: Cast,
  tracker: Tracker,
  hangersOf: HangersOf,
  company: Company,
  scale: number,
  random: Random,
): Deeds {
  const { pick } = random;
  const times = (count: number, deed: () => LostDeed | LostDeed[]) =>
    Array.from({ length: portion(count, scale) }, deed).flat();
  const lonely = issues.quiet.filter((issue) => hangersOf(issue).favorites.length === 0);
  return together({
    lost: [
      ...times(30, () => talk(pick(issues.quiet), company, random)),
      ...random
        .shuffled(lonely)
        .slice(0, portion(10, scale))
        .map((issue) =>
          wiped(
            star(placeOf(issue, "lost"), company.someone(issue.workspace_id), within(early, random), random),
          ),
        ),
      ...times(10, () => {
        const { id, workspace_id } = pick(tracker.document_content);
        const request = update("document_content", workspace_id, { id }, { content: "rewritten" });
        return inVain(within(early, random), request);
      }),
      ...times(6, () => {
        const { id, workspace_id } = pick(tracker.comment);
        return inVain(within(early, random), remove("comment", workspace_id, { id }));
      }),
    ],
  });
}

function talk(issue: Issue, { someone }: Company, random: Random): LostDeed[] {
  const place = placeOf(issue, "lost");
  const said = say(place, someone(issue.workspace_id), within(early, random), random);
  const by = someone(issue.workspace_id);
  const news = notify(place, by, { type: "commented", said }, later(said.at, early, random));
  return [wiped(said), wiped(news)];
}

function wiped({ at, request }: LostDeed): LostDeed {
  return inVain(at, request);
}
