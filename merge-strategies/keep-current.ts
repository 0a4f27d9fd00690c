import type { Strategy } from "../src/model/conflict.js";

/** What was written since the incident wins. */
export const keepCurrent: Strategy = {
  name: "keep-current",
  summary: "Keep what current has; cells that do not conflict are still merged.",
  resolve: () => ({ kind: "take", role: "current", reason: "keep-current" }),
};
