import type { Strategy } from "../src/model/conflict.js";

/** Two different things got the same generated key: both stay. */
export const rekey: Strategy = {
  name: "rekey",
  summary: "Replay: two things got one generated key; the incoming one takes another, its references follow.",
  resolve: ({ kind }) => (kind === "insert/insert" ? { kind: "rekey", reason: "rekey" } : undefined),
};
