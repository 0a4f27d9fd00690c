import type pg from "pg";
import { writingSettings } from "../sql/patch/preamble.js";
import { asText, createClient } from "./client.js";
import { connectionError } from "./explain-error.js";
import { refuseSharedSessions } from "./pooler.js";
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
 */
export class Writer {
  readonly client: pg.Client;
  /** host:port as reached; never holds a secret. */
  readonly server: string;

  private constructor(client: pg.Client) {
    this.client = client;
    this.server = client.host.startsWith("/") ? client.host : `${client.host}:${client.port}`;
  }

  /** @throws ConnectionError */
  static async open({ url, name }: WriterOptions): Promise<Writer> {
    const client = await createClient("current", url, name);
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
    try {
      const query = { text: sql, values: [...values], rowMode: "array" as const, types: asText };
      return (await this.client.query(query)).rows;
    } catch (cause) {
      throw new WriteError(cause);
    }
  }

  /** Several statements in one go. @returns the rows of each @throws WriteError */
  async script(sql: string): Promise<readonly Rows[]> {
    try {
      const answer: unknown = await this.client.query({ text: sql, rowMode: "array", types: asText });
      const answers = (Array.isArray(answer) ? answer : [answer]) as { readonly rows: Rows }[];
      return answers.map(({ rows }) => rows);
    } catch (cause) {
      throw new WriteError(cause);
    }
  }

  async close(): Promise<void> {
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
