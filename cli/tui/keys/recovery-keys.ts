import { type Binding, bind } from "./binding.js";
import { isBusy } from "./disabled.js";
import * as why from "./disabled-recovery.js";

const steps = ["recovery", "rehearse", "approve", "apply", "verify"] as const;
const runs = ["rehearse", "apply", "verify"] as const;

/** From the written patch to a verified database. Whatever writes asks first. */
export const recovering: readonly Binding[] = [
  bind(["m"], ["overview"], "recover", "mend", "mend the database: rehearse, approve, apply, verify", {
    footer: 2,
    disabled: isBusy,
  }),
  bind(["m"], ["patch"], "recover", "mend", "mend the database: rehearse, approve, apply, verify", {
    footer: 1,
    disabled: why.notWritten,
  }),
  bind(["enter", "right"], ["recovery"], "open", "begin", "begin the step that is selected", {
    footer: 1,
    disabled: why.selected,
  }),
  bind(["enter"], ["approve"], "accept", "sign", "sign what is listed; asks what was looked at", {
    footer: 1,
    disabled: why.step("approve"),
  }),
  bind(["p"], ["apply"], "pause", "pause", "wait after the batch at hand, and go on", {
    footer: 1,
    disabled: why.nothingToPause,
  }),
  bind(["s"], runs, "stop", "stop", "stop what is under way; writing ends after the batch at hand", {
    footer: 1,
    disabled: why.nothingToStop,
  }),
  bind(["r"], steps, "rehearse", "rehearse", "run the patch on current or a clone, look, and roll back", {
    footer: 1,
    disabled: why.step("rehearse"),
  }),
  bind(["a"], steps, "approve", "approve", "what would be signed, and who has signed it", {
    footer: 1,
    disabled: why.step("approve"),
  }),
  bind(
    ["x"],
    steps,
    "apply",
    "apply",
    "write the plan to current, in guarded batches, or go on with it; asks first",
    {
      footer: 1,
      disabled: why.step("apply"),
    },
  ),
  bind(
    ["d"],
    ["apply"],
    "leave-moved",
    "leave moved",
    "the same without the rows that are no longer as planned; asks first",
    {
      footer: 2,
      disabled: why.nothingMoved,
    },
  ),
  bind(["v"], steps, "verify", "verify", "whether every row, invariant and sequence is as planned", {
    footer: 1,
    disabled: why.step("verify"),
  }),
  bind(["z"], steps, "rollback", "take back", "take back what apply has written; asks first", {
    footer: 1,
    disabled: why.step("rollback"),
  }),
];
