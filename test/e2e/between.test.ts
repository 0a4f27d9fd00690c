import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned, readLines } from "../support/incident.js";
import { pgmend } from "../support/program.js";
import { expectRecovery } from "../support/recovery.js";

/**
 * Devices lose their pins between s2 and s3. Each row has a story of its own, named after what people did to it before
 * the damage, after it, and since `post`; what they do to one row is one statement, as in life.
 */
const columns = "(id text PRIMARY KEY, pin text, note text, updated_at timestamptz DEFAULT '2020-01-01')";
const pre = `CREATE TABLE device ${columns};
  INSERT INTO device (id, pin, note) VALUES
    ('untouched', 'a', NULL), ('before', 'a', NULL), ('after', 'a', NULL), ('both', 'a', NULL),
    ('back', 'a', NULL), ('back then moved', 'a', NULL), ('to null after', 'a', NULL),
    ('overwritten, null since', 'a', NULL), ('note before', 'a', NULL), ('note after', 'a', NULL),
    ('deleted before', 'a', NULL), ('deleted after', 'a', NULL), ('damaged away', 'a', NULL),
    ('away and here again', 'a', NULL), ('noted since', 'a', NULL), ('never pinned', NULL, NULL);`;
const beforeDamage = `
  UPDATE device SET pin = 'b' WHERE id IN ('before', 'both');
  UPDATE device SET note = 'n' WHERE id = 'note before';
  INSERT INTO device (id, pin) VALUES ('new before', 'c'), ('new, away', 'c'), ('new, gone', 'c');
  DELETE FROM device WHERE id = 'deleted before';`;
const damage = `
  UPDATE device SET pin = NULL, updated_at = '2020-02-02';
  DELETE FROM device WHERE id IN ('damaged away', 'away and here again', 'new, away');`;
const afterDamage = `
  UPDATE device SET pin = 'd' WHERE id IN ('after', 'both', 'overwritten, null since');
  UPDATE device SET pin = 'a' WHERE id IN ('back', 'back then moved');
  UPDATE device SET pin = 'x' WHERE id = 'to null after'; UPDATE device SET pin = NULL WHERE id = 'to null after';
  UPDATE device SET note = 'n' WHERE id = 'note after';
  INSERT INTO device (id, pin) VALUES ('new after', 'c'), ('away and here again', 'e');
  DELETE FROM device WHERE id IN ('deleted after', 'new, gone');`;
const since = `
  UPDATE device SET pin = 'f' WHERE id = 'back then moved';
  UPDATE device SET pin = NULL WHERE id = 'overwritten, null since';
  UPDATE device SET note = 'since' WHERE id = 'noted since';`;

let databases: Databases;
/** Two snapshots before the damage, two after it. */
let inside: readonly string[];

beforeAll(async () => {
  const told = async (origin: string | undefined, sql: string) => {
    const url = await createDatabase("night", origin);
    for (const statement of sql.split(";").filter((text) => text.trim() !== "")) await query(url, statement);
    return url;
  };
  const before = await told(undefined, pre);
  const s1 = await told(before, "");
  const s2 = await told(s1, beforeDamage);
  const s3 = await told(s2, damage);
  const post = await told(s3, afterDamage);
  const current = await told(post, since);
  inside = [s1, s2, s3];
  databases = { pre: before, post, current, mode: "undo" };
}, 60_000);

const words = (...more: readonly string[]) => [
  ...inside.flatMap((url, at) => ["--between", `s${at + 1}=${url}`]),
  ...more,
];

const changed = ({ folder }: Planned) =>
  Object.fromEntries(
    readLines(folder, "changes.jsonl").map(({ key, operation, columns }) => [
      (key as { id: string }).id,
      { operation, pin: (columns as { pin?: { to?: unknown } }).pin?.to },
    ]),
  );
const inConflict = ({ folder }: Planned) =>
  Object.fromEntries(
    readLines(folder, "conflicts.jsonl").map(({ key, kind }) => [(key as { id: string }).id, kind]),
  );

