import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerFolder } from "./guard.js";
import { ServerError } from "./server-error.js";
import type { Site } from "./site.js";

export const SUPERUSER = "postgres";

/** The password and the settings come through a pipe: no command line shows them, and no file keeps the password. */
const INITIALIZE = `
bin=$1
shift
umask 077
IFS= read -r password && printf '%s\\n' "$password" >password || exit 1
"$bin/initdb" --pgdata=data --pwfile=password "$@" </dev/null >>server.log 2>&1 || exit 1
rm password && cat >>data/postgresql.conf
`;

export async function initialize(site: Site, password: string, settings: string): Promise<void> {
  const { binaries, guard } = site;
  const options = [
    `--username=${SUPERUSER}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    ...localeOptions(binaries.majorVersion),
    "--no-sync",
    "--no-clean", // the guard finds in there what it must clean up, such as shared memory
  ];
  const input = `${password}\n${settings}`;
  const { exitCode } = await guard.run(INITIALIZE, [binaries.bin, ...options], input);
  if (exitCode !== 0) throw startError("PostgreSQL's initdb failed", guard.folder, 0);
}

/** Many machines have only the C locale. PostgreSQL brings one of its own since 17, which also knows letters beyond ASCII. */
function localeOptions(majorVersion: number): readonly string[] {
  const builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  return majorVersion < 17 ? ["--locale=C"] : ["--locale=C", ...builtin];
}

const RUN_POSTMASTER = 'exec "$1/postgres" -D "$PWD/data" -p "$2" >>server.log 2>&1';
const POLL_MS = 20;
const READY_WITHIN_MS = 60_000;

/** One postmaster, from its start to its end. A server that is restarted has several, one after the other. */
export class Postmaster {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor({ binaries, guard }: Site, port: number) {
    this.#child = guard.start(RUN_POSTMASTER, [binaries.bin, String(port)]);
    this.pid = this.#child.pid ?? 0;
    this.#ended = new Promise((resolve) => {
      this.#child.once("error", () => resolve());
      this.#child.once("exit", () => resolve());
    });
  }

  get running(): boolean {
    return this.pid !== 0 && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends sessions and shuts down in good order; kills what does not listen. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.#child.ref();
    this.#child.kill("SIGINT");
    const patience = setTimeout(() => this.#child.kill("SIGQUIT"), 10_000);
    await this.#ended;
    clearTimeout(patience);
  }
}

/** Starts a postmaster and waits until it takes connections; answers with the log of a start that failed. */
export async function launch(site: Site, port: number): Promise<Postmaster | ServerError> {
  const { folder } = site.guard;
  const logStart = readLog(folder).length;
  const postmaster = new Postmaster(site, port);
  const deadline = Date.now() + READY_WITHIN_MS;
  while (postmaster.running && Date.now() < deadline) {
    if (isReady(folder, postmaster.pid)) return postmaster;
    await sleep(POLL_MS);
  }
  await postmaster.stop();
  return startError("PostgreSQL did not start", folder, logStart);
}

/** The postmaster's own word, as pg_ctl reads it; the pid tells it from what a killed one left behind. */
function isReady({ data }: ServerFolder, pid: number): boolean {
  try {
    const lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
  } catch {
    return false;
  }
}

const TAIL_LINES = 20;

function startError(message: string, folder: ServerFolder, logStart: number): ServerError {
  const lines = readLog(folder).slice(logStart).trimEnd().split("\n");
  const tail = lines.slice(-TAIL_LINES).join("\n");
  return new ServerError("server-start", `${message}. The end of its log:\n${tail}`, {
    hint: "check the settings that the server was given, and the space left on disk",
  });
}

function readLog({ log }: ServerFolder): string {
  try {
    return readFileSync(log, "utf8");
  } catch {
    return "";
  }
}
