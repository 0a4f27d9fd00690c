import { UsageError } from "../../../src/index.js";
import type { Action, Effect } from "../state/actions.js";
import { type ReadEffect, read, type WriteEffect, write } from "./carry-out.js";
import type { Desk } from "./desk.js";
import { scanErrors, shortText } from "./error-words.js";
import { type RunEffect, runStep } from "./run-step.js";

type Dispatch = (action: Action) => void;
type ScanEffect = Extract<Effect, { kind: "scan" }>;

/**
 * Carries out what the reducer wants. What changes something is done one after the other, and reading waits for it; of
 * several readings for one place only the last is told.
 */
export class EffectRunner {
  readonly #desk: Desk;
  readonly #now: () => number;
  readonly #latest = new Map<string, Effect>();
  readonly #notBegun = new Set<RunEffect>();
  readonly #underWay = new Set<Promise<void>>();
  #written: Promise<void> = Promise.resolve();

  /** @param now milliseconds */
  constructor(desk: Desk, now: () => number) {
    this.#desk = desk;
    this.#now = now;
  }

  run(effect: Effect, dispatch: Dispatch): void {
    const work = this.#start(effect, dispatch);
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  /** Resolves when nothing is under way any more: what is being saved is saved. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #start(effect: Effect, dispatch: Dispatch): Promise<void> {
    switch (effect.kind) {
      case "scan":
        return this.#scan(effect, dispatch);
      case "stop":
        this.#notBegun.clear();
        this.#desk.stop();
        return Promise.resolve();
      case "pause":
        this.#desk.recovery().pause(effect.isPaused);
        return Promise.resolve();
      case "rehearse":
      case "look":
      case "apply":
      case "verify":
        this.#notBegun.add(effect);
        return this.#inTurn(() => this.#run(effect, dispatch));
      case "decide":
      case "withdraw":
      case "undo":
      case "redo":
      case "make-patch":
      case "write-patch":
      case "sign":
        return this.#inTurn(() => this.#write(effect, dispatch));
      default:
        return this.#read(effect, dispatch);
    }
  }

  /** What was stopped before its turn came, is never begun. */
  async #run(effect: RunEffect, dispatch: Dispatch): Promise<void> {
    if (this.#notBegun.delete(effect))
      return runStep(effect, () => this.#desk.recovery(), dispatch, this.#now);
    dispatch({ type: "run-ended", place: effect.place, ended: { kind: "stopped" } });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#written = this.#written.then(work);
    return this.#written;
  }

  async #scan({ urls, mode }: ScanEffect, dispatch: Dispatch): Promise<void> {
    try {
      const plan = await this.#desk.scan({ urls, mode }, (progress) =>
        dispatch({ type: "told", progress, at: this.#now() }),
      );
      dispatch({ type: "opened", plan });
    } catch (error) {
      dispatch({ type: "scan-failed", errors: scanErrors(error) });
    }
  }

  async #write(effect: WriteEffect, dispatch: Dispatch): Promise<void> {
    try {
      dispatch(await write(effect, this.#desk));
    } catch (error) {
      const isValue = effect.kind === "decide" && effect.wanted.resolution === "value";
      const text = shortText(error);
      dispatch(
        isValue && error instanceof UsageError
          ? { type: "value-refused", error: text }
          : { type: "failed", text },
      );
    }
  }

  async #read(effect: ReadEffect, dispatch: Dispatch): Promise<void> {
    const reader = "place" in effect ? `${effect.kind} ${effect.place}` : effect.kind;
    this.#latest.set(reader, effect);
    await this.#written;
    try {
      if (this.#latest.get(reader) !== effect) return;
      const action = await read(effect, this.#desk);
      if (this.#latest.get(reader) === effect) dispatch(action);
    } catch (error) {
      dispatch({ type: "failed", text: shortText(error) });
    }
  }
}
