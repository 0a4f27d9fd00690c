import type { PlanStore } from "../../store/plan-store.js";
import type { OnlyKeys } from "../work.js";

/** The rows that `apply` left: those that had moved, and those that waited for them. */
export async function driftedKeys(store: PlanStore): Promise<OnlyKeys> {
  const { tables } = await store.readHeader();
  const findings = await store.journal.findings(undefined, "patch", Number.MAX_SAFE_INTEGER);
  const keys = new Map<string, Set<string>>();
  const positions = [...new Set(findings.map(({ position }) => position))];
  for (let from = 0; from < positions.length; from += 1000) {
    for await (const batch of store.rows({ positions: positions.slice(from, from + 1000) })) {
      for (const { table, key } of batch) {
        const label = tables[table]?.label ?? "";
        const of = keys.get(label) ?? new Set();
        keys.set(label, of.add(JSON.stringify(key)));
      }
    }
  }
  return keys;
}
