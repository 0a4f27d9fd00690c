import { runBody, tellRun } from "./run-view.js";
import type { Screen } from "./screen.js";

/** Is the database what the plan says. */
export const verify: Screen<"verify"> = {
  title: () => "Verify",
  body: (place, _, view) => runBody(place, doing, view),
  tell: (place) => tellRun(place, doing),
};

const doing = "comparing current with the plan";
