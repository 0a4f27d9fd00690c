import type { DatabaseFacts, RowFacts, WorkEstimate } from "../../model/preflight.js";
import type { PlanSettings } from "../../model/settings.js";
import type { DatabaseRole } from "../../model/value.js";
import type { AlignedSchemas, Catalogs } from "../align-schemas.js";

/** How the tables get to their tenant. */
export interface TenantEvidence {
  readonly settings: { readonly column: string };
  readonly ways: ReadonlyMap<string, unknown>;
}

/** All that was read before any long work; findings are made of it and of nothing else. */
export interface Evidence {
  readonly settings: Pick<PlanSettings, "mode" | "triggers" | "rules">;
  /** Settings that have no effect, in words. */
  readonly idle: readonly string[];
  readonly tenant: TenantEvidence | undefined;
  readonly postIsCurrent: boolean;
  readonly catalogs: Catalogs;
  readonly aligned: Pick<AlignedSchemas, "tables" | "leftOut">;
  readonly databases: Readonly<Record<DatabaseRole, DatabaseFacts>>;
  readonly rows: Readonly<Record<DatabaseRole, RowFacts>>;
  readonly work: WorkEstimate;
  /** Why rows of two servers have to be compared by value, in words; undefined: nothing to tell. */
  readonly byValue?: string | undefined;
}

/** The databases that are not each other: `post` is asked only where it was given. */
export function rolesOf({ postIsCurrent }: Pick<Evidence, "postIsCurrent">): readonly DatabaseRole[] {
  return postIsCurrent ? ["pre", "current"] : ["pre", "post", "current"];
}
