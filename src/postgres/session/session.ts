import type pg from "pg";
import { ConnectionError, InterruptedError } from "../../model/errors.js";
import { asText, createClient } from "./client.js";
import { connectionError, queryError } from "./explain-error.js";
import { refuseSharedSessions } from "./pooler.js";

/**
 * Everything that decides how a value is printed, and everything that could make a read incomplete or cut it short.
 * One place, so that all three databases print alike whatever their own settings say (design 6, pitfalls 9, 10, 32, 60).
 */
const pinnedSettings: Readonly<Record<string, string>> = {
  client_encoding: "UTF8",
  DateStyle: "ISO, YMD",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  extra_float_digits: "3",
  bytea_output: "hex",
  xmloption: "content",
  array_nulls: "on",
  transform_null_equals: "off",
  // Decides how names are printed, by format_type and pg_get_* too.
  quote_all_identifiers: "off",
  // With a limit, an index scan returns some of the rows.
  gin_fuzzy_search_limit: "0",
  lc_monetary: "C",
  standard_conforming_strings: "on",
  search_path: "",
  row_security: "off",
  statement_timeout: "0",
  lock_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  default_transaction_read_only: "on",
  default_transaction_isolation: "repeatable read",
  // Compiling a query of the catalog takes longer than it runs; the planner overestimates those that ask object by object.
  jit: "off",
};

/** Limits that only newer servers have: a role or a database may set them, and a long read would be cut short. */
const noLimits = `(SELECT pg_catalog.count(pg_catalog.set_config(name, '0', false)) FROM pg_catalog.pg_settings
  WHERE name IN ('transaction_timeout', 'idle_session_timeout'))`;

export interface SessionOptions {
  /** What errors call it: `pre`, or `snapshot 22:08`. */
  readonly role: string;
  readonly url: string;
  readonly signal?: AbortSignal | undefined;
}

/** One connection to one of the databases, pinned and unable to write. */
export class Session {
  readonly role: string;
  /** host:port as reached; never holds a secret. */
  readonly server: string;
  readonly database: string;
  readonly client: pg.Client;
  /** Settles once the connection is gone, however it went: what was asked for then is never answered. */
  readonly ended: Promise<void>;

  /** A pooler in session mode stands between us and the server. */
  pooled = false;

  #open = true;

  private constructor(role: string, client: pg.Client) {
    this.role = role;
    this.client = client;
    this.server = client.host.startsWith("/") ? client.host : `${client.host}:${client.port}`;
    this.database = client.database ?? "";
    this.ended = new Promise((resolve) => {
      client.once("end", () => {
        this.#open = false;
        resolve();
      });
    });
  }

