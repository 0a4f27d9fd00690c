import { describe, expect, it } from "vitest";
import { type Outcome, outcomes } from "../../../src/model/change.js";
import type { ActorTally, TenantTally } from "../../../src/model/tenant.js";
import { hasHidden } from "../../../src/model/visible.js";
import { affectedCsv } from "../../../src/report/csv/affected-csv.js";
import { folderOf, indexCsv } from "../../../src/report/csv/tenant-index.js";
import { summarize } from "../../../src/report/summary.js";
import { percentage, recoveredOf, summarizeTenants, writtenByTenant } from "../../../src/report/tenants.js";
import { summaryText } from "../../../src/report/text.js";
import { deviceTable } from "../tables.js";
import { headerOf, hostileTexts, joined, tally } from "./plans.js";

const counts = (some: Partial<Record<Outcome, number>>): Record<Outcome, number> => ({
  ...{ apply: 0, already: 0, conflict: 0, kept: 0, excluded: 0, skipped: 0 },
  ...some,
});

function tenantTally(tenant: string | undefined, outcome: Outcome, rows: number, kind?: string): TenantTally {
  return { tenant, outcome, rows, conflictKind: kind, written: outcome === "apply" ? rows : 0 };
}

describe("the share that is back", () => {
  it.each([
    ["all of it", { apply: 3, already: 1 }, 1],
    ["what is in conflict or skipped is not", { apply: 1, conflict: 1, skipped: 2 }, 0.25],
    ["what somebody decided against is on neither side", { apply: 1, kept: 50, excluded: 50 }, 1],
    ["nothing was to come back", { kept: 5, excluded: 7 }, null],
    ["one of 100 000 missing is not all", { apply: 99_999, conflict: 1 }, 0.9999],
  ])("%s", (_, some, share) => expect(recoveredOf(counts(some))).toBe(share));

  it("as a percentage, rounded down", () => {
    expect(percentage(counts({ apply: 9999, skipped: 1 }))).toBe("99.9 %");
    expect(percentage(counts({ apply: 981, conflict: 19 }))).toBe("98.1 %");
    expect(percentage(counts({ apply: 1 }))).toBe("100.0 %");
  });
});

describe("tenants in the summary", () => {
  const tallies = [
    tenantTally(undefined, "apply", 2),
    tenantTally("b", "apply", 1),
    tenantTally("b", "conflict", 1, "unique"),
    tenantTally("a", "skipped", 2),
    tenantTally("c", "apply", 3),
    tenantTally("c", "apply", 4, "update/update"),
  ];

  it("are sorted by rows, then by name, and none comes last", () => {
    const found = summarizeTenants(tallies);
    expect(found.map(({ tenant, incoming }) => [tenant, incoming])).toEqual([
      ["c", 7],
      ["a", 2],
      ["b", 2],
      [null, 2],
    ]);
    for (const each of found)
      expect(outcomes.reduce((sum, outcome) => sum + each[outcome], 0)).toBe(each.incoming);
    expect(found[2]).toMatchObject({ conflicts: { unique: 1 }, recovered: 0.5 });
    // What a strategy settled is no open conflict.
    expect(found[0]).toMatchObject({ conflicts: {}, recovered: 1 });
  });

  it("are there only where the config speaks of them", () => {
    expect(Object.keys(summarize(headerOf(), []))).not.toContain("tenants");
    expect(summarize(headerOf(), [], { tenants: [] })).toMatchObject({ tenants: [] });
  });

  it("in the head of a patch are those that it writes most of", () => {
    const many = Array.from({ length: 23 }, (_, at) => tenantTally(`t${at}`, "apply", at));
    const lines = writtenByTenant(many);
    expect(lines).toHaveLength(21);
    expect([lines[0], lines.at(-1)]).toEqual(["t22: 22 rows", "and 2 more: see summary.json"]);
  });
});

