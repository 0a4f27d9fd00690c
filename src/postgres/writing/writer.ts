import type pg from "pg";
import { writingSettings } from "../../sql/patch/preamble.js";
import { asText, createClient } from "../session/client.js";
import { connectionError } from "../session/explain-error.js";
import { refuseSharedSessions } from "../session/pooler.js";
import { WriteError } from "./write-error.js";

export interface WriterOptions {
  readonly url: string;
  /** What the server knows us by, after `pgmend `. */
  readonly name: string;
}

export type Rows = readonly (readonly (string | null)[])[];

/**
 * The one connection that writes to `current`. Like the patch, and unlike `Session`, it leaves search path and time
 * zone as the database has them: the application's triggers fire here, and rely on both.
 *
 * What is asked is sent at once and carried out in order, whether or not what was asked before is answered. A failure
 * does not keep the server from what was sent after it.
 */
export class Writer {
  readonly client: pg.Client;
  /** host:port as reached; never holds a secret. */
  readonly server: string;
  #unanswered = 0;

  private constructor(client: pg.Client) {
    this.client = client;
    this.server = client.host.startsWith("/") ? client.host : `${client.host}:${client.port}`;
  }

  /** @throws ConnectionError */
  static async open({ url, name }: WriterOptions): Promise<Writer> {
    const client = await createClient("current", url, name, true);
    try {
      await client.connect();
    } catch (cause) {
      client.connection.stream.destroy();
      throw connectionError("current", client, cause);
    }
    const writer = new Writer(client);
    try {
      await refuseSharedSessions("current", client, () => createClient("current", url, name));
      await writer.#prepare();
      return writer;
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  /** Rows of one statement, as printed. @throws WriteError */
  async query(sql: string, values: readonly unknown[] = []): Promise<Rows> {
    const [rows = []] = await this.#ask({ text: sql, values: [...values] });
    return rows;
  }

  /** Several statements in one go. @returns the rows of each @throws WriteError */
  script(sql: string): Promise<readonly Rows[]> {
    return this.#ask({ text: sql });
  }

  async #ask(query: Pick<pg.QueryArrayConfig, "text" | "values">): Promise<readonly Rows[]> {
    this.#unanswered += 1;
    try {
      const answer: unknown = await this.client.query({ ...query, rowMode: "array", types: asText });
      const answers = (Array.isArray(answer) ? answer : [answer]) as { readonly rows: Rows }[];
      return answers.map(({ rows }) => rows);
    } catch (cause) {
      throw new WriteError(cause);
    } finally {
      this.#unanswered -= 1;
    }
  }

  async close(): Promise<void> {
    // Nobody waits for an answer any more, and it may never come.
    if (this.#unanswered > 0) this.client.connection.stream.destroy();
    await this.client.end().catch(() => {
      // The connection is gone already, which is all that was wanted.
    });
  }

  async #prepare(): Promise<void> {
    await this.script(writingSettings.map((setting) => `SET ${setting};`).join("\n"));
    // Told "done", we say so in the journal: what is told must be on the server's disk.
    await this.script("SET client_min_messages = error; SET idle_in_transaction_session_timeout = '60s'");
    const [[asynchronous] = []] = await this.query(
      "SELECT pg_catalog.current_setting('synchronous_commit') = 'off'",
    );
    if (asynchronous === "t") await this.script("SET synchronous_commit = local");
    // A query whose asker was killed must not go on and hold its locks. Not every server can tell.
    await this.script("SET client_connection_check_interval = '2s'").catch(() => undefined);
  }
}

/** Waits until all that was asked is answered. @returns the answers @throws what went wrong first */
export async function answersTo<T>(asked: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(asked);
  return Promise.all(asked);
}
