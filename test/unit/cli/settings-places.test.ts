import { describe, expect, it } from "vitest";
import { parseSettings } from "../../../cli/settings/parse-settings.js";
import { noConfig, parseConfig } from "../../../cli/settings/read-config.js";

const flags = { pre: "postgresql://db1/before", current: "postgresql://db1/live" };

function settingsOf(config: string, more: Parameters<typeof parseSettings>[0]["flags"] = {}) {
  const file = config === "" ? noConfig : parseConfig(config, "pgmend.yaml");
  return parseSettings({ flags: { ...flags, ...more }, env: {}, file, strategies: [] });
}

describe("a table the databases may not have can be pointed at", () => {
  const config = `tables: ["public.*", crm.invoice]
excludeTables: [public.audit_log]
keys:
  public.log: [line]
groups:
  public.event: [[starts_at, ends_at]]
`;

  it.each([
    ["tables", "crm.invoice", "pgmend.yaml:1:22 tables[1]"],
    ["excludeTables", "public.audit_log", "pgmend.yaml:2:17 excludeTables[0]"],
    ["keys", "public.log", "pgmend.yaml:4:15 keys.public.log"],
    ["groups", "public.event", "pgmend.yaml:6:17 groups.public.event"],
    ["tables", "public.device", undefined],
  ] as const)("%s: %s", (setting, name, place) => {
    expect(settingsOf(config).placeOf?.(setting, name)).toBe(place);
  });

  it("but not in the config where a flag says it", () => {
    const { placeOf } = settingsOf(config, { tables: ["crm.invoice"], excludeTables: ["public.session"] });
    expect(placeOf?.("tables", "crm.invoice")).toBeUndefined();
    expect(placeOf?.("excludeTables", "public.session")).toBeUndefined();
    expect(placeOf?.("excludeTables", "public.audit_log")).toBe("pgmend.yaml:2:17 excludeTables[0]");
  });

  it("nor where there is no config", () => {
    expect(settingsOf("").placeOf?.("keys", "public.log")).toBeUndefined();
  });
});

describe("the limits of the guard", () => {
  it.each([
    ["", { share: 0.5, rows: 100 }],
    ["guard: { massDelete: { rows: 10 } }", { share: 0.5, rows: 10 }],
    ["guard: { massDelete: { share: 0.9 } }", { share: 0.9, rows: 100 }],
    ["guard: { massDelete: { share: 1, rows: 0 } }", { share: 1, rows: 0 }],
  ])("%j", (config, massDelete) => {
    expect(settingsOf(config).guard).toEqual({ massDelete });
  });
});