describe("on a terminal", () => {
  const told = (tenants: readonly TenantTally[]) => {
    const total = [tally(0, "update", "apply", { rows: 981 }), tally(0, "update", "skipped", { rows: 19 })];
    const header = headerOf({ actor: { column: "owner" } });
    const actors = { actors: 12, rowsWithout: 3 };
    const lines = summaryText(summarize(header, total, { tenants, actors })).split("\n");
    return lines.slice(
      lines.findIndex((line) => line.startsWith("Once")),
      -2,
    );
  };

  it("the worst off are named, and who is affected", () => {
    const tenants = Array.from({ length: 7 }, (_, at) => [
      tenantTally(`tenant ${at}`, "apply", at + 1),
      tenantTally(`tenant ${at}`, "skipped", 1),
    ]).flat();
    expect(told([...tenants, tenantTally("well", "apply", 1)])).toEqual([
      "Once the patch is applied, 98.1 % of the damage is mended (981 of 1 000 rows). The others, and why:",
      "  19 skipped: they need something that is left out, or are too long to be read",
      "7 of 8 tenants lack something, the worst off:",
      "  tenant 0   50.0 % back; 1 skipped",
      "  tenant 1   66.6 % back; 1 skipped",
      "  tenant 2   75.0 % back; 1 skipped",
      "  tenant 3   80.0 % back; 1 skipped",
      "  tenant 4   83.3 % back; 1 skipped",
      "  and 2 more: see summary.json",
      "12 actors (owner) affected: see affected.csv; 3 rows of the incident delta name nobody.",
    ]);
  });

  it("nobody lacks anything", () => {
    expect(told([tenantTally("a", "apply", 3), tenantTally("b", "kept", 3)])).toContain(
      "No tenant lacks anything (2 had changes).",
    );
  });

  it.each(hostileTexts)("%j drives no terminal and adds no line", (text) => {
    const lines = told([tenantTally(text, "skipped", 1)]);
    expect(lines).toHaveLength(5);
    expect(lines.filter(hasHidden)).toEqual([]);
  });
});

describe("affected.csv", () => {
  async function* batchOf(...lines: readonly ActorTally[]) {
    yield lines;
  }

  it("has a line for each actor and tenant", async () => {
    const outcomesOfAnn = counts({ apply: 1, conflict: 2, kept: 4 });
    const lines = [
      { actor: "ann", tenant: "a", outcomes: outcomesOfAnn, tables: [0] },
      { actor: undefined, tenant: undefined, outcomes: counts({ excluded: 1 }), tables: [0] },
    ];
    expect(await joined(affectedCsv([deviceTable], batchOf(...lines)))).toBe(
      [
        "actor,tenant,changes,recovered,apply,already,conflict,kept,excluded,skipped,tables",
        "ann,a,7,0.3333,1,0,2,4,0,0,public.device",
        ",,1,,0,0,0,0,1,0,public.device",
        "",
      ].join("\n"),
    );
  });

  it.each(["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1"])("%j is no formula", async (text) => {
    const line = { actor: text, tenant: text, outcomes: counts({ apply: 1 }), tables: [0] };
    const csv = await joined(affectedCsv([deviceTable], batchOf(line)));
    expect(csv.split("\n").slice(1).join("\n")).toMatch(/^"?'/);
  });

  it("a negative number is what it is", async () => {
    const line = { actor: "-17", tenant: "-4", outcomes: counts({ apply: 1 }), tables: [0] };
    expect(await joined(affectedCsv([deviceTable], batchOf(line)))).toContain("\n-17,-4,");
  });
});

describe("folders of tenants", () => {
  it.each([
    ["acme", "07-acme"],
    ["../../etc/passwd", "07-etc-passwd"],
    ["CON", "07-con"],
    ["Zoë & Söhne", "07-zo-s-hne"],
    ["", "07"],
    ["…", "07"],
    ["x".repeat(300), `07-${"x".repeat(40)}`],
    [undefined, "07-no-tenant"],
  ])("%j", (tenant, folder) => expect(folderOf({ number: 7, tenant }, 12)).toBe(folder));

  it.each(hostileTexts)("%j names a harmless one", (text) => {
    expect(folderOf({ number: 3, tenant: text }, 3)).toMatch(/^3(-[a-z0-9]+(-[a-z0-9]+)*)?$/);
  });

  it("are listed, with the tenant as text", async () => {
    const patch = { number: 1, tenant: "=1+1", own: 3, guests: 2, stays: 1 };
    expect(await joined(indexCsv([patch]))).toBe(
      "folder,tenant,own_rows,needed_rows,left_by_rollback\n1-1-1,'=1+1,3,2,3\n",
    );
  });
});
