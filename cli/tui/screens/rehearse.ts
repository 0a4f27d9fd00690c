import type { RehearsePlace } from "../state/recovery-places.js";
import { runBody, tellRun } from "./run-view.js";
import type { Screen } from "./screen.js";

/** The patch, run in a transaction that is rolled back. */
export const rehearse: Screen<"rehearse"> = {
  title: ({ on }) => (on === "" ? "Rehearse" : "Rehearse on a clone"),
  body: (place, _, view) => runBody(place, doing(place), view),
  tell: (place) => tellRun(place, doing(place)),
};

/** The clone is not named: its URL may hold a password. */
const doing = ({ on }: RehearsePlace): string =>
  on === "" ? "rehearsing on current, to be rolled back" : "rehearsing on the clone, to be rolled back";
