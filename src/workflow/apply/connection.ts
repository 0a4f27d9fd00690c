import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionError, InterruptedError, UsageError } from "../../model/errors.js";
import type { Direction } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import { WriteError } from "../../postgres/writing/write-error.js";
import { type FoundTarget, readWriteTarget } from "../../postgres/writing/write-target.js";
import { Writer } from "../../postgres/writing/writer.js";
import { Staging } from "./staging.js";
import { checkTarget } from "./target.js";
import type { WritingSession } from "./write-rows.js";

export interface ConnectionOptions {
  readonly url: string;
  /** What the server knows us by. */
  readonly name: string;
  readonly header: PlanHeader;
  readonly direction: Direction;
  readonly allowOtherDatabase: boolean;
  /** How long to wait for a lock, outside of transactions too; undefined: for as long as it takes. */
  readonly lockTimeoutMs?: number;
  /** How long to go on trying when the connection is lost. */
  readonly reconnectMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onWait: (text: string) => void;
}

/** The session that writes, and another one in its place when it is lost. */
export class Connection {
  readonly #options: ConnectionOptions;
  #session: WritingSession;
  #target: FoundTarget;

  private constructor(options: ConnectionOptions, session: WritingSession, target: FoundTarget) {
    this.#options = options;
    this.#session = session;
    this.#target = target;
  }

  /** @throws UsageError when it is not the database of the plan, or takes no writes */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const { session, target } = await connect(options);
    return new Connection(options, session, target);
  }

  get session(): WritingSession {
    return this.#session;
  }

  get target(): FoundTarget {
    return this.#target;
  }

  /** Connects again, for as long as the options say. @throws ConnectionError, UsageError */
  async again(): Promise<void> {
    const { reconnectMs, signal, onWait } = this.#options;
    await this.close();
    const until = performance.now() + reconnectMs;
    for (let pause = 100; ; pause = Math.min(pause * 2, 2000)) {
      if (signal?.aborted === true) throw new InterruptedError(resumable);
      try {
        const { session, target } = await connect(this.#options);
        this.#session = session;
        if (target.id === this.#target.id) {
          this.#target = target;
          return;
        }
        throw anotherDatabase(target);
      } catch (error) {
        const mayPass =
          error instanceof ConnectionError || (error instanceof WriteError && error.fault === "lost");
        if (!mayPass) throw error;
        if (performance.now() > until) throw lostForGood(error, reconnectMs);
        onWait("the connection is lost; trying again");
        await sleep(pause);
      }
    }
  }

  /** Work that may be done twice: when the connection is lost meanwhile, or somebody cancels it, it is done again. */
  async steady<T>(work: (session: WritingSession) => Promise<T>): Promise<T> {
    for (let cancelled = 0; ; ) {
      try {
        return await work(this.#session);
      } catch (error) {
        if (!(error instanceof WriteError)) throw error;
        if (error.fault === "lost") await this.again();
        else if (error.state === "57014" && cancelled < mostCancelled) {
          cancelled += 1;
          await this.#session.writer.script("ROLLBACK").catch(() => this.again());
        } else throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.#session.writer.close();
  }
}

/** Whoever cancels it more often than that means it. */
const mostCancelled = 3;

export const resumable = "what was written is safe and in the journal; run the same command again to go on";

async function connect(
  options: ConnectionOptions,
): Promise<{ readonly session: WritingSession; readonly target: FoundTarget }> {
  const { url, name, header, direction, lockTimeoutMs } = options;
  const writer = await Writer.open({ url, name });
  try {
    if (lockTimeoutMs !== undefined) await writer.script(`SET lock_timeout = ${Math.ceil(lockTimeoutMs)}`);
    const target = await readWriteTarget(writer);
    checkTarget(target, header, options.allowOtherDatabase);
    return { session: { writer, staging: await Staging.open(writer), header, direction }, target };
  } catch (error) {
    await writer.close();
    throw error;
  }
}

function anotherDatabase({ database }: FoundTarget): UsageError {
  const what = `another database answers there now (${database})`;
  return new UsageError([{ where: "--current", what }], resumable);
}

function lostForGood(cause: Error, ms: number): ConnectionError {
  const message = `${cause.message.replace(/^current: /, "current: the connection was lost, and ")}, for ${Math.round(ms / 1000)} s`;
  return new ConnectionError("current", message, { hint: resumable, cause });
}