  /** @throws ConnectionError with what to do about it; the password is never part of it */
  static async open({ role, url, signal }: SessionOptions): Promise<Session> {
    const client = await createClient(role, url);
    if (signal?.aborted === true) throw new InterruptedError();
    let connected = false;
    // Not by client.end(): to a server that has not let us in yet, there is nobody to say goodbye to.
    const hangUp = () => client.connection.stream.destroy();
    signal?.addEventListener("abort", () => void (connected ? client.end() : hangUp()), { once: true });
    try {
      await client.connect();
      connected = true;
    } catch (cause) {
      hangUp();
      throw connectionError(role, client, cause);
    }
    const session = new Session(role, client);
    try {
      session.pooled = await refuseSharedSessions(role, client, () => createClient(role, url));
      await session.pin();
    } catch (error) {
      await session.close();
      throw error;
    }
    return session;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Starts a read-only snapshot: every read until `close` or `release` sees the same moment. */
  async snapshot(): Promise<void> {
    await this.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }

  /** Lets other sessions of this server join the snapshot for as long as it lasts. */
  async exportSnapshot(): Promise<string> {
    return (await this.query("SELECT pg_catalog.pg_export_snapshot()"))[0]?.[0] ?? "";
  }

  /** Like `snapshot`, at the moment that another session sees. */
  async joinSnapshot(exported: string): Promise<void> {
    await this.snapshot();
    // SET TRANSACTION takes no parameters.
    await this.query(`SET TRANSACTION SNAPSHOT '${exported.replaceAll("'", "''")}'`);
  }

  /** From here on `giveBackLocks` gives back what is locked. Last of all that starts a snapshot: a savepoint exports none. */
  async markLocks(): Promise<void> {
    await this.query("SAVEPOINT pgmend_locks");
  }

  /**
   * Gives back the locks on what was read since `markLocks`; the snapshot stays. Each table that is read, and each of its
   * indexes, stays locked otherwise, and a server has room for some thousands of locks of all its sessions together.
   */
  async giveBackLocks(): Promise<void> {
    await this.query("ROLLBACK TO SAVEPOINT pgmend_locks");
  }

  /** Ends the snapshot, so that the server may clean up behind it. */
  async release(): Promise<void> {
    await this.query("ROLLBACK");
  }

  /** Rows as arrays of printed values. @throws QueryError */
  async query(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly (readonly (string | null)[])[]> {
    try {
      const result = await this.client.query({
        text: sql,
        values: [...values],
        rowMode: "array",
        types: asText,
      });
      return result.rows;
    } catch (cause) {
      throw queryError(this.role, cause);
    }
  }

  /** Rows one by one as they arrive, for large answers of which little is kept. @throws QueryError */
  async each(sql: string, onRow: (row: readonly (string | null)[]) => void): Promise<void> {
    const config: pg.QueryArrayConfig = { text: sql, rowMode: "array", types: asText };
    const { default: postgres } = await import("pg");
    const query = new postgres.Query<(string | null)[]>(config);
    query.on("row", (row) => onRow(row as (string | null)[]));
    try {
      await new Promise<void>((resolve, reject) => {
        query.on("end", () => resolve());
        query.on("error", reject);
        this.client.query(query);
      });
    } catch (cause) {
      throw queryError(this.role, cause);
    }
  }

  /** Does something with other settings of the planner, which touch no value. Outside of it they are as they were. */
  async planning<T>(settings: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
    const restore = await this.setPlanner(settings);
    try {
      return await work();
    } finally {
      await restore();
    }
  }

  /** Other settings of the planner. @returns what makes them as they were */
  async setPlanner(settings: Readonly<Record<string, string>>): Promise<() => Promise<void>> {
    const names = Object.keys(settings);
    const setTo = (name: string, at: number) => `pg_catalog.set_config('${name}', $${at + 1}, false)`;
    // In one round trip: as it was, and then set.
    const [both = []] = await this.query(
      `SELECT ${names.map((name, at) => `pg_catalog.current_setting('${name}'), ${setTo(name, at)}`).join(", ")}`,
      Object.values(settings),
    );
    const before = names.map((_, at) => both[2 * at]);
    return async () => {
      // What failed has ended the transaction or the connection: nothing follows that could mind.
      await this.query(`SELECT ${names.map(setTo).join(", ")}`, before).catch(() => undefined);
    };
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => {
      // The connection is gone already, which is all that was wanted.
    });
  }

  private async pin(): Promise<void> {
    const names = Object.keys(pinnedSettings);
    const set = names.map((_, at) => `pg_catalog.set_config($${2 * at + 1}, $${2 * at + 2}, false)`);
    await this.query(
      `SELECT ${set.join(", ")}, ${noLimits}`,
      names.flatMap((name) => [name, pinnedSettings[name]]),
    );
    await this.watchAsker();
    // Whatever stands in between: a value printed under other settings must never be read.
    const shown =
      await this.query(`SELECT pg_catalog.current_setting('DateStyle'), pg_catalog.current_setting('TimeZone'),
      pg_catalog.current_setting('extra_float_digits'), pg_catalog.current_setting('default_transaction_read_only')`);
    if (shown[0]?.join("|") !== "ISO, YMD|UTC|3|on") {
      throw new ConnectionError(
        this.role,
        `${this.role}: the server does not keep the settings of a session`,
        {
          hint: "a connection pooler in transaction mode does that: connect to the server itself",
        },
      );
    }
  }

  /** A query whose asker was killed or cut off must not go on at the server's cost. Not every server can tell. */
  private async watchAsker(): Promise<void> {
    const ask = "SELECT pg_catalog.set_config('client_connection_check_interval', '2s', false)";
    await this.query(ask).catch(() => undefined);
  }
}
