import { join } from "node:path";
import { openPlanStore, type PlanStore } from "../../src/index.js";
import { planFile } from "../files.js";
import { finishMove, isMoving } from "./finish-move.js";

/**
 * Opens the plan of a recovery folder: the one that is to be there, should somebody have been killed putting it in place.
 * @throws PlanError
 */
export async function openFolder(
  folder: string,
  options: { readonly readOnly: boolean },
): Promise<PlanStore> {
  for (;;) {
    await finishMove(folder);
    const store = await openPlanStore(join(folder, planFile), options);
    // Somebody was killed after we had looked: what is written to the old plan now would be lost with it.
    if (options.readOnly || !isMoving(folder)) return store;
    await store.close();
  }
}
