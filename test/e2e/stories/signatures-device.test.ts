import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { deviceUnpinning } from "../../../sample-data/device-unpinning/story.js";
import { openPlanStore, openSignatures, type Summary, summaryText } from "../../../src/index.js";
import { createDatabase, query } from "../../support/database.js";
import { type DeviceStory, playDeviceStory } from "../../support/device-story.js";
import { type Databases, makePlan, type Planned, readLines } from "../../support/incident.js";

const LIMIT = 180_000;

let story: DeviceStory;
let databases: Databases;
let plain: Planned;

beforeAll(async () => {
  story = await playDeviceStory(0.5);
  const { pre, post, current } = story.played;
  databases = { pre, post, current, mode: "undo" };
  plain = await makePlan(databases, { config: story.config });
}, LIMIT);

type Signature = Summary["signatures"][number];

/** What a person picks who reads no further than what is not probably people's. */
function suspects({ signatures }: Summary): readonly Signature[] {
  return signatures.filter(
    ({ table, operation, people }) => table === "public.device" && operation === "update" && !people,
  );
}

const idsOf = (signatures: readonly Signature[]): string => signatures.map(({ id }) => id).join(",");

/** Rows of the plan that a rule calls damage, by id. */
async function judgedDamage({ folder }: Planned): Promise<ReadonlySet<string>> {
  const store = await openPlanStore(join(folder, "plan.duckdb"), { readOnly: true });
  const found = new Set<string>();
  try {
    const { rules = [] } = await store.readHeader();
    for await (const rows of store.rows())
      for (const { key, rule = 0 } of rows) if (rules[rule - 1]?.is === "damage") found.add(key[0] ?? "");
    return found;
  } finally {
    await store.close();
  }
}

function quality(found: ReadonlySet<string>, wanted: ReadonlySet<string>) {
  const right = [...found].filter((id) => wanted.has(id)).length;
  return { precision: right / found.size, recall: right / wanted.size };
}

const withoutComments = (file: string) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => !line.startsWith("--"));

