import { describe, expect, it } from "vitest";
import { conflictId } from "../../../src/merge/conflict-id.js";

describe("the id of a conflict", () => {
  it("is the same from run to run, and from release to release", () => {
    expect(conflictId("public.device", ["7"], "update/update")).toBe("c5abe12fca2616d79");
    expect(conflictId("public.device", ["7"], "update/update")).toMatch(/^c[0-9a-f]{16}$/);
  });

  it("differs by table, by key and by kind", () => {
    const ids = [
      conflictId("public.device", ["7"], "update/update"),
      conflictId("public.invoice", ["7"], "update/update"),
      conflictId("public.device", ["8"], "update/update"),
      conflictId("public.device", ["7"], "update/delete"),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("cannot be confused by what a key holds", () => {
    const keys = [["a", "b"], ["a,b"], ['a","b'], ["ab", ""], ["", "ab"], ["ab"]];
    const ids = keys.map((key) => conflictId("public.device", key, "update/update"));
    expect(new Set(ids).size).toBe(keys.length);
  });
});
