import { InterruptedError, UsageError } from "../src/index.js";

/** The contract of design section 3; scripts rely on it, and nothing else decides it. */
export const exitCodes = {
  done: 0,
  failed: 1,
  askedWrongly: 2,
  open: 3,
  drift: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.askedWrongly;
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  return exitCodes.failed;
}
