import { describe, expect, it } from "vitest";
import { classify } from "../../../src/merge/classify.js";
import { bookedDevices, device, deviceTable, sameByValue } from "../tables.js";
import { runCases } from "./merge-case.js";

describe("columns that only make sense together", () => {
  runCases(
    [
      {
        name: "merge as one: one side changed the start, the other the end",
        base: {},
        current: { starts_at: "2024-03-05" },
        incoming: { ends_at: "2024-04-30" },
        expect: { outcome: "conflict", kind: "update/update", columns: ["starts_at", "ends_at"] },
      },
      {
        name: "a cell on which both agree is not in the conflict",
        base: {},
        current: { starts_at: "2024-03-05" },
        incoming: { starts_at: "2024-03-05", ends_at: "2024-04-30" },
        expect: { outcome: "conflict", kind: "update/update", columns: ["ends_at"] },
      },
      {
        name: "the same change of the whole group is done",
        base: {},
        current: { starts_at: "2024-03-05", ends_at: "2024-04-30" },
        incoming: { starts_at: "2024-03-05", ends_at: "2024-04-30" },
        expect: { outcome: "already" },
      },
      {
        name: "current changed a column outside: only the changed ones of the group are written",
        base: {},
        current: { owner: "bob" },
        incoming: { ends_at: "2024-04-30" },
        expect: { outcome: "apply", writes: ["ends_at"] },
      },
    ],
    { table: bookedDevices },
  );

  it("are independent where nobody grouped them", () => {
    const verdict = classify(
      deviceTable,
      {
        base: device(),
        current: device({ starts_at: "2024-03-05" }),
        incoming: device({ ends_at: "2024-04-30" }),
      },
      { sameValue: sameByValue, touchWrite: "restore" },
    );
    expect(verdict.kind).toBe("apply");
  });
});
