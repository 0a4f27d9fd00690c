import { InterruptedError } from "../../../src/index.js";
import type { Action, Effect } from "../state/actions.js";
import { assertNever } from "../state/assert-never.js";
import type { Ended } from "../state/recovery-places.js";
import { errorLines } from "./error-words.js";
import type { Recovery } from "./recovery.js";

/** A step of the recovery that takes long and tells meanwhile. */
export type RunEffect = Extract<Effect, { kind: "rehearse" | "look" | "apply" | "verify" }>;

/** @param now milliseconds */
export async function runStep(
  effect: RunEffect,
  recovery: () => Recovery,
  dispatch: (action: Action) => void,
  now: () => number,
): Promise<void> {
  const { place } = effect;
  try {
    dispatch(
      await carryOut(effect, recovery(), (progress) =>
        dispatch({ type: "run-told", place, progress, at: now() }),
      ),
    );
  } catch (error) {
    const isStopped = error instanceof InterruptedError;
    const ended: Ended = isStopped ? { kind: "stopped" } : { kind: "failed", lines: errorLines(error) };
    dispatch({ type: "run-ended", place, ended });
  }
}

async function carryOut(
  effect: RunEffect,
  recovery: Recovery,
  tell: Parameters<Recovery["verify"]>[0],
): Promise<Action> {
  const { place } = effect;
  switch (effect.kind) {
    case "rehearse": {
      const result = await recovery.rehearse(effect.on, tell);
      return { type: "run-ended", place, ended: { kind: "rehearsed", result } };
    }
    case "look":
      return { type: "apply-asks", place, preview: await recovery.look(effect.direction, tell) };
    case "apply": {
      const applied = await recovery.apply(effect, tell);
      if (applied.kind === "changed") return { type: "apply-asks", place, preview: applied.preview };
      return { type: "run-ended", place, ended: applied };
    }
    case "verify": {
      const result = await recovery.verify(tell);
      return { type: "run-ended", place, ended: { kind: "verified", result } };
    }
    default:
      return assertNever(effect);
  }
}
