import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import type { Company } from "./company.js";
import { within } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { already, conflict } from "./fate.js";
import { star, tag } from "./hang-on.js";
import type { HangersOf } from "./hangers.js";
import { late, since, window } from "./moments.js";
import { known, type Person } from "./person.js";
import { placeOf } from "./place.js";
import { rowRef } from "./row-ref.js";
import type { Issue, Label } from "./rows.js";

/** Labels put on, once, or twice by one person, or twice by two. */
export function label({ issues }: Cast, hangersOf: HangersOf, company: Company, random: Random): Deeds {
  const pickLabel = (issue: Issue): Label => {
    const taken = hangersOf(issue).labels.map(({ label_id }) => label_id);
    return random.pick(company.labelsOf(issue.workspace_id).filter(({ id }) => !taken.includes(id)));
  };
  const twice = (
    issue: Issue,
    [here, there]: readonly [Person, Person],
    fate: Deeds["lost"][number]["fate"],
  ): Deeds => {
    const picked = pickLabel(issue);
    const first = tag(placeOf(issue, "lost"), picked, here, within(window, random));
    return together({
      lost: [{ ...first, fate }],
      since: [tag(placeOf(issue, "current"), picked, there, within(since, random))],
    });
  };
  return together(
    {
      lost: issues.labeled.map((issue) =>
        tag(
          placeOf(issue, "lost"),
          pickLabel(issue),
          company.someone(issue.workspace_id),
          within(window, random),
        ),
      ),
    },
    ...issues.labeledTwice.map((issue) => {
      const person = company.someone(issue.workspace_id);
      return twice(issue, [person, person], already);
    }),
    ...issues.labeledByTwo.map((issue) =>
      twice(issue, twoOf(issue, company, random), conflict("insert/insert", ["added_by"])),
    ),
  );
}

/** Favorites made, and made again by the same person, before and after they were lost. */
export function favorites({ issues }: Cast, hangersOf: HangersOf, company: Company, random: Random): Deeds {
  const make = (issue: Issue, world: "lost" | "current", by = company.someone(issue.workspace_id)) =>
    star(placeOf(issue, world), by, within(world === "lost" ? late : since, random), random);
  const clash = (ref: ReturnType<typeof rowRef>) => conflict("unique", ["user_id", "issue_id"], [ref]);
  return together(
    { lost: issues.favorited.map((issue) => make(issue, "lost")) },
    { since: issues.favoritedSince.map((issue) => make(issue, "current")) },
    {
      lost: issues.favoritedAgain.map((issue) => {
        const [old] = hangersOf(issue).favorites;
        const owner = company.usersOf(issue.workspace_id).find(({ id }) => id === old?.user_id);
        if (old === undefined || owner === undefined) throw new Error("an issue that nobody likes");
        return { ...make(issue, "lost", known(owner)), fate: clash(rowRef("favorite", old)) };
      }),
    },
    ...issues.favoritedTwice.map((issue) => {
      const person = company.someone(issue.workspace_id);
      const again = make(issue, "current", person);
      const [touch] = again.request.touches;
      if (touch === undefined) throw new Error("a favorite without a row");
      return together({ lost: [{ ...make(issue, "lost", person), fate: clash(touch.ref) }], since: [again] });
    }),
  );
}

function twoOf(issue: Issue, company: Company, random: Random): readonly [Person, Person] {
  const [one, other] = random.shuffled(company.usersOf(issue.workspace_id)).map(known);
  if (one === undefined || other === undefined) throw new Error("a workspace of one");
  return [one, other];
}
