import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What a line of the file is looked up by; a part that is not known is found by `*` alone. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
}

/**
 * The password in the user's own file (`PGPASSFILE`, else `~/.pgpass`), as libpq finds it: the first line that fits,
 * and none in a file that others may read. pg can do so, too, but warns with every password that one day it will not.
 */
export function passwordFromFile(login: Login): string | undefined {
  const file = process.env["PGPASSFILE"] ?? join(homedir(), ".pgpass");
  let text: string;
  try {
    if ((statSync(file).mode & 0o077) !== 0 && process.platform !== "win32") return undefined;
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  // To libpq, a socket is on this machine.
  const machine = login.host.startsWith("/") ? "localhost" : login.host;
  const wanted = [machine, String(login.port), login.database, login.user];
  for (const line of text.split(/\r?\n/)) {
    const [host, port, database, user, password] = fieldsOf(line);
    const fits = [host, port, database, user].every((field, at) => field === "*" || field === wanted[at]);
    if (fits && password !== undefined) return password;
  }
  return undefined;
}

/** A field ends at a colon; behind a backslash, that is an ordinary character. */
function fieldsOf(line: string): readonly string[] {
  if (line.startsWith("#")) return [];
  return [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].map(([, field = ""]) =>
    field.replace(/\\(.)/g, "$1"),
  );
}
