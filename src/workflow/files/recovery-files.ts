import type { Summary } from "../../report/summary.js";
import { writtenByTenant } from "../../report/tenants.js";
import type { PlanStore } from "../../store/plan-store.js";
import { holdRows } from "./held-rows.js";
import { type PatchScope, patchText } from "./patch-text.js";
import type { RecoveryFile } from "./recovery-file.js";
import { type ReportOptions, reportFiles } from "./report-files.js";
import { tenantFiles } from "./tenant-files.js";

/** All files of the recovery folder but the plan store itself, each as a stream of text (design 3). */
export async function recoveryFiles(
  store: PlanStore,
  options: Pick<ReportOptions, "timeline"> = {},
): Promise<{ readonly summary: Summary; readonly files: readonly RecoveryFile[] }> {
  const header = await store.readHeader();
  const { summary, tenants = [], files: reports } = await reportFiles(store, options);
  const whole: PatchScope = {
    source: async () => (await holdRows(store.rows({ anyChange: true }))) ?? store,
    leftOut: leftOutOf(summary),
    tenants: writtenByTenant(tenants),
  };
  const files: readonly RecoveryFile[] = [
    { name: "patch.sql", text: patchText(header, whole, "patch") },
    { name: "rollback.sql", text: patchText(header, whole, "rollback") },
    ...reports,
    ...(await tenantFiles(store, header, summary)),
  ];
  return { summary, files };
}

/** What the incident delta has and the patch does not, table by table; then what was never compared. */
function leftOutOf({ tables, leftOut }: Summary): readonly string[] {
  const perTable = tables.flatMap((table) => {
    const conflicts = Object.entries(table.conflicts).map(([kind, rows]) => `${rows} in conflict (${kind})`);
    const others = (["kept", "excluded", "skipped", "already"] as const).flatMap((outcome) =>
      table[outcome] === 0
        ? []
        : [`${table[outcome]} ${outcome === "already" ? "already as wanted" : outcome}`],
    );
    const parts = [...conflicts, ...others];
    return parts.length === 0 ? [] : [`${table.table}: ${parts.join(", ")}`];
  });
  return [...perTable, ...leftOut.map(({ table, reason }) => `${table}: ${reason}`)];
}
