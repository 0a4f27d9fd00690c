import { createHmac, randomBytes } from "node:crypto";
import { redactedColumns } from "../merge/redacted-columns.js";
import type { PlannedRow } from "../model/change.js";
import { identifier } from "../model/names.js";
import type { PlanHeader } from "../model/plan.js";
import type { Mark, Redaction } from "../model/redaction.js";
import type { PlanSettings } from "../model/settings.js";
import { columnNames, type Table } from "../model/table.js";
import type { ActorTally, TenantTally } from "../model/tenant.js";
import { markStart, type Redactor, redactor, showAll } from "../report/redact-rows.js";
import { summarizeSignatures } from "../report/signatures.js";
import type { Summary } from "../report/summary.js";
import type { PlanStore } from "../store/plan-store.js";

/** Of 64 bits: among millions of values hardly two have one mark, and none can be told without the secret. */
const markLength = 16;

/** What a plan hides, with a secret of its own; undefined where nothing is hidden. */
export function makeRedaction(
  { redact = [], tenant, actor }: Pick<PlanSettings, "redact" | "tenant" | "actor">,
  tables: readonly Table[],
): Redaction | undefined {
  const hidden = redactedColumns(redact, tables, { tenant: tenant?.column, actor: actor?.column });
  return hidden && { ...hidden, secret: randomBytes(32).toString("hex") };
}

/** How values of this plan are shown in files, and wherever else they leave the plan. */
export function redactorOf({ redaction, tables }: Pick<PlanHeader, "redaction" | "tables">): Redactor {
  return redaction === undefined ? showAll : redactor(redaction, tables, markWith(redaction.secret));
}

function markWith(secret: string): Mark {
  const key = Buffer.from(secret, "hex");
  return (value) =>
    `${markStart}${createHmac("sha256", key).update(value).digest("hex").slice(0, markLength)}`;
}

/** `public.account.email`, by name, for those who wonder about the marks. */
export function redactedNames({
  redaction,
  tables,
}: Pick<PlanHeader, "redaction" | "tables">): readonly string[] {
  return tables.flatMap((table) =>
    columnNames(table, redaction?.columns[table.label] ?? []).map(
      (name) => `${table.label}.${identifier(name)}`,
    ),
  );
}

/** The summary says what is hidden; its tenants are marks already. */
export function redactedSummary(header: PlanHeader, summary: Summary): Summary {
  if (header.redaction === undefined) return summary;
  const redactor = redactorOf(header);
  return {
    ...summary,
    signatures: summarizeSignatures(header, redactor),
    warnings: summary.warnings.map((text) => redactor.text(text)),
    redacted: redactedNames(header),
  };
}

export async function shownTenants(
  store: Pick<PlanStore, "tenantTallies">,
  redactor: Redactor,
): Promise<readonly TenantTally[]> {
  const tallies = await store.tenantTallies();
  return tallies.map((tally) => ({ ...tally, tenant: tally.tenant && redactor.tenant(tally.tenant) }));
}

export async function* shownActors(
  store: Pick<PlanStore, "actorTallies">,
  redactor: Redactor,
): AsyncGenerator<readonly ActorTally[]> {
  for await (const batch of store.actorTallies())
    yield batch.map((tally) => ({
      ...tally,
      tenant: tally.tenant && redactor.tenant(tally.tenant),
      actor: tally.actor && redactor.actor(tally.actor),
    }));
}

/** Rows as they may be shown, batch by batch. */
export async function* shownRows(
  redactor: Redactor,
  rows: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<readonly PlannedRow[]> {
  for await (const batch of rows) yield batch.map((row) => redactor.row(row));
}
