import type { Action, Effect } from "../state/actions.js";
import { assertNever } from "../state/assert-never.js";
import type { Desk } from "./desk.js";
import { shortText } from "./error-words.js";
import type { RunEffect } from "./run-step.js";

export type WriteEffect = Extract<
  Effect,
  { kind: "decide" | "withdraw" | "undo" | "redo" | "make-patch" | "write-patch" | "sign" | "call" }
>;
export type ReadEffect = Exclude<
  Effect,
  WriteEffect | RunEffect | { kind: "scan" | "plan-again" | "stop" | "pause" }
>;

/** What changes something, and what there is to say then. */
export async function write(effect: WriteEffect, desk: Desk): Promise<Action> {
  switch (effect.kind) {
    case "decide": {
      const { selection, wanted, what } = effect;
      return { type: "decided", decided: { step: await desk.review().decide(selection, wanted), what } };
    }
    case "withdraw": {
      const { selection, what } = effect;
      return { type: "decided", decided: { step: await desk.review().withdraw(selection), what } };
    }
    case "undo":
      await desk.review().undo(effect.decided.step);
      return { type: "undone", decided: effect.decided };
    case "redo":
      await desk.review().redo(effect.decided.step);
      return { type: "redone", decided: effect.decided };
    case "make-patch":
      return { type: "patch-made", place: effect.place, total: await desk.makePatch() };
    case "write-patch": {
      const plan = await desk.writePatch();
      const text = `written into ${plan.folder}: patch.sql, rollback.sql, the reports; no database was written to`;
      return { type: "patch-written", place: effect.place, plan, text };
    }
    case "call": {
      const { calls, what, turn } = effect;
      return { type: "called", step: await desk.incident().call(calls), what, turn };
    }
    case "sign":
      return { type: "signed", standing: await desk.recovery().sign(effect.comment) };
    default:
      return assertNever(effect);
  }
}

/** Where nobody knows of the row, the screen says why. */
async function readStory(
  { place, of, from }: Extract<Effect, { kind: "read-story" }>,
  desk: Desk,
): Promise<Action> {
  try {
    return { type: "story-read", place, from, story: await desk.incident().story(of, from) };
  } catch (error) {
    return { type: "story-read", place, from, story: undefined, why: shortText(error) };
  }
}

/** What only reads, and what was found. */
export async function read(effect: ReadEffect, desk: Desk): Promise<Action> {
  switch (effect.kind) {
    case "read-overview":
      return { type: "overview-read", overview: await desk.review().overview() };
    case "read-standing":
      return { type: "standing-read", standing: await desk.recovery().standing() };
    case "read-groups": {
      const groups = await desk.review().groups(effect.table);
      return { type: "groups-read", place: effect.place, groups };
    }
    case "count-rows": {
      const total = await desk.review().count(effect.selection);
      return { type: "rows-counted", place: effect.place, total };
    }
    case "read-rows": {
      const { place, selection, from, count } = effect;
      return { type: "rows-read", place, from, lines: await desk.review().conflicts(selection, from, count) };
    }
    case "read-row": {
      const { place, selection, at } = effect;
      return { type: "row-read", place, detail: await desk.review().conflict(selection, at) };
    }
    case "read-relatives": {
      const relatives = await desk.review().relatives(effect.position);
      return { type: "relatives-read", place: effect.place, relatives };
    }
    case "read-patch": {
      const { place, from, count } = effect;
      return { type: "patch-read", place, from, lines: await desk.patchLines(from, count) };
    }
    case "read-signatures":
      return { type: "signatures-read", place: effect.place, found: await desk.incident().signatures() };
    case "read-signature-rows": {
      const { place, signature, from, count } = effect;
      const lines = await desk.incident().signatureRows(signature, from, count);
      return { type: "signature-rows-read", place, from, lines };
    }
    case "read-story":
      return readStory(effect, desk);
    case "read-timeline":
      return { type: "timeline-read", place: effect.place, timeline: await desk.incident().timeline() };
    case "find-in-patch": {
      const { place, text, after, backwards } = effect;
      return { type: "patch-found", place, at: await desk.findInPatch(text, after, backwards) };
    }
    default:
      return assertNever(effect);
  }
}
