import { describe, expect, it } from "vitest";
import { parseStrategyFlag } from "../../../cli/settings/strategy-flag.js";
import { matchesColumns, matchesTable } from "../../../src/merge/rules/match.js";

describe("--strategy", () => {
  it.each([
    ["*=manual", {}, "manual"],
    ["public.app.download_count=counter", { tables: ["public.app"], columns: ["download_count"] }, "counter"],
    ["public.app=keep-current", { tables: ["public.app"] }, "keep-current"],
    ["app=keep-current", { tables: ["app"] }, "keep-current"],
    ["public.*=manual", { tables: ["public.*"] }, "manual"],
    ["*.*.updated_at=newest", { tables: ["*.*"], columns: ["updated_at"] }, "newest"],
    ["public.device.*_id=take-incoming", { tables: ["public.device"], columns: ["*_id"] }, "take-incoming"],
    ['public.device."Seen At"=newest', { tables: ["public.device"], columns: ["Seen At"] }, "newest"],
    ['public.device."a.b"=newest', { tables: ["public.device"], columns: ["a.b"] }, "newest"],
    ['public.device."a=b"=newest', { tables: ["public.device"], columns: ["a=b"] }, "newest"],
    ['public.device."say ""hi"""=newest', { tables: ["public.device"], columns: ['say "hi"'] }, "newest"],
    ['"My.Schema"."Device"=manual', { tables: ['"My.Schema"."Device"'] }, "manual"],
  ])("%s", (flag, match, use) => {
    expect(parseStrategyFlag(flag)).toEqual({ match, use });
  });

  it.each([
    "",
    "=",
    "manual",
    "=manual",
    "public.device=",
    "public..owner=manual",
    ".device=manual",
    "a.b.c.d=manual",
    'public."device=manual',
    "public.=manual",
  ])("%j is refused with what was expected", (flag) =>
    expect(parseStrategyFlag(flag)).toMatch(/^expected schema\.table\.column=strategy/),
  );

  it.each([
    ["public.device.owner=manual", "public.device", "owner"],
    ['public."Device Log"."Seen At"=manual', 'public."Device Log"', "Seen At"],
    ['"public"."device"."owner"=manual', "public.device", "owner"],
    ['"order"=manual', 'public."order"', "owner"],
    ['"device"=manual', "public.device", "owner"],
  ])("%s means the table %s and its column %s, quoted where it need not be or not", (flag, label, column) => {
    const parsed = parseStrategyFlag(flag);
    if (typeof parsed === "string") throw new Error(parsed);
    expect(matchesTable(parsed.match.tables, { label })).toBe(true);
    expect(matchesColumns(parsed.match.columns ?? ["*"], column)).toBe(true);
  });
});
