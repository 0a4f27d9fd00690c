import type { ActorSettings, Mistake, TenantSettings } from "../../src/index.js";
import type { ReadConfig } from "./read-config.js";

export interface TenantFlags {
  readonly tenant?: readonly string[];
  readonly patchPerTenant?: boolean;
}

/** What the config says of tenants, with what flags ask of them. */
export function tenantSettings(
  { tenant: only = [], patchPerTenant }: TenantFlags,
  { config, where }: ReadConfig,
  mistakes: Mistake[],
): TenantSettings | undefined {
  const asked = [
    ...(only.length > 0 ? ["--tenant"] : []),
    ...(patchPerTenant === true ? ["--patch-per-tenant"] : []),
  ];
  if (config.tenant === undefined) {
    const what = "the config must say whose a row is: tenant: { column: workspace_id }";
    mistakes.push(...asked.map((flag) => ({ where: flag, what })));
    return undefined;
  }
  const { column, path = {}, patches } = config.tenant;
  return {
    where: where(["tenant", "column"]),
    column,
    paths: Object.entries(path).map(([table, steps]) => ({
      where: where(["tenant", "path", table]),
      table,
      steps,
    })),
    only: [...new Set(only)],
    patches: patchPerTenant ?? patches ?? false,
  };
}

export function actorSettings({ config, where }: ReadConfig): ActorSettings | undefined {
  return config.actor && { where: where(["actor", "column"]), column: config.actor.column };
}
