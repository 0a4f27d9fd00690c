import { userInfo } from "node:os";

/** The operating system's user; undefined for a process that runs as a number which no user has. */
export function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
