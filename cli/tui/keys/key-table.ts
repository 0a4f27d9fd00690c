import { type Binding, bind, type KeyScope } from "./binding.js";
import * as why from "./disabled.js";
import { understanding } from "./incident-keys.js";
import { recovering } from "./recovery-keys.js";

export type { Binding, KeyScope } from "./binding.js";

const recovery = ["recovery", "rehearse", "approve", "apply", "verify"] as const;
const incident = ["signatures", "signature-rows", "story", "timeline"] as const;
const lists = [
  ...(["overview", "groups", "rows", "row", "details", "patch"] as const),
  ...incident,
  ...recovery,
  "help",
] as const;
/** Not while a patch is shown: it would no longer be what was decided. */
const undoing = ["overview", "groups", "rows", "row"] as const;
const deciding = ["groups", "rows", "row"] as const;
const withoutText = ["scan", ...lists] as const;

const moving: readonly Binding[] = [
  bind(["up", "k"], lists, "up", "up", "one line up"),
  bind(["down", "j"], lists, "down", "down", "one line down"),
  bind(["pageup", "ctrl+b"], lists, "page-up", "page up", "one page up"),
  bind(["pagedown", "ctrl+f"], lists, "page-down", "page down", "one page down"),
  bind(["home", "g"], lists, "first", "top", "to the first line"),
  bind(["end", "G"], lists, "last", "end", "to the last line"),
];

const opening: readonly Binding[] = [
  bind(
    ["enter", "right"],
    ["overview"],
    "open",
    "conflicts: decide",
    "the conflicts of the table, to be decided",
    { footer: 1, disabled: why.noConflicts },
  ),
  bind(["a"], ["overview"], "all-rows", "of all tables", "the conflicts of all tables", {
    footer: 1,
    disabled: why.noConflictsAtAll,
  }),
  bind(["c", "i", "b", "o", "e"], ["overview"], "take-current", "decide", "decide: once conflicts are open", {
    disabled: () => "open the conflicts first: enter",
  }),
  bind(
    ["c", "i", "b", "o", "e"],
    ["details", "patch", "story"],
    "back",
    "decide",
    "decide: on the screen before",
    {
      footer: 1,
      disabled: () => "esc goes back: decide there",
    },
  ),
  bind(["u"], ["details", "patch", "story"], "back", "undo", "take back: on the screen before", {
    footer: 2,
    disabled: () => "esc goes back: take back there",
  }),
  bind(["enter", "right"], ["groups"], "open", "rows", "the rows of the group, one by one", {
    footer: 1,
    disabled: why.emptyList,
  }),
  bind(["v"], ["groups"], "all-rows", "all rows", "the rows of all groups that are listed", {
    disabled: why.emptyList,
  }),
  bind(
    ["enter", "right"],
    ["rows"],
    "open",
    "row",
    "the row: its versions side by side, and why it is in conflict",
    { footer: 1, disabled: why.emptyList },
  ),
  bind(
    ["enter", "right", "v"],
    ["row"],
    "open",
    "whole",
    "the cell that is selected, however long, and all that is in the way of the row",
    { footer: 1, disabled: why.noRowYet },
  ),
  bind(["n", "tab"], ["row"], "next", "next", "the next row of the list", {
    footer: 1,
    disabled: why.lastRow,
  }),
  bind(["N", "shift+tab"], ["row"], "previous", "previous", "the row before it", { disabled: why.firstRow }),
];

const decisions: readonly Binding[] = [
  bind(
    ["c"],
    deciding,
    "take-current",
    "current",
    "take current: leave what is selected as it is in the live database",
    { footer: 1, disabled: why.cannotDecide },
  ),
  bind(
    ["i"],
    deciding,
    "take-incoming",
    "incoming",
    "take incoming: write what the recovery brings over what current has",
    { footer: 1, disabled: why.cannotDecide },
  ),
  bind(["b"], deciding, "take-base", "base", "take base: what both sides started from", {
    footer: 1,
    disabled: why.cannotDecide,
  }),
  bind(["o"], deciding, "leave-open", "leave open", "leave open: withdraw what was decided", {
    footer: 1,
    disabled: why.cannotDecide,
  }),
  bind(["C"], ["groups", "rows"], "take-current-all", "I B O: all", "take current for all that is listed", {
    footer: 1,
    disabled: why.cannotDecide,
  }),
  bind(["C"], ["row"], "take-current-all", "current: all", "take current for all rows alike", {
    disabled: why.cannotDecide,
  }),
  bind(
    ["I"],
    deciding,
    "take-incoming-all",
    "incoming: all",
    "take incoming for all that is listed, or alike",
    { disabled: why.cannotDecide },
  ),
  bind(["B"], deciding, "take-base-all", "base: all", "take base for all that is listed, or alike", {
    disabled: why.cannotDecide,
  }),
  bind(["O"], deciding, "leave-open-all", "open: all", "leave all that is listed, or alike, open", {
    disabled: why.cannotDecide,
  }),
  bind(["e"], ["row"], "edit", "edit", "write a value for the cell that is selected; PostgreSQL checks it", {
    footer: 1,
    disabled: why.cannotEdit,
  }),
  bind(["r"], deciding, "reason", "reason", "the reason that goes with the decisions that follow", {
    footer: 2,
  }),
];

