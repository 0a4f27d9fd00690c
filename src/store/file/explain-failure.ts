import { PlanError } from "../../model/errors.js";

const anotherFile = "name the folder of a plan, or run `pgmend plan` again";

/** What DuckDB says when it cannot attach a file, in terms of plans. DuckDB has no error codes, only messages. */
export function explainOpening(file: string, error: unknown): PlanError {
  const message = messageOf(error);
  if (/could not set lock|used by another process/i.test(message)) {
    const pid = /\bPID (\d+)/.exec(message)?.[1];
    return new PlanError(`${file} is in use by another process${pid === undefined ? "" : ` (pid ${pid})`}`, {
      hint: "wait until it is done, or end it, then run the same command again",
      cause: error,
    });
  }
  if (/not a valid DuckDB database file/i.test(message)) return notAPlan(file, error);
  return new PlanError(`cannot open ${file}: ${firstLine(message)}`, { cause: error });
}

/** What goes wrong while a plan is open: the disk is full, the file is damaged. */
export function explainWork(file: string, error: unknown): PlanError {
  if (error instanceof PlanError) return error;
  const message = messageOf(error);
  const hint = /no space left/i.test(message)
    ? "make room on that disk, then run the same command again"
    : undefined;
  return new PlanError(`cannot go on with ${file}: ${firstLine(message)}`, { hint, cause: error });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
// Below it DuckDB advises on settings that nobody can reach.
const firstLine = (message: string): string => message.split("\n", 1)[0] ?? message;

export function notAPlan(file: string, cause?: unknown): PlanError {
  return new PlanError(`${file} is not a pgmend plan`, { hint: anotherFile, cause });
}

export function otherFormat(file: string, found: number, readable: number): PlanError {
  return new PlanError(`${file} has plan format ${found}; this pgmend reads format ${readable}`, {
    hint: "use the version of pgmend that wrote it, or run `pgmend plan` again",
  });
}
