import { apply, type Fate, type Standing } from "./fate.js";
import type { GeneratedKey } from "./generated-key.js";
import { rowRef } from "./row-ref.js";
import type { Issue } from "./rows.js";

/** An issue, old or new, as something to hang things on. */
export interface Place {
  readonly workspace: string;
  readonly issue: number | GeneratedKey;
  readonly standing: Standing;
  /** Where it is worked on. */
  readonly world: "lost" | "current";
}

/** An issue of `pre`. Unless told otherwise it is still there on the restored database. */
export function placeOf(issue: Issue, world: Place["world"], fate: Fate = apply): Place {
  const { id, workspace_id } = issue;
  return { workspace: workspace_id, issue: id, standing: { ref: rowRef("issue", { id }), fate }, world };
}
