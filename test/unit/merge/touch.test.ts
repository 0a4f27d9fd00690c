import { describe, expect, it } from "vitest";
import { touchPositions } from "../../../src/merge/rules/touch.js";
import type { TouchSettings } from "../../../src/model/settings.js";
import { column } from "../tables.js";

const time = (name: string) => column(name, { type: "timestamp with time zone", isTime: true });

function touched(
  columns: readonly ReturnType<typeof column>[],
  touch: TouchSettings["columns"],
): readonly string[] {
  const positions = touchPositions("public.device", columns, { columns: touch, write: "restore" });
  return positions.map((position) => columns[position]?.name ?? "none");
}

describe("by default", () => {
  it.each([
    "updated_at",
    "modified_at",
    "last_modified",
    "last_modified_at",
    "last_updated",
    "updated_on",
    "modified_on",
    "date_modified",
    "updatedAt",
    "lastModified",
    "UPDATED_AT",
  ])("%s is one", (name) => {
    expect(touched([column("id"), time(name)], undefined)).toEqual([name]);
  });

  it.each(["created_at", "deleted_at", "expires_on", "updated_at_night", "not_updated_at"])(
    "%s is none",
    (name) => {
      expect(touched([time(name)], undefined)).toEqual([]);
    },
  );

  it("a column of another type is none, whatever its name", () => {
    expect(touched([column("updated_at"), column("last_modified", { type: "bigint" })], undefined)).toEqual(
      [],
    );
  });
});

describe("as configured", () => {
  const columns = [column("id"), column("version", { type: "integer" }), time("updated_at"), time("seen_at")];

  it.each<[readonly string[], readonly string[]]>([
    [[], []],
    [["version"], ["version"]],
    [["*_at"], ["updated_at", "seen_at"]],
    [["public.device.seen_at"], ["seen_at"]],
    [["public.*.seen_at"], ["seen_at"]],
    [["*.seen_at"], ["seen_at"]],
    [["public.invoice.seen_at"], []],
    [["device.seen_at"], []],
    [["!version"], []],
    [["Version"], []],
  ])("%j", (asked, expected) => {
    expect(touched(columns, asked)).toEqual(expected);
  });

  it("names that need quotes, with the table or without", () => {
    const quoted = [column("id"), column("Seen At"), column("rev[1]")];
    const positions = (pattern: string) =>
      touchPositions('public."Device"', quoted, { columns: [pattern], write: "keep" });
    expect(positions("Seen At")).toEqual([1]);
    expect(positions('public."Device".Seen At')).toEqual([1]);
    expect(positions('public."Device"."Seen At"')).toEqual([1]);
    expect(positions('public."Dev*".*[?]')).toEqual([]);
    expect(positions("rev[1]")).toEqual([2]);
  });
});
