import type { PlanHeader } from "../../model/plan.js";
import { folderOf, indexCsv } from "../../report/csv/tenant-index.js";
import type { Summary } from "../../report/summary.js";
import { leftOutByTenant, tenantName } from "../../report/tenants.js";
import type { PlanStore, TenantPatch } from "../../store/plan-store.js";
import { redactorOf } from "../redaction.js";
import { holdRows } from "./held-rows.js";
import type { Direction, PatchSource } from "./patch-steps.js";
import { type PatchScope, patchText } from "./patch-text.js";
import type { RecoveryFile } from "./recovery-file.js";

/**
 * A patch for each tenant, with its rollback, and an index that says which is whose: tenants are hostile text, and no
 * names for folders. None unless the plan was cut into them.
 */
export async function tenantFiles(
  store: PlanStore,
  header: PlanHeader,
  summary: Summary,
): Promise<readonly RecoveryFile[]> {
  if (header.tenant?.patches !== true) return [];
  const patches = await store.tenantPatches();
  const leftOut = leftOutByTenant(summary.tenants ?? []);
  const redactor = redactorOf(header);
  const shown = (patch: TenantPatch) => ({ ...patch, tenant: patch.tenant && redactor.tenant(patch.tenant) });
  const text = (patch: TenantPatch, direction: Direction) => {
    const { tenant } = shown(patch);
    const own = leftOut.get(tenant ?? null) ?? [];
    return patchText(header, scopeOf(store, patch, tenant, direction, own), direction);
  };
  return [
    { name: "tenants/index.csv", text: indexCsv(patches.map(shown)) },
    ...patches.flatMap((patch) => {
      const folder = `tenants/${folderOf(shown(patch), patches.length)}`;
      return [
        { name: `${folder}/patch.sql`, text: text(patch, "patch") },
        { name: `${folder}/rollback.sql`, text: text(patch, "rollback") },
      ];
    }),
  ];
}

function scopeOf(
  store: PlanStore,
  patch: TenantPatch,
  tenant: string | undefined,
  direction: Direction,
  leftOut: readonly string[],
): PatchScope {
  const { own, guests, stays } = patch;
  const isPatch = direction === "patch";
  return {
    source: () => partOf(store, patch, direction),
    leftOut: [...leftOut, "all rows of other tenants that these do not need"],
    tenants: [
      `${tenantName(tenant)}: ${isPatch ? own : own - stays} rows`,
      ...(isPatch && guests > 0 ? [`others: ${guests} rows, because rows of this tenant need them`] : []),
    ],
    part: {
      of: tenant === undefined ? "the rows without a tenant" : `tenant ${tenant}`,
      notes: notesOn(patch, direction),
    },
  };
}

/** The rows of one tenant's patch as if they were all of the plan. */
async function partOf(store: PlanStore, patch: TenantPatch, direction: Direction): Promise<PatchSource> {
  const cut = { patch: { patch, direction } };
  const held = await holdRows(store.rows({ ...cut, anyChange: true }));
  return (
    held ?? {
      writes: (filter) => store.writes({ ...filter, ...cut }),
      tallies: () => store.tallies(cut),
      updateShapes: (table) => store.updateShapes(table, cut),
    }
  );
}

function notesOn({ guests, stays }: TenantPatch, direction: Direction): readonly string[] {
  const order = [
    "It is one of the patches in tenants/. They run in any order, before or after the patch of the whole plan. Some rows",
    "may be in several of them: what is already as planned is no drift.",
  ];
  if (direction === "patch")
    return [
      ...order,
      "An invariant that does not hold is told, and stops nothing: others' rows may be what it wants.",
      "",
    ];
  const left = [
    ...(guests > 0 ? [`${guests} of others that came along`] : []),
    ...(stays > 0 ? [`${stays} of its own that rows of others need`] : []),
  ];
  if (left.length === 0) return [...order, ""];
  return [
    ...order,
    `Rows of the patch that it leaves as they are: ${left.join(", ")}.`,
    "The rollback of the whole plan takes them back.",
    "",
  ];
}
