import type { Strategy } from "../src/model/conflict.js";

/** The default: a person decides. */
export const manual: Strategy = {
  name: "manual",
  summary: "Leave the conflict open for a person to decide, and ask no later entry.",
  resolve: () => ({ kind: "leave", reason: "left open for a person" }),
};
