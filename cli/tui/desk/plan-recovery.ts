import {
  type ApplyPreview,
  apply,
  approve,
  type ConnectionTarget,
  type Direction,
  type Fingerprint,
  fingerprintOf,
  type PlanStore,
  type Progress,
  type RehearseResult,
  rehearse,
  rowsDone,
  signingOf,
  UsageError,
  type VerifyResult,
  verify,
} from "../../../src/index.js";
import type { Applied, Recovery } from "../effects/recovery.js";
import type { Standing } from "../state/recovery-places.js";

export interface PlanRecoveryOptions {
  /** Open to write; whoever opened it closes it. */
  readonly store: PlanStore;
  /** The live database, where it is known. */
  readonly current: ConnectionTarget | undefined;
  /** Who signs. */
  readonly by: string;
  readonly needsApproval: boolean;
  /** When aborted, what is under way ends. */
  readonly signal: AbortSignal;
}

type Tell = (progress: Progress) => void;

/** The recovery of one plan, by the steps that the commands take. */
export class PlanRecovery implements Recovery {
  readonly #options: PlanRecoveryOptions;
  #stopping = new AbortController();
  #isPaused = false;
  /** Nobody changes what is planned while the store is open here. */
  #fingerprint: Promise<Fingerprint> | undefined;

  constructor(options: PlanRecoveryOptions) {
    this.#options = options;
  }

  async standing(): Promise<Standing> {
    const { store, by, needsApproval, current } = this.#options;
    this.#fingerprint ??= store.readHeader().then((header) => fingerprintOf(store, header));
    return {
      done: await rowsDone(store),
      signing: await signingOf(store, await this.#fingerprint),
      ...{ needsApproval, signer: by, knowsCurrent: current !== undefined },
    };
  }

  async sign(comment: string | undefined): Promise<Standing> {
    await approve(this.#options.store, { by: this.#options.by, comment });
    return this.standing();
  }

  rehearse(on: string, tell: Tell): Promise<RehearseResult> {
    const { store } = this.#options;
    const isClone = on !== "";
    const current = isClone ? { url: on } : this.#current();
    return rehearse({ store, current, allowOtherDatabase: isClone, onProgress: tell, signal: this.#begin() });
  }

  async look(direction: Direction, tell: Tell): Promise<ApplyPreview> {
    let seen: ApplyPreview | undefined;
    const ask = async (preview: ApplyPreview) => {
      seen = preview;
      return false;
    };
    // Not once more when it is written: whoever pauses early means it.
    this.#isPaused = false;
    await this.#apply({ direction, onDrift: "stop" }, ask, tell);
    if (seen === undefined) throw new Error("apply has not asked");
    return seen;
  }

  async apply(
    { preview, onDrift }: { readonly preview: ApplyPreview; readonly onDrift: "stop" | "skip" },
    tell: Tell,
  ): Promise<Applied> {
    let seen = preview;
    const ask = async (now: ApplyPreview) => {
      seen = now;
      return JSON.stringify(now) === JSON.stringify(preview);
    };
    const result = await this.#apply({ direction: preview.direction, onDrift }, ask, tell);
    return result === undefined ? { kind: "changed", preview: seen } : { kind: "applied", result };
  }

  #apply(
    how: { readonly direction: Direction; readonly onDrift: "stop" | "skip" },
    confirm: (preview: ApplyPreview) => Promise<boolean>,
    tell: Tell,
  ) {
    const { store, needsApproval } = this.#options;
    const asked = async () => (this.#isPaused ? "paused; p goes on" : undefined);
    return apply({
      ...{ store, current: this.#current(), ...how, selection: {}, confirm, onProgress: tell },
      ...{ allowOtherDatabase: false, requireApproval: needsApproval, pauses: { asked } },
      signal: this.#begin(),
    });
  }

  verify(tell: Tell): Promise<VerifyResult> {
    const { store } = this.#options;
    return verify({ store, current: this.#current(), onProgress: tell, signal: this.#begin() });
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  /** What is under way ends; a batch that is being written is finished, or rolled back. */
  stop(): void {
    this.#stopping.abort();
  }

  #begin(): AbortSignal {
    this.#stopping = new AbortController();
    return AbortSignal.any([this.#options.signal, this.#stopping.signal]);
  }

  #current(): ConnectionTarget {
    const { current } = this.#options;
    if (current !== undefined) return current;
    const what = "no connection to it is known; leave, and give --current URL or PGMEND_CURRENT";
    throw new UsageError([{ where: "--current", what }]);
  }
}
