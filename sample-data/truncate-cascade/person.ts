import { apply, type Fate, type Standing } from "./fate.js";
import { rowRef } from "./row-ref.js";
import type { User } from "./rows.js";

/** Somebody who acts, from before the window or new in it. */
export interface Person {
  readonly id: string;
  readonly workspace_id: string;
  readonly fate: Fate;
}

/** Somebody who was there before the window: nobody of them is deleted. */
export function known({ id, workspace_id }: User): Person {
  return { id, workspace_id, fate: apply };
}

export function standingOf(person: Person): Standing {
  return { ref: rowRef("user", { id: person.id }), fate: person.fate };
}
