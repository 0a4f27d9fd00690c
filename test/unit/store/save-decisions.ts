/** A process of its own that decides one conflict after the other, and says of each when it is saved. */
import { openPlanStore } from "../../../src/store/plan-store.js";
import { decided } from "./sample-decision.js";

const store = await openPlanStore(process.argv[2] ?? "");
for (let at = await store.lastJournalNumber(); ; at += 2) {
  await store.saveDecisions([decided(at), decided(at + 1)]);
  process.stdout.write(`${at + 2}\n`);
}
