import type { Standing } from "../../cli/tui/state/recovery-places.js";
import type { State } from "../../cli/tui/state/state.js";
import { placeOf } from "../../cli/tui/state/state.js";
import type { ApplyPreview, ApplyResult, Progress, RehearseResult, VerifyResult } from "../../src/index.js";
import { onOverview, small } from "./sample.js";
import { follow, press } from "./walk.js";

/** The recovery of the sample plan, as the screens see it. */
const tables = { "public.device": { insert: 0, update: 1288, delete: 0, digest: "d" } };

export const standing: Standing = {
  done: { planned: 1288, written: 0, already: 0 },
  signing: {
    ...{ fingerprint: "5f3a9c0d17e2b486aa", tables, last: undefined, fitting: undefined },
    missing: "nobody has approved this plan",
  },
  ...{ needsApproval: false, signer: "ann", knowsCurrent: true },
};

const approval = {
  ...{ by: "ann", comment: "read patch.sql", at: "2026-03-02T04:10:00.123Z" },
  ...{ fingerprint: standing.signing.fingerprint, tables },
};

export const approved: Standing = {
  ...standing,
  signing: { ...standing.signing, last: approval, fitting: approval, missing: undefined },
};

/** Signed once, and decided otherwise since. */
export const changed: Standing = {
  ...{ ...standing, needsApproval: true },
  signing: {
    ...{ ...standing.signing, last: approval },
    missing:
      "the plan has changed since ann approved it at 2026-03-02T04:10:00.123Z: public.device: other values",
  },
};

export const writtenInPart: Standing = { ...standing, done: { planned: 1288, written: 500, already: 8 } };

export const preview: ApplyPreview = {
  ...{ database: "fleet", server: "db1:5432", direction: "patch", open: 1288 },
  tables: [{ table: "public.device", insert: 0, update: 1288, delete: 0 }],
};

const invariant = { name: "every device has an owner", holds: true, rows: 0, examples: [] };

export const applied: ApplyResult = {
  ...{ planId: "b1946ac9", direction: "patch", written: 1280, already: 8, before: 0, moved: 0, waits: 0 },
  ...{ batches: 4, rows: [], stopped: false, invariants: [invariant], openInPlan: 0, seconds: 2.4 },
};

/** Stopped at rows that are no longer as planned. */
export const stopped: ApplyResult = {
  ...{ ...applied, written: 500, moved: 40, waits: 1, stopped: true, invariants: [] },
  rows: [
    ...Array.from({ length: 40 }, (_, at) => ({
      ...{ table: "public.device", key: { id: String(at) }, state: "moved" as const },
      finding: "release is v9.9.9, and the plan saw v1.3.0",
    })),
    {
      ...{ table: "public.tag", key: { id: "7\u001b[2J" }, state: "waits" as const },
      finding: `needs public.device {"id":"3"}, which is not written ${"and so on ".repeat(30)}`,
    },
  ],
};

export const rehearsed: RehearseResult = {
  ...{ planId: "b1946ac9", database: "fleet", server: "db1:5432" },
  ...{ written: 1280, already: 8, moved: 0, waits: 0, rows: [], openInPlan: 21, seconds: 1.9 },
  tables: [{ table: "public.device", operation: "update", rows: 1280, ms: 1710 }],
  triggers: [{ table: "public.device", trigger: "touch", constraint: undefined, calls: 1280 }],
  others: [{ table: "public.audit", insert: 1280, update: 0, delete: 0 }],
  locks: [{ table: "public.device", mode: "RowExclusiveLock", ms: 1900 }],
  invariants: {
    before: [{ ...invariant, holds: false, rows: 2, examples: ['{"id":7}'] }],
    after: [invariant],
  },
};

export const verified: VerifyResult = {
  ...{ planId: "b1946ac9", asPlanned: 1288, notWritten: 0, moved: 0, rows: [], invariants: [invariant] },
  sequences: [],
};

export const offPlan: VerifyResult = {
  ...{ ...verified, asPlanned: 1285, notWritten: 1, moved: 2 },
  rows: [
    { table: "public.device", key: { id: "4" }, state: "not written" },
    { table: "public.device", key: { id: "5" }, state: "moved" },
    {
      ...{ table: "public.device", key: { id: "6" }, state: "moved" as const },
      writtenBy: { transaction: "9120", committedAt: "2026-03-02T05:00:00Z" },
    },
  ],
  invariants: [{ ...invariant, holds: false, rows: 2, examples: ['{"id":7}', '{"id":9}'] }],
  sequences: [{ sequence: "public.device_id_seq", wanted: "900", at: "700", isThere: false }],
};

export function onRecovery(size = small, known = standing): State {
  return follow(onOverview(size), press("recover"), { type: "standing-read", standing: known }).state;
}

/** Asked for the name of the database. */
export function asked(size = small, direction: ApplyPreview["direction"] = "patch"): State {
  const known = direction === "patch" ? standing : writtenInPart;
  const { state } = follow(onRecovery(size, known), press(direction === "patch" ? "apply" : "rollback"));
  return follow(state, { type: "apply-asks", place: placeOf(state).id, preview: { ...preview, direction } })
    .state;
}

export const typed = (state: State, text: string): State =>
  follow(state, { type: "type", edit: { kind: "insert", text } }, press("accept")).state;

/** Half of it written, in the way of others. */
export function writing(size = small): State {
  const state = typed(asked(size), "fleet");
  const place = placeOf(state).id;
  const rows = (done: number, batch: number): Progress => ({
    ...{ kind: "rows", phase: "apply", table: "public.device", tableNumber: 1, tables: 2, done },
    ...{ total: 1288, batch, left: 0 },
  });
  const gaveWay: Progress = {
    kind: "wait",
    text: "in the way of others, trying again: lock timeout",
    gaveWay: true,
  };
  const tell = (progress: Progress, at: number) => ({ type: "run-told", place, progress, at }) as const;
  return follow(
    state,
    ...[tell(rows(100, 1), 1000), tell(rows(400, 2), 2000), tell(gaveWay, 2100), tell(rows(644, 3), 3100)],
    tell(gaveWay, 3200),
  ).state;
}
