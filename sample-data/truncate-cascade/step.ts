import type { Moment } from "../moments.js";
import type { Deed, LostDeed } from "./deed.js";
import type { World } from "./generated-key.js";
import type { Request } from "./request.js";

/** One transaction, in the databases in which it takes place. */
export interface Step {
  readonly at: Moment;
  readonly worlds: readonly World[];
  readonly request: Request;
  /** Nothing of it is in any snapshot. */
  readonly inVain: boolean;
}

/**
 * What was done on the restored database holds. Of what was done in the window that holds, too, which can come back.
 * So `truth` lives through both, one after the other, as if the database had never been lost.
 */
export function inOrder(lost: readonly LostDeed[], since: readonly Deed[]): Step[] {
  const steps: Step[] = [
    ...lost.map(({ at, request, fate }): Step => {
      const worlds = fate.kind === "apply" ? (["lost", "truth"] as const) : (["lost"] as const);
      return { at, request, worlds, inVain: fate.kind === "gone" };
    }),
    ...since.map(({ at, request }): Step => ({ at, request, worlds: ["current", "truth"], inVain: false })),
  ];
  return steps.sort((left, right) => left.at - right.at);
}
