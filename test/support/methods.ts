import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings } from "../../cli/settings/parse-settings.js";
import { builtInStrategies } from "../../merge-strategies/index.js";
import { type PlanSettings, type PlanStore, plan, recoveryFiles } from "../../src/index.js";
import type { Databases } from "./incident.js";

export type Method = "digest" | "stream" | "lineage";

/** All that a plan says, but for when it was made, and how rows were found, which is told apart. */
export interface PlanTold {
  readonly texts: Readonly<Record<string, string>>;
  /** By table. */
  readonly methods: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

export function settingsOf({ pre, post, current, mode }: Databases): PlanSettings {
  const file = { config: {}, where: () => "" };
  return parseSettings({
    ...{ flags: { pre, post, current, mode }, env: {}, file },
    strategies: builtInStrategies,
  });
}

/** A plan of three databases, made in one way. */
export async function planBy(method: Method, databases: Databases): Promise<PlanTold> {
  const folder = mkdtempSync(join(tmpdir(), "pgmend-methods-"));
  const settings = settingsOf(databases);
  try {
    const storeFile = join(folder, "plan.duckdb");
    const store = await plan({ settings, storeFile, toolVersion: "methods", method });
    try {
      return await tellPlan(store);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function tellPlan(store: PlanStore): Promise<PlanTold> {
  const { summary, files } = await recoveryFiles(store);
  const { planId, createdAt } = summary;
  const own = [planId, createdAt, ...Object.values(summary.connections).map(({ snapshotAt }) => snapshotAt)];
  const texts: Record<string, string> = {};
  for (const { name, text } of files) {
    let whole = "";
    for await (const chunk of text) whole += chunk;
    for (const word of own) whole = whole.replaceAll(word, "");
    texts[name] = whole.replaceAll(/"method": "\w+"/g, "");
  }
  const methods = Object.fromEntries(summary.tables.map(({ table, method }) => [table, method]));
  return { texts, methods, warnings: summary.warnings };
}
