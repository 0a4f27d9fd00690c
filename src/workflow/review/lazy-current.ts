import type { PlanHeader } from "../../model/plan.js";
import type { ConnectionTarget } from "../../model/settings.js";
import type { Session } from "../../postgres/session/session.js";
import { openCurrent } from "../resolve.js";

/** The live database, or why it cannot be asked. */
export type Asked =
  | { readonly session: Session; readonly why: undefined }
  | { readonly session: undefined; readonly why: string };

/** `current`, connected to when it is first needed: most of a review needs no database. */
export class LazyCurrent {
  readonly #header: PlanHeader;
  readonly #target: ConnectionTarget | undefined;
  #opened: Promise<Session> | undefined;

  constructor(header: PlanHeader, target: ConnectionTarget | undefined) {
    this.#header = header;
    this.#target = target;
  }

  /** Never throws: who asks goes on without it. A connection that failed, or is gone, is tried again. */
  async ask(): Promise<Asked> {
    if (this.#target === undefined) {
      const why = "no connection to current is known; give --current URL or PGMEND_CURRENT";
      return { session: undefined, why };
    }
    try {
      if ((await this.#opened)?.isOpen !== true) this.#opened = openCurrent(this.#header, this.#target);
      return { session: (await this.#opened) as Session, why: undefined };
    } catch (error) {
      this.#opened = undefined;
      return { session: undefined, why: error instanceof Error ? error.message : String(error) };
    }
  }

  async close(): Promise<void> {
    await this.#opened?.then(
      (session) => session.close(),
      () => undefined,
    );
  }
}