describe("the device story, without any rule", () => {
  it("has the damage on top, each row of the delta in one signature", () => {
    const { signatures, totals } = plain.summary;
    expect(signatures.slice(0, 3)).toEqual(suspects(plain.summary));
    expect(signatures.map(({ kind }) => kind).slice(0, 3)).toEqual(["bulk", "bulk", "overlaid"]);
    expect(signatures.map(({ id }) => id)).toEqual(signatures.map((_, at) => `S${at + 1}`));
    const rows = signatures.map((signature) => signature.rows);
    expect(rows).toEqual(rows.toSorted((a, b) => b - a));
    expect(rows.reduce((sum, n) => sum + n, 0)).toBe(totals.incoming);
  });

  it("says so in words, and fits one screen", () => {
    const text = summaryText(plain.summary);
    expect(text).toMatch(
      /S\d+ +\d+ devices: is_pinned_on__release → NULL, modified_at changed, in 10 transactions/,
    );
    expect(text.split("\n").length).toBeLessThanOrEqual(40);
    for (const name of ["report.md", "report.html"])
      expect(readFileSync(join(plain.folder, name), "utf8")).toContain("What the changes have in common");
  });

  it("lists people's pins as outliers", async () => {
    const store = await openPlanStore(join(plain.folder, "plan.duckdb"), { readOnly: true });
    const found = new Set<string>();
    try {
      const signatures = await openSignatures(store);
      for (const { id, kind, rows, of, outcomes } of await signatures.list()) {
        expect(Object.values(outcomes).reduce((sum, n) => sum + n, 0)).toBe(rows);
        if (kind !== "outliers") continue;
        expect(of).toBe("S2");
        const paged = [...(await signatures.rows(id, 0, 3)), ...(await signatures.rows(id, 3, 1e6))];
        expect(paged).toHaveLength(rows);
        for (const { key } of paged) found.add(key[0] ?? "");
      }
    } finally {
      await store.close();
    }
    expect([...story.repinned].filter((id) => !found.has(id))).toEqual([]);
    expect([...found].filter((id) => story.damaged.has(id))).toEqual([]);
  });

  it("makes the plan of the rules written by hand, once its suspects are called damage", async () => {
    const byHand = await makePlan(databases, { config: deviceUnpinning.config });
    const words = ["--damage-signature", idsOf(suspects(plain.summary))];
    const named = await makePlan(databases, { config: story.config, words });
    for (const file of ["changes.jsonl", "conflicts.jsonl"])
      expect(readLines(named.folder, file)).toEqual(readLines(byHand.folder, file));
    for (const file of ["patch.sql", "rollback.sql"])
      expect(withoutComments(join(named.folder, file)).length).toBe(
        withoutComments(join(byHand.folder, file)).length,
      );
    expect(named.summary.signatures).toEqual(plain.summary.signatures);
    const { precision, recall } = quality(await judgedDamage(named), story.damaged);
    expect({ precision, recall }).toEqual({ precision: 1, recall: 1 });
  }, 60_000);

  it("is the same by rules in the config, less what another rule says", async () => {
    const ids = suspects(plain.summary).map(({ id }) => id);
    const config = `${story.config}
rules:
  - match: { signatures: [${ids.at(-1)}] }
    is: legitimate
  - match: { signatures: [${ids.join(", ")}] }
    is: damage
  - match: { tables: ["*"] }
    is: legitimate
`;
    const plan = await makePlan(databases, { config });
    const [dates, pins] = suspects(plan.summary);
    expect((await judgedDamage(plan)).size).toBe((dates?.rows ?? 0) + (pins?.rows ?? 0));
  }, 60_000);

  it("finds the damage by its transactions, among people's changes to the same column", async () => {
    const written = await query(
      databases.post,
      `SELECT DISTINCT xmin::text AS id FROM public.device
      WHERE modified_at >= '2019-09-23 22:16+00' AND modified_at < '2019-09-23 22:18+00'`,
    );
    const config = `${story.config}
rules:
  - match: { transactions: [${written.map(({ id }) => id).join(", ")}] }
    is: damage
  - match: { tables: ["*"] }
    is: legitimate
`;
    const plan = await makePlan(databases, { config });
    const { precision, recall } = quality(await judgedDamage(plan), story.damaged);
    expect(precision).toBe(1);
    // What somebody else wrote since is of another transaction: only signatures find the damage beneath.
    expect(recall).toBeGreaterThan(0.9);
    const bulk = plain.summary.signatures.filter(({ kind }) => kind === "bulk");
    expect(bulk.map(({ transactions }) => transactions?.count)).toEqual([written.length, written.length]);
  }, 60_000);
});

describe("the device story, its rows loaded anew", () => {
  it("tells by what was done alone, says so, and is less exact", async () => {
    const post = await createDatabase("loaded", databases.post);
    await query(
      post,
      `SET session_replication_role = replica;
      ${[
        "device",
        "audit_entry",
        "application",
        "application_tag",
        "device_tag",
        "device_environment_variable",
        "release",
        "organization",
        '"user"',
      ]
        .map(
          (table) => `CREATE TEMP TABLE copy AS TABLE public.${table};
          DELETE FROM public.${table}; INSERT INTO public.${table} OVERRIDING SYSTEM VALUE SELECT * FROM copy; DROP TABLE copy;`,
        )
        .join("\n")}`,
    );
    const blind = await makePlan({ ...databases, post }, { config: story.config });
    expect(blind.stderr).toContain("transactions tell nothing");
    expect(blind.summary.signatures.every(({ transactions }) => transactions === null)).toBe(true);
    const words = [
      "--damage-signature",
      idsOf(suspects(blind.summary).filter(({ columns }) => ofPins(columns))),
    ];
    const named = await makePlan({ ...databases, post }, { config: story.config, words });
    const { precision, recall } = quality(await judgedDamage(named), story.damaged);
    expect(precision).toBeGreaterThan(0.95);
    expect(recall).toBeGreaterThan(0.9);
  }, 60_000);
});

/** Of the pins and dates: all that a person knows who has heard of unpinned devices. */
function ofPins(columns: Signature["columns"]): boolean {
  const names = columns.map(({ column }) => column);
  return names[0] === "is_pinned_on__release" || names.join() === "modified_at";
}
