import { type Progress, UsageError } from "../../../src/index.js";
import type { Action, Effect } from "../state/actions.js";
import { type ReadEffect, read, type WriteEffect, write } from "./carry-out.js";
import type { Desk } from "./desk.js";
import { scanErrors, shortText } from "./error-words.js";
import { type RunEffect, runStep } from "./run-step.js";

type Dispatch = (...actions: readonly Action[]) => void;
type ScanEffect = Extract<Effect, { kind: "scan" }>;

/**
 * Carries out what the reducer wants. What changes something is done one after the other, and reading waits for it; of
 * several readings for one place only the last is told. What one action wants read is told all at once: a header that
 * counts and the list below it never say different things.
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

  run(effects: readonly Effect[], dispatch: Dispatch): void {
    const readings = effects.filter(isReading);
    const works = effects
      .filter((effect) => !isReading(effect))
      .map((effect) => this.#start(effect, dispatch));
    if (readings.length > 0) works.push(this.#read(readings, dispatch));
    for (const work of works) {
      this.#underWay.add(work);
      void work.finally(() => this.#underWay.delete(work));
    }
  }

  /** Resolves when nothing is under way any more: what is being saved is saved. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #start(effect: Effect, dispatch: Dispatch): Promise<void> {
    switch (effect.kind) {
      case "scan":
        return this.#scan(effect, dispatch);
      case "plan-again":
        return this.#inTurn(() => this.#planAgain(dispatch));
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
      case "call":
      case "make-patch":
      case "write-patch":
      case "sign":
        return this.#inTurn(() => this.#write(effect, dispatch));
      default:
        return this.#read([effect], dispatch);
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

  async #planAgain(dispatch: Dispatch): Promise<void> {
    try {
      const tell = (progress: Progress) => dispatch({ type: "told", progress, at: this.#now() });
      dispatch({ type: "planned-again", plan: await this.#desk.planAgain(tell) });
    } catch (error) {
      dispatch({ type: "plan-again-failed", text: shortText(error) });
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

  async #read(effects: readonly ReadEffect[], dispatch: Dispatch): Promise<void> {
    for (const effect of effects) this.#latest.set(readerOf(effect), effect);
    const isLatest = (effect: ReadEffect) => this.#latest.get(readerOf(effect)) === effect;
    await this.#written;
    try {
      const wanted = effects.filter(isLatest);
      const found = await Promise.all(wanted.map((effect) => read(effect, this.#desk)));
      const told = found.filter((_, at) => isLatest(wanted[at] as ReadEffect));
      if (told.length > 0) dispatch(...told);
    } catch (error) {
      dispatch({ type: "failed", text: shortText(error) });
    }
  }
}

/** Who waits for the answer: of several for the same only the last counts. */
const readerOf = (effect: ReadEffect): string =>
  "place" in effect
    ? `${effect.kind} ${effect.place}${effect.kind === "read-story" ? effect.from : ""}`
    : effect.kind;

/** What is shown side by side, and told at once. */
const shownTogether = ["read-overview", "read-groups", "count-rows", "read-rows", "read-row"] as const;
type Reading = Extract<Effect, { kind: (typeof shownTogether)[number] }>;

const isReading = (effect: Effect): effect is Reading => shownTogether.some((kind) => kind === effect.kind);
