import { type Binding, bind } from "./binding.js";
import { isBusy } from "./disabled.js";
import * as why from "./disabled-incident.js";

const calling = ["signatures", "signature-rows"] as const;

/** What the incident was: its signatures, its timeline, the story of a row. */
export const understanding: readonly Binding[] = [
  bind(
    ["s"],
    ["overview"],
    "signatures",
    "signatures",
    "what the changes have in common: call it damage or not",
    {
      footer: 1,
      disabled: why.noSignatures,
    },
  ),
  bind(["t"], ["overview"], "timeline", "timeline", "which interval between snapshots holds the incident", {
    footer: 1,
    disabled: why.noTimeline,
  }),
  bind(
    ["t"],
    ["rows", "row", "details", "signature-rows"],
    "story",
    "story",
    "the story of the row, in all databases",
    {
      footer: 2,
      disabled: why.noRow,
    },
  ),
  bind(["t"], ["rehearse", "apply", "verify"], "story", "story", "the story of the row on this line", {
    disabled: why.noRowHere,
  }),
  bind(["enter", "right"], ["signatures"], "open", "rows", "the rows of the signature", {
    footer: 1,
    disabled: why.noSignature,
  }),
  bind(["enter", "right"], ["signature-rows"], "open", "story", "the story of the row, in all databases", {
    footer: 1,
    disabled: why.noRow,
  }),
  bind(["d"], calling, "call-damage", "damage", "call the signature damage", {
    footer: 1,
    disabled: why.cannotCall,
  }),
  bind(["l"], calling, "call-legitimate", "legitimate", "call the signature legitimate: people's work", {
    footer: 1,
    disabled: why.cannotCall,
  }),
  bind(
    ["o"],
    calling,
    "call-nothing",
    "nothing",
    "call it nothing: rules and the default of the mode decide",
    {
      footer: 1,
      disabled: why.callsNothing,
    },
  ),
  bind(["L"], ["signatures"], "call-others", "others", "call all legitimate that are called nothing yet", {
    footer: 1,
    disabled: why.noOthers,
  }),
  bind(
    ["w"],
    ["signatures"],
    "plan-again",
    "plan again",
    "plan again by what they are called: reads all databases, writes to none",
    { footer: 1, disabled: why.cannotPlanAgain },
  ),
  bind(["u"], calling, "undo", "undo", "take back what was called last, without limit", {
    footer: 2,
    disabled: why.noCallToUndo,
  }),
  bind(["ctrl+r"], calling, "redo", "redo", "do again what was taken back", {
    footer: 2,
    disabled: why.noCallToRedo,
  }),
  bind(["p"], ["signatures"], "patch", "patch", "the patch as decided so far, without new calls", {
    disabled: isBusy,
  }),
];
