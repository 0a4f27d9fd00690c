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
  const host = login.host.startsWith("/") ? "localhost" : login.host;
  const wanted = [host, String(login.port), login.database, login.user];
  for (const line of text.split(/\r?\n/)) {
    const [password, ...fields] = fieldsOf(line).reverse();
    const fits = fields.reverse().every((field, at) => field === "*" || field === wanted[at]);
    if (fields.length === wanted.length && fits) return password;
  }
  return undefined;
}

/** Fields end at a colon; a backslash makes the next character an ordinary one. */
function fieldsOf(line: string): readonly string[] {
  if (line.startsWith("#")) return [];
  const fields = line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? [];
  // The last match is the empty text behind the end.
  return fields.slice(0, 5).map((field) => field.replace(/:$/, "").replace(/\\(.)/g, "$1"));
}
