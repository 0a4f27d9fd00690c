import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createPlanStore, openPlanStore } from "../../../src/store/plan-store.js";
import { listAll } from "../../support/folder.js";
import { planPath, readAll } from "./sample-plan.js";

const script = join(import.meta.dirname, "save-decisions.ts");

/** Kills a process that decides, once it has told of this many. @returns how many it told of in the end */
async function killAfter(file: string, told: number): Promise<number> {
  const child = spawn(process.execPath, ["--import", "tsx", script, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let last = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    last = Number(text.trimEnd().split("\n").at(-1));
    if (last >= told) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  return last;
}

test("a kill at any moment loses nothing that was saved, and leaves no half", {
  timeout: 60_000,
}, async () => {
  const file = planPath();
  await (await createPlanStore(file)).close();
  for (const told of [2, 40, 90]) {
    const last = await killAfter(file, told);
    expect(last).toBeGreaterThanOrEqual(told);
    // Whoever only reads sees them, too: they are still in the log beside the file.
    for (const readOnly of [true, false]) {
      const store = await openPlanStore(file, { readOnly });
      const kept = await readAll(store.decisions());
      expect(kept.length).toBeGreaterThanOrEqual(last);
      // Two were saved at once: none of them is there without the other.
      expect(kept.length % 2).toBe(0);
      expect(kept.map(({ conflict }) => conflict)).toEqual(kept.map((_, at) => `conflict-${at}`));
      expect(await store.lastJournalNumber()).toBe(kept.length);
      await store.close();
    }
  }
  expect(listAll(join(file, ".."))).toEqual(["plan.duckdb"]);
});
