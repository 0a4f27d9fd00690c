import { PlanError } from "../../model/errors.js";
import type { Approval, ApprovedTable } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import { operations } from "../../model/value.js";
import type { PlanStore } from "../../store/plan-store.js";
import { fingerprintOf } from "./fingerprint.js";

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

/** @throws PlanError when nobody signed the plan, or it is not what was signed; says what changed since */
export async function requireApproval(store: PlanStore, header: PlanHeader): Promise<Approval> {
  const approvals = await store.approvals.read();
  const last = approvals.at(-1);
  const hint = "review it, then sign it with `pgmend approve`";
  if (last === undefined) throw new PlanError("nobody has approved this plan", { hint });
  const now = await fingerprintOf(store, header);
  const fitting = approvals.findLast(({ fingerprint }) => fingerprint === now.fingerprint);
  if (fitting !== undefined) return fitting;
  const changes = differences(last.tables, now.tables);
  const what = changes.length === 0 ? "its settings, sequences or invariants" : changes.join("; ");
  throw new PlanError(`the plan has changed since ${last.by} approved it at ${last.at}: ${what}`, { hint });
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
