export type ServerErrorCode =
  | "server-not-installed"
  | "server-not-runnable"
  | "server-user"
  | "server-start"
  | "server-stopped"
  | "server-left-over";

/** The throw-away PostgreSQL could not be installed, started or removed. Never about a database of the user's. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;
  readonly hint: string | undefined;

  constructor(
    code: ServerErrorCode,
    message: string,
    { hint, cause }: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}
