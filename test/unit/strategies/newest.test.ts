import { describe, expect, it } from "vitest";
import { newest } from "../../../merge-strategies/newest.js";
import type { Conflict, RowConflictKind } from "../../../src/model/conflict.js";
import type { Value } from "../../../src/model/value.js";
import { column, tableOf } from "../tables.js";
import { updateConflict } from "./cell-cases.js";

const page = tableOf("page", [
  "id",
  "title",
  "body",
  column("written_at", { type: "timestamp with time zone", isTime: true }),
  column("day", { type: "date", isTime: true }),
  column("version", { type: "integer" }),
]);

const monday = "2024-03-04 10:00:00+00";
const tuesday = "2024-03-05 09:00:00+00";

interface Written {
  readonly at: Value;
  readonly day?: Value;
}

/** Both sides wrote the title, and stamped the row. */
function conflictOf(current: Written, incoming: Written): Conflict {
  const row = (title: string, { at, day = null }: Written) => ["1", title, "…", at, day, "1"];
  return updateConflict({
    base: row("Home", { at: monday }),
    current: row("House", current),
    incoming: row("Hut", incoming),
  });
}

function winner(conflict: Conflict, options: Readonly<Record<string, unknown>> = { column: "written_at" }) {
  const answer = newest.resolve(conflict, { table: page, options });
  return answer?.kind === "take" ? answer.role : answer;
}

describe("the side that was written last takes the row", () => {
  it.each<[string, Written, Written, "current" | "incoming" | undefined]>([
    ["incoming is later", { at: monday }, { at: tuesday }, "incoming"],
    ["current is later", { at: tuesday }, { at: monday }, "current"],
    ["by a fraction of a second", { at: monday }, { at: "2024-03-04 10:00:00.000001+00" }, "incoming"],
    ["later than ever", { at: "infinity" }, { at: tuesday }, "current"],
    ["both at once", { at: tuesday }, { at: tuesday }, undefined],
    ["current does not say", { at: null }, { at: tuesday }, undefined],
    ["incoming does not say", { at: tuesday }, { at: null }, undefined],
    ["the clock speaks another language", { at: "Tue Mar  5 09:00:00 2024 UTC" }, { at: tuesday }, undefined],
  ])("%s", (_, current, incoming, expected) => {
    expect(winner(conflictOf(current, incoming))).toBe(expected);
  });

  it("by a date, too", () => {
    const conflict = conflictOf({ at: tuesday, day: "2024-03-05" }, { at: monday, day: "2024-03-06" });
    expect(winner(conflict, { column: "day" })).toBe("incoming");
  });

  it("says why", () => {
    const answer = newest.resolve(conflictOf({ at: monday }, { at: tuesday }), {
      table: page,
      options: { column: "written_at" },
    });
    expect(answer?.reason).toBe("newest: incoming is later by written_at");
  });

  it("of two rows under one key, too", () => {
    const conflict: Conflict = { ...conflictOf({ at: monday }, { at: tuesday }), kind: "insert/insert" };
    expect(winner({ ...conflict, rows: { ...conflict.rows, base: undefined } })).toBe("incoming");
  });
});

describe("passes", () => {
  const conflict = conflictOf({ at: monday }, { at: tuesday });

  it.each([["title"], ["version"], ["no_such_column"], [undefined], [3], ["constructor"]])(
    "by %s",
    (name) => {
      expect(winner(conflict, name === undefined ? {} : { column: name })).toBeUndefined();
    },
  );

  it.each<[RowConflictKind, "current" | "incoming"]>([
    ["delete/update", "current"],
    ["update/delete", "incoming"],
  ])("on %s, where one side has no row to say when", (kind, gone) => {
    expect(
      winner({ ...conflict, kind, cells: [], rows: { ...conflict.rows, [gone]: undefined } }),
    ).toBeUndefined();
  });
});

describe("option column", () => {
  const check = newest.options?.["column"];

  it("is a name", () => {
    expect(check?.("written_at")).toBeUndefined();
  });

  it.each([undefined, "", 3, null, ["written_at"]])("is not %j", (value) => {
    expect(check?.(value)).toMatch(/expected the name/);
  });
});
