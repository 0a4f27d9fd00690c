import type { Strategy } from "../src/model/conflict.js";

/** What is being recovered wins over what was written since. */
export const takeIncoming: Strategy = {
  name: "take-incoming",
  summary: "Take what is being recovered; what current has in the conflicting cells is given up.",
  resolve: () => ({ kind: "take", role: "incoming", reason: "take-incoming" }),
};
