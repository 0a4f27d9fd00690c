import { number, plural, type VerifyResult, visible } from "../../src/index.js";
import { invariantText, shownRows } from "./apply-text.js";

/** Whether every row, every invariant and every sequence is as the plan says. */
export function isVerified({ notWritten, moved, invariants, sequences }: VerifyResult): boolean {
  return (
    notWritten + moved === 0 &&
    invariants.every(({ holds }) => holds) &&
    sequences.every(({ isThere }) => isThere)
  );
}

/** What was found, for people. @param most rows that are listed */
export function verifyText(
  { asPlanned, notWritten, moved, rows, invariants, sequences }: VerifyResult,
  most = shownRows,
): string {
  const total = asPlanned + notWritten + moved;
  const lines = [
    `${number(asPlanned)} of ${number(total)} planned ${plural(total, "row")} ${asPlanned === 1 ? "is" : "are"} as planned.`,
    ...(notWritten > 0
      ? [`${number(notWritten)} not written: still as the plan saw ${notWritten === 1 ? "it" : "them"}.`]
      : []),
    ...(moved > 0 ? [`${number(moved)} moved: changed by somebody since the plan.`] : []),
    ...rows
      .slice(0, most)
      .map(
        ({ table, key, state, writtenBy }) =>
          `  ${state}: ${visible(`${table} ${JSON.stringify(key)}`)}${originText(writtenBy)}`,
      ),
    ...(notWritten + moved > most
      ? [`  … and ${number(notWritten + moved - most)} more (--json lists them)`]
      : []),
    ...sequences
      .filter(({ isThere }) => !isThere)
      .map(({ sequence, wanted, at }) =>
        visible(`sequence ${sequence} is at ${at ?? "nothing"}, and should be at ${wanted}`),
      ),
  ];
  return `${lines.join("\n")}\n${invariants.map(invariantText).join("")}`;
}

function originText(origin: VerifyResult["rows"][number]["writtenBy"]): string {
  if (origin === undefined) return "";
  const { transaction, committedAt } = origin;
  return `, written by transaction ${transaction}${committedAt === undefined ? "" : ` at ${committedAt}`}`;
}