describe("mode undo, the interval of the damage named", () => {
  let plan: Planned;

  beforeAll(async () => {
    plan = await makePlan(databases, { words: words("--damage-interval", "s2..s3") });
  }, 60_000);

  it("brings back what was there right before the damage, and keeps what people did before and after it", () => {
    expect(changed(plan)).toEqual({
      untouched: { operation: "update", pin: "a" },
      before: { operation: "update", pin: "b" },
      "note before": { operation: "update", pin: "a" },
      "note after": { operation: "update", pin: "a" },
      "noted since": { operation: "update", pin: "a" },
      "never pinned": { operation: "update", pin: undefined },
      // Their pins are back already, the date that the damage wrote is still there.
      back: { operation: "update", pin: undefined },
      "back then moved": { operation: "update", pin: undefined },
      // What comes and goes between two snapshots, no snapshot has.
      "to null after": { operation: "update", pin: "a" },
      "damaged away": { operation: "insert", pin: "a" },
      "new before": { operation: "update", pin: "c" },
      "new, away": { operation: "insert", pin: "c" },
    });
  });

  it("asks where people wrote over the damage, whatever current has by now", () => {
    expect(inConflict(plan)).toEqual({
      after: "update/update",
      both: "update/update",
      "overwritten, null since": "update/update",
      "deleted after": "delete/update",
      "new, gone": "delete/update",
      "away and here again": "insert/insert",
    });
  });

  it("applies, and can be taken back", async () => {
    await expectRecovery(databases, plan, {
      truth: `UPDATE device SET pin = 'a', updated_at = '2020-01-01' WHERE id IN ('untouched', 'note before', 'note after', 'noted since', 'to null after');
        UPDATE device SET pin = 'b', updated_at = '2020-01-01' WHERE id = 'before';
        UPDATE device SET pin = 'c', updated_at = '2020-01-01' WHERE id = 'new before';
        UPDATE device SET updated_at = '2020-01-01' WHERE id IN ('never pinned', 'back', 'back then moved');
        INSERT INTO device (id, pin) VALUES ('damaged away', 'a'), ('new, away', 'c')`,
    });
  }, 60_000);

  it("is the same however tables are compared", async () => {
    for (const method of ["digest", "stream"]) {
      const other = await makePlan(databases, {
        words: words("--damage-interval", "s2..s3", "--method", method),
      });
      expect(changed(other)).toEqual(changed(plan));
      expect(inConflict(other)).toEqual(inConflict(plan));
    }
  }, 60_000);
});

it("mode replay leaves the damage out, and replays what people did on both sides of it", async () => {
  const current = await createDatabase("restored", databases.pre);
  await query(current, "UPDATE device SET note = 'since' WHERE id IN ('noted since', 'both')");
  const restored = { ...databases, current, mode: "replay" as const };
  const plan = await makePlan(restored, { words: words("--damage-interval", "s2..s3") });
  expect(inConflict(plan)).toEqual({});
  await expectRecovery(restored, plan, {
    truth: `UPDATE device SET pin = 'b' WHERE id = 'before';
      UPDATE device SET pin = 'd' WHERE id IN ('after', 'both', 'overwritten, null since');
      UPDATE device SET pin = 'e' WHERE id = 'away and here again';
      UPDATE device SET note = 'n' WHERE id IN ('note before', 'note after');
      DELETE FROM device WHERE id IN ('deleted before', 'deleted after');
      INSERT INTO device (id, pin) VALUES ('new before', 'c'), ('new, away', 'c'), ('new after', 'c')`,
  });
}, 60_000);

describe("what names the damage", () => {
  it("during in a rule does, and another rule still speaks of what lies outside", async () => {
    const config = `rules:
  - match: { during: [s2, s3], tables: [device] }
    is: damage
  - match: { tables: ["*"] }
    is: legitimate
`;
    const byRule = await makePlan(databases, { words: words(), config });
    const byFlag = await makePlan(databases, { words: words("--damage-interval", "s2..s3") });
    expect(changed(byRule)).toEqual(changed(byFlag));
    expect(inConflict(byRule)).toEqual(inConflict(byFlag));
  }, 60_000);

  it("a signature speaks of the interval in which rows became so, without any interval being named", async () => {
    const plain = await makePlan(databases, { words: words() });
    const bulk = plain.summary.signatures.find(
      ({ columns: [first], rows }) => first?.transition === "to-null" && rows > 1,
    );
    expect(bulk?.intervals).toEqual([{ from: "s2", to: "s3", rows: bulk?.rows }]);
    expect(bulk?.words).toMatch(/, s2 → s3$/);
    const named = await makePlan(databases, { words: words("--damage-signature", bulk?.id ?? "") });
    expect(changed(named)["before"]).toEqual({ operation: "update", pin: "b" });
  }, 60_000);

  it("without it the plan says so", async () => {
    const plain = await makePlan(databases, { words: words() });
    expect(plain.stderr).toContain("nothing says in which interval the damage was done");
  }, 60_000);
});

