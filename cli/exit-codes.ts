import { InterruptedError, type Summary, UsageError } from "../src/index.js";

/** The contract of design section 3; scripts rely on it, and nothing else decides it. */
export const exitCodes = {
  done: 0,
  failed: 1,
  askedWrongly: 2,
  open: 3,
  drift: 4,
  interrupted: 130,
} as const;

/** What each means, for `--help` and docs/cli.md. */
export const exitCodeWords: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: "done, nothing open",
  failed: "it failed; the error says what, and what to do; nothing is half-written",
  askedWrongly: "asked wrongly; every mistake is listed, with its place",
  open: "done, but something is open: conflicts, or tables that could not be compared and that nobody excluded",
  drift: "drift: apply, rehearse or verify found rows that are not as planned",
  interrupted: "interrupted; what was done so far is safe, and the same command goes on",
};

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.askedWrongly;
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  return exitCodes.failed;
}

/** Of a plan, as its summary counts what is open. */
export function exitCodeOfPlan({ totals }: Pick<Summary, "totals">): ExitCode {
  return totals.open > 0 ? exitCodes.open : exitCodes.done;
}
