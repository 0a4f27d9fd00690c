import { type Mistake, UsageError } from "../../model/errors.js";
import type { PlanSettings, Rule } from "../../model/settings.js";
import type { Signature } from "../../model/signature.js";

/** Whether any rule needs to know of signatures. */
export function namesSignatures(rules: readonly Rule[]): boolean {
  return rules.some(({ match }) => match.signatures !== undefined);
}

/** @throws UsageError naming every signature that the delta does not have */
export function requireKnown(rules: readonly Rule[], signatures: readonly Signature[]): void {
  const known = new Set(signatures.map(({ id }) => id));
  const mistakes: readonly Mistake[] = rules.flatMap(({ where, match }) =>
    (match.signatures ?? [])
      .filter((id) => !known.has(id))
      .map((id) => ({ where, what: `there is no signature ${id}; ${knownWords(signatures)}` })),
  );
  if (mistakes.length > 0) throw new UsageError(mistakes, "pgmend plan without it lists the signatures");
}

function knownWords(signatures: readonly Signature[]): string {
  if (signatures.length === 0) return "nothing differs between pre and post";
  if (signatures.length === 1) return "the only one is S1";
  return `they are S1 to S${signatures.length}`;
}

/** Numbers follow from the data, and data that moves may number them otherwise next time. */
export function movingNumbers(
  { rules }: Pick<PlanSettings, "rules">,
  postIsCurrent: boolean,
): readonly string[] {
  if (!postIsCurrent || !namesSignatures(rules)) return [];
  return [
    "signatures are named although post is the live database: what is written there meanwhile may give them other numbers; look at them again in this plan",
  ];
}