describe("what is told", () => {
  it("summary.json and the reports have every interval with its tables", async () => {
    const { summary, folder } = await makePlan(databases, { words: words("--damage-interval", "s2..s3") });
    expect(summary.between).toMatchObject({
      snapshots: [{ label: "s1" }, { label: "s2" }, { label: "s3" }],
      damage: [{ from: "s2", to: "s3" }],
      intervals: [
        { from: "pre", to: "s1", tables: [] },
        { from: "s1", to: "s2", tables: [{ table: "public.device", insert: 3, update: 3, delete: 1 }] },
        { from: "s2", to: "s3", tables: [{ table: "public.device", insert: 0, delete: 3 }] },
        { from: "s3", to: "post" },
      ],
    });
    const { apply, already, conflict, kept, excluded, skipped, incoming } = summary.totals;
    expect(apply + already + conflict + kept + excluded + skipped).toBe(incoming);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("When rows changed");
    expect(readFileSync(join(folder, "report.md"), "utf8")).toContain("| s2 → s3 |");
  }, 60_000);

  it("explain shows the row at every snapshot, and what was merged", async () => {
    const { folder } = await makePlan(databases, { words: words("--damage-interval", "s2..s3") });
    const run = await pgmend(["explain", "device", "both", folder], { cwd: folder });
    expect(run.stdout).toMatch(/column +pre +s1 +s2 +s3 +post +current +base +incoming/);
    expect(run.stdout).toMatch(/\* pin +"a" +"a" +"b" +NULL +"d" +"d" +NULL +"b"/);
    expect(run.stdout).toContain("between s3 and post, after the damage, somebody changed pin");
    const json = await pgmend(["explain", "device", "before", folder, "--json"], { cwd: folder });
    expect(JSON.parse(json.stdout)).toMatchObject({
      planned: { pre: { pin: "a" }, post: { pin: null } },
      between: [
        { label: "s1", row: { pin: "a" } },
        { label: "s2", row: { pin: "b" } },
        { label: "s3", row: { pin: null } },
      ],
      merged: { base: { pin: null }, incoming: { pin: "b" } },
    });
  }, 60_000);
});

describe("what is refused, all at once", () => {
  it("labels that nobody gave, intervals that go backwards, databases that are there twice", async () => {
    const refused = async (...more: readonly string[]) => {
      const { pre, post, current } = databases;
      const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
      const run = await pgmend(["plan", ...more], { cwd: newFolder(), env });
      expect(run.exitCode).toBe(2);
      return run.stderr;
    };
    const wrong = await refused(
      ...words("--damage-interval", "s3..s2", "--damage-interval", "s2..s9", "--damage-interval", "s2"),
    );
    expect(wrong).toContain("s2 does not come after s3");
    expect(wrong).toContain('there is no snapshot "s9"; they are pre, s1, s2, s3, post');
    expect(wrong).toContain("expected the labels of two snapshots");
    expect(await refused("--damage-interval", "pre..post")).toContain("there is no snapshot between");
    expect(await refused("--between", `22:20=${inside[0]}`, "--between", `22:16=${inside[1]}`)).toContain(
      "22:16 does not come after 22:20",
    );
    expect(await refused("--between", databases.pre)).toContain("is the same database as --pre");
    expect(await refused("--between", "post=nonsense")).toContain("expected a URL");
    const other = await createDatabase("other");
    await query(other, "CREATE TABLE device (id text PRIMARY KEY, pin text)");
    expect(await refused("--between", other)).toContain("has public.device without note (text)");
  }, 60_000);
});
