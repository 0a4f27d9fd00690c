import { timestamp } from "../moments.js";
import { portion } from "../portion.js";
import type { Random } from "../random.js";
import { count, create, placeOfNew } from "./around-issue.js";
import type { Cast } from "./cast.js";
import type { Company } from "./company.js";
import { type Deed, later, within } from "./deed.js";
import { type Deeds, together } from "./deeds.js";
import { apply } from "./fate.js";
import { describe, notify, react, say, star } from "./hang-on.js";
import type { HangersOf } from "./hangers.js";
import { since } from "./moments.js";
import type { NewIssue } from "./new-issues.js";
import { placeOf } from "./place.js";
import { remove, update } from "./request.js";
import type { DocumentContent, Tracker } from "./rows.js";

/** New issues on the restored database, with what hangs on them. */
export function createIssuesAgain(issues: readonly NewIssue[], { someone }: Company, random: Random): Deeds {
  const created = issues.flatMap((issue): Deed[] => {
    const place = placeOfNew(issue);
    const at = () => later(issue.at, since, random);
    const person = () => someone(place.workspace);
    const said = say(place, person(), at(), random);
    const { document, content, link } = describe(place, person(), at(), random);
    return [
      count(issue, apply),
      create(issue, random),
      said,
      react(said, person(), later(said.at, since, random), random),
      ...(random.chance(0.5) ? [document, content, link] : []),
      star(place, person(), at(), random),
    ];
  });
  return together({ since: created });
}

/**
 * Ordinary work on what was truncated and is back: none of it may be lost by replaying a deletion.
 *
 * @param notifications how many: so many of the window meet another one under their id
 */
export function workOnRestored(
  { issues, pages }: Cast,
  tracker: Tracker,
  hangersOf: HangersOf,
  company: Company,
  { notifications, scale }: { readonly notifications: number; readonly scale: number },
  random: Random,
): Deeds {
  const { pick } = random;
  const now = () => within(since, random);
  const texts = new Map(tracker.document_content.map((content) => [content.document_id, content]));
  const documents = [
    ...issues.rewrittenSince.flatMap((issue) => hangersOf(issue).documents),
    ...pages.rewrittenSince,
  ];
  const comments = issues.quiet.flatMap((issue) => hangersOf(issue).comments);
  const read = random.shuffled(tracker.notification).slice(0, portion(60, scale));
  return together({
    since: [
      ...documents.map(({ id }) => rewrite(texts.get(id), now())),
      ...random
        .shuffled(comments)
        .slice(0, portion(8, scale))
        .map(({ id, workspace_id }) => ({ at: now(), request: remove("comment", workspace_id, { id }) })),
      ...read.map(({ id, workspace_id }) => {
        const at = now();
        return { at, request: update("notification", workspace_id, { id }, { read_at: timestamp(at) }) };
      }),
      ...Array.from({ length: notifications }, () => {
        const issue = pick(issues.quiet);
        return notify(placeOf(issue, "current"), company.someone(issue.workspace_id), { type: "due" }, now());
      }),
    ],
  });
}

function rewrite(text: DocumentContent | undefined, at: number): Deed {
  if (text === undefined) throw new Error("a document without a text");
  const content = `${text.content}\n\nEdited on the restored database.`;
  return { at, request: update("document_content", text.workspace_id, { id: text.id }, { content }) };
}
