import { randomUUID } from "node:crypto";
import type { AlignedSchemas, Catalogs } from "../merge/align-schemas.js";
import type { DatabaseIdentity, PlanHeader } from "../model/plan.js";
import type { PlanSettings } from "../model/settings.js";
import type { DatabaseRole } from "../model/value.js";
import type { Compared } from "./compare-all.js";
import { makeRedaction } from "./redaction.js";
import { plannedRule } from "./signatures/calls.js";

/** What the steps of a plan found out, besides its rows. */
export interface Found
  extends Compared,
    Pick<PlanHeader, "sequences" | "numbering" | "sequenceWarnings" | "decidedUpTo" | "postLog"> {
  readonly current: DatabaseIdentity;
  readonly warnings: readonly string[];
  readonly tenant: PlanHeader["tenant"];
  readonly signatures: PlanHeader["signatures"];
}

/** All of a plan but its rows. */
export function makeHeader(
  { settings, toolVersion }: { readonly settings: PlanSettings; readonly toolVersion: string },
  { tables, leftOut }: Pick<AlignedSchemas, "tables" | "leftOut">,
  catalogs: Catalogs,
  found: Found,
): PlanHeader {
  const labels = new Set(tables.map((table) => table.label));
  return {
    planId: randomUUID(),
    toolVersion,
    mode: settings.mode,
    createdAt: new Date().toISOString(),
    granularity: settings.granularity,
    touchWrite: settings.touch.write,
    triggerPolicy: settings.triggers,
    connections: withoutInstance(found),
    tables,
    foreignKeys: catalogs.current.foreignKeys.filter((key) => labels.has(key.table)),
    triggers: catalogs.current.triggers.filter((trigger) => labels.has(trigger.table)),
    sequences: found.sequences,
    numbering: found.numbering,
    leftOut,
    invariants: settings.invariants,
    warnings: found.warnings,
    sequenceWarnings: found.sequenceWarnings,
    decidedUpTo: found.decidedUpTo,
    rowsCompared: found.rowsCompared,
    tenant: found.tenant,
    actor: settings.actor && { column: settings.actor.column },
    methods: found.methods,
    postLog: found.postLog,
    signatures: found.signatures,
    rules: settings.rules.map(plannedRule),
    redaction: makeRedaction(settings, tables),
  };
}

function withoutInstance(found: Found): Readonly<Record<DatabaseRole, DatabaseIdentity>> {
  const bare = ({
    database,
    server,
    version,
    snapshotAt,
    systemIdentifier,
    inRecovery,
  }: DatabaseIdentity) => ({
    database,
    server,
    version,
    snapshotAt,
    systemIdentifier,
    inRecovery,
  });
  return { pre: bare(found.pre), post: bare(found.post), current: bare(found.current) };
}
