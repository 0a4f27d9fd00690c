import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ServerError } from "./server-error.js";

/** The operating system user that PostgreSQL runs as; undefined: whoever we are. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined;

/** Both exist nearly everywhere, so that no system user needs to be created. */
const UNPRIVILEGED = ["postgres", "nobody"];

/** PostgreSQL refuses to run as root, so root hands it to an unprivileged user. */
export async function findServerUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of UNPRIVILEGED) {
    const user = await lookUp(name);
    if (user !== undefined && user.uid !== 0) return user;
  }
  throw new ServerError("server-user", "PostgreSQL does not run as root, and there is no user to run it as", {
    hint: `run as another user than root, or create one of the users ${UNPRIVILEGED.join(", ")}`,
  });
}

async function lookUp(name: string): Promise<ServerUser> {
  const ask = async (what: string) => Number((await promisify(execFile)("id", [what, name])).stdout);
  try {
    return { uid: await ask("-u"), gid: await ask("-g") };
  } catch {
    return undefined;
  }
}