const looking: readonly Binding[] = [
  bind(
    ["/"],
    ["groups", "rows", "patch"],
    "search",
    "search",
    "list only what has this text; in the patch, find it",
    { footer: 2, disabled: why.nothingToSearch },
  ),
  bind(["n"], ["patch"], "next", "next match", "the next line with the text", {
    footer: 1,
    disabled: why.noSearch,
  }),
  bind(["N"], ["patch"], "previous", "previous", "the line with the text before this one", {
    footer: 1,
    disabled: why.noSearch,
  }),
  bind(["a"], ["row"], "all-columns", "all", "the whole row, and back to what is in conflict", {
    footer: 1,
  }),
  bind(
    ["f"],
    ["row"],
    "relatives",
    "related",
    "rows that foreign keys bind it to, in the plan and in current",
    { footer: 2 },
  ),
];

const writing: readonly Binding[] = [
  bind(
    ["p"],
    ["overview", "groups", "rows", "row"],
    "patch",
    "patch",
    "the patch as decided so far, to be looked at and written",
    { footer: 2, disabled: why.isBusy },
  ),
  bind(
    ["w"],
    ["patch"],
    "write",
    "write the patch",
    "write patch.sql, rollback.sql and the reports into the recovery folder; no database is written to",
    { footer: 1, disabled: why.cannotWrite },
  ),
  bind(["u"], undoing, "undo", "undo", "take back the last decision, and the one before, without limit", {
    footer: 2,
    disabled: why.nothingToUndo,
  }),
  bind(["ctrl+r"], ["overview", "groups"], "redo", "redo", "do again what was taken back", {
    footer: 2,
    disabled: why.nothingToRedo,
  }),
  // Where the footer is full.
  bind(["ctrl+r"], ["rows", "row"], "redo", "redo", "do again what was taken back", {
    disabled: why.nothingToRedo,
  }),
];

const connecting: readonly Binding[] = [
  bind(
    ["enter"],
    ["connect"],
    "accept",
    "compare",
    "connect and compare; nothing is written to any database",
    { footer: 1 },
  ),
  bind(["tab", "down"], ["connect"], "next", "next field", "the next field", { footer: 1 }),
  bind(["shift+tab", "up"], ["connect"], "previous", "previous field", "the field before it"),
  bind(
    ["ctrl+t"],
    ["connect"],
    "mode",
    "undo or replay",
    "mode undo (take the damage back) or replay (bring lost work back)",
    { footer: 1 },
  ),
  bind(["ctrl+o"], ["connect"], "help", "help", "the keys of this screen", { footer: 2 }),
  bind(["esc"], ["connect"], "quit", "leave", "leave; nothing was begun", { footer: 2 }),
];

const asking: readonly Binding[] = [
  bind(["enter"], ["prompt"], "accept", "accept", "take the text", { footer: 1 }),
  bind(["ctrl+n"], ["prompt"], "null", "NULL", "the value is to be NULL, or is not", {
    footer: 1,
    disabled: why.notAValue,
  }),
  bind(["esc"], ["prompt"], "cancel", "cancel", "leave everything as it was", { footer: 1 }),
];

const leaving: readonly Binding[] = [
  bind(
    ["esc", "left", "h"],
    withoutText,
    "back",
    "back",
    "the screen before; from what is under way, stop it",
    {
      footer: 2,
      disabled: why.cannotGoBack,
    },
  ),
  bind(["?"], withoutText, "help", "help", "all keys of the screen, and why one does nothing", {
    footer: 2,
    disabled: why.isHelp,
  }),
  bind(["q"], withoutText, "quit", "leave", "leave; everything decided is saved", {
    footer: 2,
    disabled: why.isWriting,
  }),
];

export const keyTable: readonly Binding[] = [
  ...[...connecting, ...asking, ...opening, ...decisions, ...looking, ...writing],
  ...[...understanding, ...recovering, ...leaving, ...moving],
];

export function bindingsOf(scope: KeyScope): readonly Binding[] {
  return keyTable.filter(({ on }) => on.includes(scope));
}
