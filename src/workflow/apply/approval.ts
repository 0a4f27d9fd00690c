import { PlanError } from "../../model/errors.js";
import type { Approval, ApprovedTable } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import { operations } from "../../model/value.js";
import type { PlanStore } from "../../store/plan-store.js";
import { type Fingerprint, fingerprintOf } from "./fingerprint.js";

/** Signs the plan as it is now. */
export async function approve(
  store: PlanStore,
  { by, comment }: Pick<Approval, "by" | "comment">,
): Promise<Approval> {
  const found = await fingerprintOf(store, await store.readHeader());
  const approval: Approval = { ...found, by, comment, at: new Date().toISOString() };
  await store.approvals.add(approval);
  return approval;
}

/** What would be signed now, and whether somebody has signed just that. */
export interface Signing extends Fingerprint {
  /** The last one there is, whatever it was given for. */
  readonly last: Approval | undefined;
  /** The last one for what is planned now. */
  readonly fitting: Approval | undefined;
  /** Why there is none that fits, as a sentence; undefined where there is. */
  readonly missing: string | undefined;
}

/** @param now of the plan in the store: reading it anew takes long where the plan is large */
export async function signingOf(store: PlanStore, now: Fingerprint): Promise<Signing> {
  const approvals = await store.approvals.read();
  const last = approvals.at(-1);
  const fitting = approvals.findLast(({ fingerprint }) => fingerprint === now.fingerprint);
  return { ...now, last, fitting, missing: fitting === undefined ? whyMissing(last, now) : undefined };
}

function whyMissing(last: Approval | undefined, now: Fingerprint): string {
  if (last === undefined) return "nobody has approved this plan";
  const changes = differences(last.tables, now.tables);
  const what = changes.length === 0 ? "its settings, sequences or invariants" : changes.join("; ");
  return `the plan has changed since ${last.by} approved it at ${last.at}: ${what}`;
}

/** @throws PlanError when nobody signed the plan, or it is not what was signed; says what changed since */
export async function requireApproval(store: PlanStore, header: PlanHeader): Promise<void> {
  const { missing } = await signingOf(store, await fingerprintOf(store, header));
  if (missing !== undefined)
    throw new PlanError(missing, { hint: "review it, then sign it with `pgmend approve`" });
}

function differences(
  before: Readonly<Record<string, ApprovedTable>>,
  now: Readonly<Record<string, ApprovedTable>>,
): readonly string[] {
  const labels = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return labels.flatMap((label) => {
    const [a, b] = [before[label], now[label]];
    if (a?.digest === b?.digest) return [];
    const counts = operations.flatMap((operation) => {
      const [was, is] = [a?.[operation] ?? 0, b?.[operation] ?? 0];
      return was === is ? [] : [`${is} ${operation}s instead of ${was}`];
    });
    return [`${label}: ${counts.length === 0 ? "other values" : counts.join(", ")}`];
  });
}
