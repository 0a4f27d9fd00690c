import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { ServerError } from "./server-error.js";
import type { ServerUser } from "./server-user.js";
import { runShell, type ShellResult, startShell } from "./shell.js";

/**
 * Makes the server's folder, and removes it and stops the server as soon as the process that started it is gone,
 * however it went: the system closes our end of the pipe even on SIGKILL. Stopping in good order closes the same
 * pipe, so there is one way down and it is taken every day; no exit hooks, no signal handlers.
 *
 * Whatever runs for the server wrote its pid to a file in `running` *before* it became what it is (`RECORDED`). The
 * guard renames that folder first, so from then on nothing can start that it does not know of. What ended is struck
 * off, as its pid may soon be somebody else's.
 *
 * A process that ended is a zombie until its parent collects it, and in some containers nobody does: a zombie is gone.
 */
const GUARD = `
name=$1
shift
umask 077
trap '' PIPE # whoever is to read the folder's name may be gone already
for parent; do folder=$parent/$name; mkdir "$folder" && break; done || exit 1
mkdir "$folder/running"
echo "$folder"
exec >/dev/null

while read -r ended; do rm -f "$folder/running/$ended"; done

gone() { ! kill -0 "$1" || grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"; }
mv "$folder/running" "$folder/ending"
pids=$(cat "$folder"/ending/*)
for pid in $pids; do kill -s QUIT -- "-$pid"; done
for pid in $pids; do
  tries=0
  until gone "$pid" || [ "$tries" -ge 160 ]; do sleep 0.05; tries=$((tries + 1)); done
  kill -s KILL -- "-$pid"
done

# A postmaster that was killed could not take its children and its shared memory with it.
if [ -f "$folder/data/postmaster.pid" ]; then
  for pid in $(ls -l /proc/[0-9]*/cwd | sed -n "s|.*/proc/\\([0-9]*\\)/cwd -> $folder/data.*|\\1|p"); do
    kill -s KILL "$pid"
  done
  memory=$(sed -n '7s/.* //p' "$folder/data/postmaster.pid")
  [ -z "$memory" ] || ipcrm -m "$memory"
fi

for attempt in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf "$folder" && break
  sleep 0.2
done
`;

const RECORDED = `echo $$ >"$1/running/$2" && cd "$1" && shift 2 || exit 1
`;

/** All that one server has on disk; it goes as a whole. */
export interface ServerFolder {
  readonly path: string;
  readonly data: string;
  readonly log: string;
}

export class Guard {
  readonly folder: ServerFolder;
  readonly #user: ServerUser;
  readonly #shell: ChildProcess;
  readonly #ended: Promise<void>;
  #records = 0;

  private constructor(path: string, user: ServerUser, shell: ChildProcess) {
    this.folder = { path, data: join(path, "data"), log: join(path, "server.log") };
    this.#user = user;
    this.#shell = shell;
    this.#ended = new Promise((resolve) => {
      shell.once("exit", () => resolve());
      if (shell.exitCode !== null || shell.signalCode !== null) resolve();
    });
    // A server that nobody stopped must not keep our process from ending.
    shell.unref();
    (shell.stdin as Socket | null)?.unref();
  }

  static async create(user: ServerUser): Promise<Guard> {
    // root's own temporary folder may be closed to the server's user.
    const parents = [...new Set([resolve(tmpdir()), "/tmp"])];
    const name = `pgmend-server-${randomBytes(6).toString("hex")}`;
    const shell = startShell(user, GUARD, [name, ...parents], ["pipe", "pipe", "ignore"]);
    shell.stdin?.on("error", () => {}); // it is gone; `close` will see that
    const path = (await firstWords(shell)).trim();
    if (path !== "") return new Guard(path, user, shell);
    throw new ServerError("server-user", `PostgreSQL's user may not write to ${parents.join(" or ")}`, {
      hint: "set TMPDIR to a folder that every user may write to",
    });
  }

  /** A script that works in the server's folder and comes to an end. */
  async run(script: string, args: readonly string[], input?: string | Readable): Promise<ShellResult> {
    const record = this.#newRecord();
    const result = await runShell(this.#user, RECORDED + script, [this.folder.path, record, ...args], input);
    this.#strikeOff(record);
    return result;
  }

  /** A script that goes on, but does not keep our process from ending. */
  start(script: string, args: readonly string[]): ChildProcess {
    const record = this.#newRecord();
    const child = startShell(this.#user, RECORDED + script, [this.folder.path, record, ...args]);
    child.once("exit", () => this.#strikeOff(record));
    child.unref();
    return child;
  }

  /** Stops and removes all. */
  async close(): Promise<void> {
    this.#shell.ref();
    this.#shell.stdin?.end();
    await this.#ended;
    if (!existsSync(this.folder.path)) return;
    throw new ServerError("server-left-over", `the server in ${this.folder.path} could not be removed`, {
      hint: "end the postgres processes that use that folder, then delete it",
    });
  }

  #newRecord(): string {
    this.#records += 1;
    return String(this.#records);
  }

  #strikeOff(record: string): void {
    this.#shell.stdin?.write(`${record}\n`);
  }
}

/** All that a shell says before it closes its output. */
function firstWords(shell: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let words = "";
    shell.stdout?.setEncoding("utf8").on("data", (text: string) => {
      words += text;
    });
    shell.once("error", () => resolve(""));
    shell.stdout?.once("close", () => resolve(words));
  });
}
