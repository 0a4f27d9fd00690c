import type pg from "pg";
import { ConnectionError, QueryError } from "../../model/errors.js";
import { databaseRoles } from "../../model/value.js";

interface ServerError extends Error {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly address?: string;
  readonly port?: number;
}

type Reached = Pick<pg.Client, "host" | "port" | "user"> & { readonly database?: string | undefined };

/** A failed connection in one sentence, with what to do; the password is never part of it. */
export function connectionError(role: string, client: Reached, cause: unknown): ConnectionError {
  const error = cause as ServerError;
  const place = client.host.startsWith("/") ? client.host : `${client.host}:${client.port}`;
  const [what, hint] = explain(error, role, client, place);
  return new ConnectionError(role, `${role}: ${what}`, { hint, cause });
}

function explain(
  error: ServerError,
  role: string,
  client: Reached,
  place: string,
): readonly [string, string] {
  switch (error.code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return [`no host is called "${client.host}"`, "check the host name in the URL"];
    case "ECONNREFUSED":
      return [`nothing listens on ${place}`, "check host and port, and that the server is up"];
    case "ENOENT":
      return [
        `there is no PostgreSQL socket in ${client.host}`,
        "check the host in the URL, and that the server is up",
      ];
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return [`${place} cannot be reached`, "check host, port, firewall and VPN"];
    case "ECONNRESET":
      return [`${place} closed the connection`, "check that it is a PostgreSQL server, and its log"];
    case "28P01":
      return [`the password for user "${client.user}" was not accepted by ${place}`, passwordHint(role)];
    case "28000":
      return [
        `${place} does not let user "${client.user}" in: ${error.message}`,
        "check pg_hba.conf, and sslmode in the URL",
      ];
    case "3D000":
      return [
        `there is no database "${client.database ?? ""}" on ${place}`,
        "check the database name at the end of the URL",
      ];
    case "42501":
      return [
        `user "${client.user}" may not connect to "${client.database ?? ""}" on ${place}`,
        "GRANT CONNECT ON DATABASE … TO …",
      ];
    case "53300":
      return [`${place} has no connection left`, "free one, or connect as a role with reserved connections"];
    case "57P03":
      return [`${place} is starting up, shutting down or not accepting connections`, "try again in a moment"];
    default:
      return explainByText(error, role, place);
  }
}

function explainByText(error: ServerError, role: string, place: string): readonly [string, string] {
  // pg reports these without a code.
  if (/password must be a string|no password/i.test(error.message))
    return [`${place} asks for a password`, passwordHint(role)];
  if (/timeout/i.test(error.message))
    return [`${place} did not answer within 15 s`, "check host, port, firewall and VPN"];
  if (/does not support SSL/i.test(error.message))
    return [`${place} does not speak TLS`, "take sslmode out of the URL, or say sslmode=disable"];
  if (/connection terminated/i.test(error.message))
    return [`${place} closed the connection`, "check that it is a PostgreSQL server, and its log"];
  return [`cannot connect to ${place}: ${error.message}`, "check the URL"];
}

function passwordHint(role: string): string {
  const isOfThree = databaseRoles.some((known) => known === role);
  if (!isOfThree) return "put it in ~/.pgpass or in PGPASSWORD";
  return `put it in ~/.pgpass, in PGPASSWORD, or in the URL given as PGMEND_${role.toUpperCase()}`;
}

/** A failed query in one sentence, with what the server had to say. */
export function queryError(role: string, cause: unknown): Error {
  const error = cause as ServerError;
  if (isLost(error)) {
    return new ConnectionError(role, `${role}: the connection was lost`, {
      hint: "run the same command again",
      cause,
    });
  }
  const hint = /row-level security/.test(error.message)
    ? rowSecurityHint
    : /invalid memory alloc request size|string buffer|cannot create a string longer/i.test(error.message)
      ? tooLarge
      : (hints[error.code ?? ""] ?? error.hint);
  const detail = error.detail === undefined ? "" : ` (${error.detail})`;
  return new QueryError(`${role}: ${error.message}${detail}`, { hint, cause });
}

/** What pg says of a connection that is gone, or the network of one that was cut. */
function isLost({ code, message }: ServerError): boolean {
  if (code === undefined) return /connection terminated|client was closed|not queryable/i.test(message);
  return ["ECONNRESET", "EPIPE", "ETIMEDOUT"].includes(code);
}

/** It shares its code with every other lack of a privilege. */
const rowSecurityHint =
  "only a role with BYPASSRLS is sure to see every row: connect as one, or leave the table out with --exclude-tables";

const otherSchema = "the schema has changed since, or this is another database: check the URL, or plan again";

const notUtf8 = "a text there cannot be told in UTF-8: mend it, or leave the table out with --exclude-tables";

const tooLarge =
  "a value is too large to be printed: leave its table out with --exclude-tables (pgmend check names it)";

/** By SQLSTATE. */
const hints: Readonly<Record<string, string>> = {
  "40001":
    "a standby cancels long reads when they stand in the way of recovery: set hot_standby_feedback, raise max_standby_streaming_delay, or read from another copy",
  "42501":
    "grant SELECT on it to this role (pg_read_all_data covers everything), or leave the table out with --exclude-tables",
  "42P01": otherSchema,
  "42703": otherSchema,
  "57014": "somebody cancelled the query; run the same command again",
  "57P01": "the server is being shut down, or somebody ended the session; run the same command again",
  "22021": notUtf8,
  "22P05": notUtf8,
  "54000": tooLarge,
  "25006": "pgmend reads in read-only transactions; an expression that writes cannot be used here",
};
