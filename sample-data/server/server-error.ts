import { PgmendError } from "../../src/model/errors.js";

export type ServerErrorCode =
  | "server-not-installed"
  | "server-not-runnable"
  | "server-user"
  | "server-start"
  | "server-stopped"
  | "server-left-over";

/** The throw-away PostgreSQL could not be installed, started or removed. Never about a database of the user's. */
export class ServerError extends PgmendError {
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
