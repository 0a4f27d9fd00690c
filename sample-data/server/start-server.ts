import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { findFreePort } from "./free-port.js";
import { initialize, launch, type Postmaster, SUPERUSER } from "./postmaster.js";
import { ServerError } from "./server-error.js";
import { defaultSettings, settingsFile } from "./settings-file.js";
import { prepareSite, type Site } from "./site.js";
import { copyPrimary, copyStopped } from "./standby.js";

/** A real PostgreSQL server that is thrown away: for the demo, the tests and the benchmarks. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  /** Of the postmaster, for tests that kill it; another one after a restart. */
  readonly pid: number;
  /** postgresql:// URL of one database on this server. */
  url(database: string, user?: string, password?: string): string;
  /** Starts it again after a crash or a shutdown, or anew: same data directory, same port. Meanwhile it is stopped. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  /** Ends it and removes its data directory. May be called again. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Added to the defaults of a throw-away server, or instead of them. The port is not among them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A folder of other PostgreSQL binaries: the one that holds `bin/postgres`, or that `bin`. */
  readonly binaries?: string;
  /** It is to be a hot standby of this server, with a copy of its data, and to follow it. */
  readonly standbyOf?: Server;
  /** It is to begin with a copy of the data of this server, which has to be stopped. */
  readonly copyOf?: Server;
}

const HOST = "127.0.0.1";

/** It is gone, data and all, when our process is gone, even if that is killed: see `guard.ts`. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { standbyOf: primary, copyOf: origin } = options;
  const password = (primary ?? origin)?.password ?? randomBytes(18).toString("base64url");
  const site = await prepareSite(options.binaries);
  const settings = { ...defaultSettings(site.guard.folder.path), ...options.settings };
  try {
    if (origin !== undefined) await copyStopped(site, origin, settings);
    else if (primary === undefined) await initialize(site, password, settingsFile(settings));
    else await copyPrimary(site, primary, settings);
    const { port, postmaster } = await launchOnFreePort(site);
    return new LocalServer(site, port, postmaster, password);
  } catch (error) {
    await site.guard.close();
    throw error;
  }
}

const PORT_TAKEN = /could not create any TCP\/IP sockets/;
const PORTS_TRIED = 10;

async function launchOnFreePort(site: Site): Promise<{ port: number; postmaster: Postmaster }> {
  for (let tried = 1; ; tried += 1) {
    const port = await findFreePort();
    const launched = await launch(site, port);
    if (!(launched instanceof ServerError)) return { port, postmaster: launched };
    if (tried === PORTS_TRIED || !PORT_TAKEN.test(launched.message)) throw launched;
  }
}

/** Sessions of a postmaster that was killed hold on to its memory, and clients to its port, for a moment. */
const STILL_IN_USE = /is still in use|lock file "postmaster.pid" already exists/;
const FREED_WITHIN_MS = 15_000;

async function launchAgain(site: Site, port: number): Promise<Postmaster> {
  const deadline = Date.now() + FREED_WITHIN_MS;
  for (;;) {
    const launched = await launch(site, port);
    if (!(launched instanceof ServerError)) return launched;
    const transient = STILL_IN_USE.test(launched.message) || PORT_TAKEN.test(launched.message);
    if (!transient || Date.now() > deadline) throw launched;
    await sleep(100);
  }
}

/** `pg` decodes a path less thoroughly than libpq does, so only what must be is encoded: `?` and `#` are libpq's alone. */
function encodeDatabase(name: string): string {
  return encodeURI(name).replaceAll("?", "%3F").replaceAll("#", "%23");
}

class LocalServer implements Server {
  readonly host = HOST;
  readonly user = SUPERUSER;
  readonly port: number;
  readonly password: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly #site: Site;
  #postmaster: Postmaster;
  #stopped: Promise<void> | undefined;

  constructor(site: Site, port: number, postmaster: Postmaster, password: string) {
    this.#site = site;
    this.port = port;
    this.#postmaster = postmaster;
    this.password = password;
    this.dataDirectory = site.guard.folder.data;
    this.logFile = site.guard.folder.log;
  }

  get pid(): number {
    return this.#postmaster.pid;
  }

  url(database: string, user = this.user, password = this.password): string {
    const [login, secret] = [user, password].map(encodeURIComponent);
    return `postgresql://${login}:${secret}@${this.host}:${this.port}/${encodeDatabase(database)}`;
  }

  async restart(meanwhile?: () => Promise<void>): Promise<void> {
    if (this.#stopped !== undefined) {
      throw new ServerError("server-stopped", "this server was stopped and its data removed", {
        hint: "start another one",
      });
    }
    await this.#postmaster.stop();
    await meanwhile?.();
    this.#postmaster = await launchAgain(this.#site, this.port);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#site.guard.close();
    return this.#stopped;
  }
}
