import { describe, expect, it } from "vitest";
import { createPlanStore, openPlanStore } from "../../../src/store/plan-store.js";
import { planPath } from "./sample-plan.js";

const who = { by: "ann", at: "2026-03-02T04:00:00Z" };

describe("what signatures are called", () => {
  it("is kept, the last word counts, and a withdrawn one is known to be", async () => {
    const file = planPath();
    const store = await createPlanStore(file);
    expect([...(await store.calls.read())]).toEqual([]);
    await store.calls.save(
      new Map([
        ["S1", "damage"],
        ["S10", "legitimate"],
      ]),
      who,
    );
    await store.calls.save(new Map([["S1", undefined]]), who);
    await store.close();
    const again = await openPlanStore(file, { readOnly: true });
    expect(await again.calls.read()).toEqual(
      new Map([
        ["S1", undefined],
        ["S10", "legitimate"],
      ]),
    );
    await expect(again.calls.save(new Map([["S1", "damage"]]), who)).rejects.toThrow("for reading only");
    await again.close();
  });
});
