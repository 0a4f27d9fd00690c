import type { Moment } from "../moments.js";
import type { Random } from "../random.js";
import { type LostDeed, lostDeed } from "./deed.js";
import { type Fate, hanging, type Standing } from "./fate.js";
import { GeneratedKey } from "./generated-key.js";
import * as names from "./names.js";
import { type Person, standingOf } from "./person.js";
import type { Place } from "./place.js";
import { insert, update } from "./request.js";
import { rowRef } from "./row-ref.js";
import type { Notification } from "./rows.js";

/** A comment, and who may answer it. */
export interface Said extends LostDeed {
  readonly id: string;
  readonly place: Place;
  readonly standing: Standing;
}

interface Manner {
  readonly replyTo?: Said;
  readonly via?: Standing & { readonly id: string };
}

/** People hang things on an issue. On the restored database (`place.world`) nobody asks for the fate. */
export function say(place: Place, by: Person, at: Moment, random: Random, manner: Manner = {}): Said {
  const { replyTo, via } = manner;
  const id = random.uuid();
  const fate = hanging(
    { column: "issue_id", on: place.standing },
    { column: "created_by", on: standingOf(by) },
    ...(replyTo ? [{ column: "parent_id", on: replyTo.standing }] : []),
    ...(via ? [{ column: "integration_id", on: via }] : []),
  );
  const row = {
    id,
    workspace_id: place.workspace,
    issue_id: place.issue,
    body: random.pick(names.remarks),
    parent_id: replyTo?.id ?? null,
    integration_id: via?.id ?? null,
    created_by: by.id,
  };
  const deed = lostDeed(at, insert("comment", place.workspace, row), fate);
  return { ...deed, id, place, standing: { ref: rowRef("comment", row), fate } };
}

export function react(said: Said, by: Person, at: Moment, random: Random): LostDeed {
  const row = { id: random.uuid(), comment_id: said.id, user_id: by.id, emoji: random.pick(names.emojis) };
  const fate = hanging(
    { column: "comment_id", on: said.standing },
    { column: "user_id", on: standingOf(by) },
  );
  return lostDeed(at, insert("reaction", said.place.workspace, row), fate);
}

export function star(place: Place, by: Person, at: Moment, random: Random): LostDeed {
  const row = {
    id: random.uuid(),
    workspace_id: place.workspace,
    user_id: by.id,
    issue_id: place.issue,
    sort_order: random.between(0, 1000) / 10,
  };
  const fate = hanging({ column: "issue_id", on: place.standing }, { column: "user_id", on: standingOf(by) });
  return lostDeed(at, insert("favorite", place.workspace, row), fate);
}

/** @param label one that stays; a new one of a new workspace has the fate of the issue anyway */
export function tag(place: Place, label: { readonly id: string }, by: Person, at: Moment): LostDeed {
  const row = { issue_id: place.issue, label_id: label.id, added_by: by.id };
  const fate = hanging(
    { column: "issue_id", on: place.standing },
    { column: "added_by", on: standingOf(by) },
  );
  return lostDeed(at, insert("issue_label", place.workspace, row), fate);
}

interface News {
  readonly type: Notification["type"];
  readonly by?: Person;
  readonly said?: Said;
}

export function notify(place: Place, to: Person, { type, by, said }: News, at: Moment): LostDeed {
  const row = {
    id: new GeneratedKey("notification", place.world),
    workspace_id: place.workspace,
    user_id: to.id,
    issue_id: place.issue,
    comment_id: said?.id ?? null,
    type,
    created_by: by?.id ?? null,
  };
  const fate = hanging(
    { column: "user_id", on: standingOf(to) },
    { column: "issue_id", on: place.standing },
    ...(said ? [{ column: "comment_id", on: said.standing }] : []),
    ...(by ? [{ column: "created_by", on: standingOf(by) }] : []),
  );
  return lostDeed(at, insert("notification", place.workspace, row), fate);
}

export interface Description {
  readonly standing: Standing;
  readonly document: LostDeed;
  readonly content: LostDeed;
  /** The issue points back at its description. */
  readonly link: LostDeed;
}

/** @param clash what keeps the document from coming back */
export function describe(place: Place, by: Person, at: Moment, random: Random, clash?: Fate): Description {
  const { workspace } = place;
  const document = { id: random.uuid(), workspace_id: workspace, title: "Description", created_by: by.id };
  const author = { column: "created_by", on: standingOf(by) };
  const fate = clash ?? hanging({ column: "issue_id", on: place.standing }, author);
  const standing = { ref: rowRef("document", document), fate };
  return {
    standing,
    document: lostDeed(at, insert("document", workspace, { ...document, issue_id: place.issue }), fate),
    content: write(standing, document.id, workspace, by, at + 1, random),
    link: lostDeed(
      at + 2,
      update("issue", workspace, { id: place.issue }, { description_document_id: document.id }),
      place.standing.fate,
    ),
  };
}

/** What a document says. */
export function write(
  document: Standing,
  document_id: string,
  workspace: string,
  by: Person,
  at: Moment,
  random: Random,
): LostDeed {
  const row = {
    id: random.uuid(),
    workspace_id: workspace,
    document_id,
    created_by: by.id,
    content: random.pick(names.texts),
  };
  const fate = hanging({ column: "document_id", on: document }, { column: "created_by", on: standingOf(by) });
  return lostDeed(at, insert("document_content", workspace, row), fate);
}
