import { randomUUID } from "node:crypto";
import type { AlignedSchemas, Catalogs } from "../merge/align-schemas.js";
import type { DatabaseIdentity, PlanHeader } from "../model/plan.js";
import type { PlanSettings } from "../model/settings.js";
import type { Compared } from "./comparing/compare-all.js";
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
  readonly inside: PlanHeader["between"];
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
    connections: {
      pre: withoutInstance(found.pre),
      post: withoutInstance(found.post),
      current: withoutInstance(found.current),
    },
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
    between: found.inside,
    signatures: found.signatures,
    rules: settings.rules.map(plannedRule),
    redaction: makeRedaction(settings, tables),
  };
}

/** What the plan keeps of where a snapshot was taken. */
export function withoutInstance({
  database,
  server,
  version,
  snapshotAt,
  systemIdentifier,
  inRecovery,
}: DatabaseIdentity): DatabaseIdentity {
  return { database, server, version, snapshotAt, systemIdentifier, inRecovery };
}
