/**
 * Errors by who has to act. Each has a stable `code`, says what, where and what was expected, and hints at what to do.
 * Which of them ends the process with which exit code is the roof's business (`cli/exit-codes.ts`).
 */
export abstract class PgmendError extends Error {
  abstract readonly code: string;
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** One mistake in what was asked: where it stands and what was expected there. */
export interface Mistake {
  /** `--mode`, or `pgmend.yaml:12:5 rules[0].is`. */
  readonly where: string;
  readonly what: string;
}

/** The caller asked wrongly: a flag, the config, a rule. Lists every mistake at once. */
export class UsageError extends PgmendError {
  readonly code = "usage";
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[], hint?: string) {
    super(mistakes.map(({ where, what }) => `${where}: ${what}`).join("\n"), { hint });
    this.mistakes = mistakes;
  }
}

/** A database cannot be reached or read. */
export class ConnectionError extends PgmendError {
  readonly code = "connection";
  readonly role: string;

  constructor(role: string, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options);
    this.role = role;
  }
}

/** The three databases do not line up, or hold what cannot be compared safely. */
export class SchemaMismatchError extends PgmendError {
  readonly code = "schema-mismatch";
}

/** A strategy threw, or answered what it must not. Always names the strategy. */
export class StrategyError extends PgmendError {
  readonly code = "strategy";
}

/** The plan, or the folder it lives in, is missing, broken, in use or of another version. */
export class PlanError extends PgmendError {
  readonly code = "plan";
}

/** A query failed on a server, for a reason that is neither the connection nor the user's wording. */
export class QueryError extends PgmendError {
  readonly code = "query";
}

/** The person interrupted; whatever was done so far is safe. */
export class InterruptedError extends PgmendError {
  readonly code = "interrupted";

  constructor(hint = "nothing was written; run the same command again") {
    super("interrupted", { hint });
  }
}
