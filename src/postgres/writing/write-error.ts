import { QueryError } from "../../model/errors.js";

/**
 * What to do about a write that failed.
 *
 * - `lost`: the connection is gone. Connect again, then ask what became of the transaction.
 * - `blocked`: somebody else is in the way. Give up, wait, try again.
 * - `refused`: a constraint or a trigger does not want one of these rows.
 * - `failed`: trying again will not help.
 */
export type Fault = "lost" | "blocked" | "refused" | "failed";

/** A write that the server did not take, or nobody knows whether it did. */
export class WriteError extends QueryError {
  readonly fault: Fault;
  /** SQLSTATE; empty where the server had no say. */
  readonly state: string;
  /** The server's own words. */
  readonly reason: string;

  constructor(cause: unknown) {
    const error = cause as Partial<ServerMessage>;
    const state = error.code ?? "";
    const reason = sentence(error);
    super(`current: ${explained[state] ?? reason}`, { hint: hintOf(state, error), cause });
    this.reason = reason;
    this.state = state;
    this.fault = faultOf(error);
  }
}

interface ServerMessage extends Error {
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
  readonly table: string;
  readonly constraint: string;
}

function sentence({ message = "", detail }: Partial<ServerMessage>): string {
  return detail === undefined || detail === "" ? message : `${message} (${detail})`;
}

/** By SQLSTATE: lock not available, deadlock, serialization failure, cancelled (by our own timeout). */
const blocked: readonly string[] = ["55P03", "40P01", "40001", "57014"];
/** The session was ended, or the server is going down, or has crashed. */
const lost: readonly string[] = ["57P01", "57P02", "57P03", "57P05", "25P03"];
/** Integrity, data, WITH CHECK OPTION, what triggers and functions raise, or change under our hands. */
const refusedClasses: readonly string[] = ["22", "23", "27", "38", "39", "44", "P0"];

function faultOf({ code, message = "" }: Partial<ServerMessage>): Fault {
  if (code === undefined) {
    return /connection terminated|client was closed|not queryable/i.test(message) ? "lost" : "failed";
  }
  if (code.startsWith("08") || lost.includes(code) || /^E[A-Z]+$/.test(code)) return "lost";
  if (blocked.includes(code)) return "blocked";
  return refusedClasses.includes(code.slice(0, 2)) ? "refused" : "failed";
}

/** Where the server's words leave a tired reader alone. */
const explained: Readonly<Record<string, string>> = {
  "25006": "the server takes no writes: it is read-only, or a standby",
  "53100": "the server's disk is full",
  "53200": "the server is out of memory",
};

const again = "what was written before is safe: run the same command again";

const hints: Readonly<Record<string, string>> = {
  "25006": `find the primary and name it with --current; ${again}`,
  "42501": `grant it, or connect as the owner of the tables; ${again}`,
  "42P01": "the schema has changed since the plan: plan again",
  "42703": "the schema has changed since the plan: plan again",
  "53100": `make room there; ${again}`,
  "53200": `try again with fewer rows a batch (--batch-rows); ${again}`,
  "57014": `somebody cancelled the query; ${again}`,
};

function hintOf(state: string, { hint }: Partial<ServerMessage>): string {
  return hints[state] ?? (hint === undefined ? again : `${hint}; ${again}`);
}
