import { createHash } from "node:crypto";
import type { ApprovedTable } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import type { PlanStore } from "../../store/plan-store.js";

/** What a plan would write, in a few letters: the same for the same writes, whoever planned them and when. */
export interface Fingerprint {
  readonly fingerprint: string;
  readonly tables: Readonly<Record<string, ApprovedTable>>;
}

/** Reads the whole plan once. SHA-256 over all changes in order, and over what of the header decides how they are written. */
export async function fingerprintOf(store: PlanStore, header: PlanHeader): Promise<Fingerprint> {
  const tables: Record<string, ApprovedTable> = {};
  for (const [at, { label }] of header.tables.entries()) {
    const digest = createHash("sha256");
    const counts = { insert: 0, update: 0, delete: 0 };
    for await (const batch of store.rows({ table: at, anyChange: true })) {
      for (const { key, change, park, wave } of batch) {
        if (change === undefined) continue;
        counts[change.kind] += 1;
        digest.update(`${JSON.stringify([key, change, park, wave])}\n`);
      }
    }
    if (counts.insert + counts.update + counts.delete > 0)
      tables[label] = { ...counts, digest: digest.digest("hex") };
  }
  const whole = createHash("sha256").update(JSON.stringify([headerParts(header), tables]));
  return { fingerprint: whole.digest("hex"), tables };
}

/** How rows are written, where, and what is checked. */
function headerParts({ mode, touchWrite, triggerPolicy, connections, ...header }: PlanHeader): unknown {
  const { database, systemIdentifier } = connections.current;
  const tables = header.tables.map(({ label, columns, key, touch }) => ({
    ...{ label, key, touch },
    columns: columns.map(({ name, type }) => [name, type]),
  }));
  const { sequences, invariants } = header;
  return [mode, touchWrite, triggerPolicy, database, systemIdentifier, tables, sequences, invariants];
}
