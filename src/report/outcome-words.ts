import type { Outcome } from "../model/change.js";

const words: Readonly<Record<Outcome, string>> = {
  apply: "the patch writes it",
  already: "current has it already",
  conflict: "nobody has decided yet, and the patch leaves it alone",
  kept: "current stays as it is",
  excluded: "never touched",
  skipped: "it needs something that is left out, or is too long to be read",
};

/** What an outcome means for the row. */
export function outcomeWords(outcome: Outcome): string {
  return words[outcome];
}
