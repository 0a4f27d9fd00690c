import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import type { Company } from "./company.js";
import { inVain, within } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { apply, conflict } from "./fate.js";
import { type Description, describe, write } from "./hang-on.js";
import type { HangersOf } from "./hangers.js";
import { early, late, since } from "./moments.js";
import { placeOf } from "./place.js";
import { rowRef } from "./row-ref.js";
import type { Issue, Tracker } from "./rows.js";

/** Old issues get a description in the window, and some get it again from their owner, who misses it. */
export function describeIssues({ issues }: Cast, company: Company, random: Random): Deeds {
  const parts = [
    ...issues.described.map((issue) => {
      const { document, content, link } = described(issue, "lost", late, company, random);
      return { lost: [document, content, link] };
    }),
    ...issues.describedEarly.map((issue) => {
      const { document, content, link } = described(issue, "lost", early, company, random);
      return { lost: [document, inVain(content.at, content.request), link] };
    }),
    ...issues.describedTwice.map((issue) => describeTwice(issue, company, random)),
  ];
  return together(...parts);
}

function described(
  issue: Issue,
  world: "lost" | "current",
  span: typeof late,
  { someone }: Company,
  random: Random,
): Description {
  return describe(placeOf(issue, world), someone(issue.workspace_id), within(span, random), random);
}

/** An issue has one description: the document clashes, the issue points to another one, and the text hangs on it. */
function describeTwice(issue: Issue, company: Company, random: Random): Deeds {
  const again = described(issue, "current", since, company, random);
  const clash = conflict("unique", ["issue_id"], [again.standing.ref]);
  const by = company.someone(issue.workspace_id);
  const { document, content, link } = describe(
    placeOf(issue, "lost"),
    by,
    within(late, random),
    random,
    clash,
  );
  const fate = conflict("update/update", ["description_document_id"]);
  return together({
    lost: [document, content, { ...link, fate }],
    since: [again.document, again.content, again.link],
  });
}

/**
 * The description was truncated, its owner wrote it anew on the damaged database, and the old one is back: a document
 * has one text.
 */
export function rewrite(
  { issues }: Cast,
  tracker: Tracker,
  hangersOf: HangersOf,
  company: Company,
  random: Random,
): Deeds {
  const texts = new Map(tracker.document_content.map((content) => [content.document_id, content]));
  const lost = issues.rewritten.flatMap((issue) =>
    hangersOf(issue).documents.map((document) => {
      const standing = { ref: rowRef("document", document), fate: apply };
      const by = company.someone(issue.workspace_id);
      const written = write(standing, document.id, issue.workspace_id, by, within(late, random), random);
      const old = texts.get(document.id);
      if (old === undefined) throw new Error("a document without a text");
      return { ...written, fate: conflict("unique", ["document_id"], [rowRef("document_content", old)]) };
    }),
  );
  return together({ lost });
}
