import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { ServerUser } from "./server-user.js";

/**
 * Starts a shell script as the server's user, in a session of its own (a Ctrl-C on the terminal is ours to answer).
 * All that is written or deleted in the server's folder is done through here: root itself must not do so where
 * another user could swap a file for a symbolic link.
 */
export function startShell(
  user: ServerUser,
  script: string,
  args: readonly string[],
  stdio: StdioOptions = "ignore",
): ChildProcess {
  return spawn("/bin/sh", ["-c", script, "pgmend-server", ...args], {
    ...user,
    cwd: "/", // ours may be closed to the server's user
    detached: true,
    // Nothing of ours: PGDATA, PGPORT or a locale that is not installed would change what the server does.
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    stdio,
  });
}

export interface ShellResult {
  /** undefined: it could not be started, or was killed. */
  readonly exitCode: number | undefined;
  readonly output: string;
}

export function runShell(
  user: ServerUser,
  script: string,
  args: readonly string[],
  input?: string | Readable,
): Promise<ShellResult> {
  const child = startShell(user, `exec 2>&1; ${script}`, args, ["pipe", "pipe", "ignore"]);
  child.stdin?.on("error", () => {}); // it ended without reading all; its exit code says why
  if (typeof input === "object") input.pipe(child.stdin as NodeJS.WritableStream);
  else child.stdin?.end(input);
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ exitCode: undefined, output: error.message }));
    child.on("close", (code) => resolve({ exitCode: code ?? undefined, output }));
  });
}
