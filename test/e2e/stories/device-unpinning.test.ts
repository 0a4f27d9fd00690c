import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import { deviceUnpinning } from "../../../sample-data/device-unpinning/story.js";
import type { ExpectedConflict, PlayedStory } from "../../../sample-data/story.js";
import { createDatabase, databaseUrl, query } from "../../support/database.js";

/**
 * The story is consistent: its truth can be reached from its three snapshots by its rules. Shown without pgmend, by
 * asking PostgreSQL the rules as they stand in the config and merging devices here, by hand, as plainly as possible.
 */
const LIMIT = 60_000;
const SCALE = 0.5;

type Device = Record<string, string | null>;
type Devices = ReadonlyMap<string, Device>;
interface Rule {
  readonly match: { readonly tables: string[]; readonly columns: string[]; readonly where: string };
  readonly is: string;
}

let played: PlayedStory;
/** A copy of post with the devices of pre and current beside its own. */
let evidence: string;
const told: string[] = [];

beforeAll(async () => {
  played = await play("", 7, (text) => told.push(text));
  evidence = await gatherEvidence();
}, LIMIT);

describe("device unpinning", () => {
  it("is the same story when told twice", { timeout: LIMIT }, async () => {
    const again = await play("again_", 7);
    for (const role of ["pre", "post", "current", "truth"] as const) {
      expect(await compareDatabases(played[role], again[role], { sequences: true })).toEqual([]);
    }
    expect(again.facts).toEqual(played.facts);
    expect(again.conflicts).toEqual(played.conflicts);
  });

  it("is another story with another seed", { timeout: LIMIT }, async () => {
    const other = await play("other_", 8);
    expect(await compareDatabases(played.pre, other.pre, { limit: 1 })).toHaveLength(1);
  });

  it("tells its turning points in order", () => {
    const times = told.map((text) => text.slice(0, 5));
    expect(times).toEqual(["22:12", "22:14", "22:16", "22:18", "22:20", "22:40", "00:42"]);
  });

  it("leaves current wrong in lost pins and moved dates, and nowhere else", async () => {
    const wrong = await compareDatabases(played.current, played.truth, { limit: 1e6, sequences: true });
    const pre = await readDevices(played.pre);
    const pins = wrong.filter(({ column }) => column === "is_pinned_on__release");
    const dates = wrong.filter(({ column }) => column === "modified_at");
    expect(pins).toHaveLength(played.facts["pinsToRestore"] ?? Number.NaN);
    expect(dates).toHaveLength(played.facts["datesToRestore"] ?? Number.NaN);
    expect(wrong.filter(({ table }) => table !== "public.device")).toEqual([]);
    expect(wrong).toHaveLength(pins.length + dates.length);
    expect(pins.filter(({ left }) => left !== null)).toEqual([]);
    expect(wrong.filter(({ key, column, right }) => right !== pre.get(key["id"] ?? "")?.[column])).toEqual(
      [],
    );
  });

  it("counts right", async () => {
    expect(played.facts).toMatchObject(await countByHand());
  });

  it("can be mended with its rules, to the last cell", async () => {
    const { recovered, written, already, conflicts } = await recover(deviceUnpinning.config);
    expect(recovered).toEqual(await readDevices(played.truth));
    expect(conflicts).toEqual(played.conflicts.toSorted(byKey));
    expect(written).toBe(played.facts["rowsToRestore"]);
    expect(already).toBe(played.facts["repinnedSame"]);
  });

  it("breaks no invariant of its config", async () => {
    const { invariants } = parse(deviceUnpinning.config) as { invariants: { sql: string }[] };
    for (const role of ["pre", "current", "truth"] as const) {
      for (const { sql } of invariants) expect(await ask(played[role], sql)).toEqual([]);
    }
  });

  it.each([
    ["people's unpins", "audit_entry.action = 'unpin'", "audit_entry.action = 'none'"],
    ["unpins of weeks ago", "AND audit_entry.created_at >= '2019-09-23 22:16:00+00'", ""],
    ["edits after the rollback", "AND post.modified_at < '2019-09-23 22:18:00+00'", ""],
  ])("needs its rules to tell apart %s", async (_, clause, replacement) => {
    const careless = deviceUnpinning.config.replace(clause, replacement);
    expect(careless).not.toBe(deviceUnpinning.config);
    expect((await recover(careless)).recovered).not.toEqual(await readDevices(played.truth));
  });
});

function play(prefix: string, seed: number, onStep = (_: string) => {}): Promise<PlayedStory> {
  const url = (database: string) => databaseUrl(database === "postgres" ? database : `${prefix}${database}`);
  return deviceUnpinning.play({ url, scale: SCALE, seed, onStep });
}

/** As pgmend will ask: a config must not lean on a search path. */
function ask(url: string, sql: string): Promise<Device[]> {
  return query(url, `SET TimeZone = UTC; SET search_path = ''; ${sql}`);
}

async function readDevices(url: string): Promise<Devices> {
  const rows = await ask(url, "SELECT * FROM public.device ORDER BY id");
  return new Map(rows.map((row) => [row["id"] ?? "", row]));
}

async function gatherEvidence(): Promise<string> {
  const url = await createDatabase("evidence", played.post);
  await query(url, "CREATE SCHEMA seen");
  for (const role of ["pre", "current"] as const) {
    const [devices] = await query(played[role], "SELECT jsonb_agg(device) AS list FROM public.device");
    await query(url, `CREATE TABLE seen.${role} (LIKE public.device)`);
    await query(
      url,
      `INSERT INTO seen.${role} SELECT * FROM jsonb_populate_recordset(NULL::seen.${role}, $1)`,
      [devices?.["list"]],
    );
  }
  return url;
}

async function countByHand(): Promise<Record<string, number>> {
  const damaged = `pre.is_pinned_on__release IS NOT NULL AND post.id IS NOT NULL
    AND post.is_pinned_on__release IS NULL AND NOT EXISTS (SELECT FROM public.audit_entry
      WHERE device = post.id AND action = 'unpin' AND created_at > '2019-09-23 22:12+00')`;
  const [counts = {}] = await ask(
    evidence,
    `SELECT count(pre.id) AS "devices", count(pre.is_pinned_on__release) AS "pinnedBefore",
      count(*) FILTER (WHERE damaged) AS "devicesDamaged",
      count(*) FILTER (WHERE pre.id IS NULL AND post.id IS NOT NULL) AS "addedInWindow",
      count(*) FILTER (WHERE pre.id IS NOT NULL AND post.id IS NULL) AS "deletedInWindow",
      count(*) FILTER (WHERE pre.device_name <> post.device_name) AS "renamesInWindow",
      count(*) FILTER (WHERE damaged AND post.modified_at > '2019-09-23 22:18+00') AS "damagedTouchedInWindow",
      count(*) FILTER (WHERE damaged AND current.is_pinned_on__release <> pre.is_pinned_on__release) AS "repinnedOther",
      count(*) FILTER (WHERE damaged AND current.is_pinned_on__release = pre.is_pinned_on__release) AS "repinnedSame",
      count(*) FILTER (WHERE damaged AND current.id IS NULL) AS "deletedSince",
      count(*) FILTER (WHERE damaged AND current.is_pinned_on__release IS NULL
        AND current.modified_at <> post.modified_at) AS "touchedSince",
      count(*) FILTER (WHERE post.id IS NULL AND pre.id IS NULL) AS "addedSince",
      count(*) FILTER (WHERE damaged AND current.id IS NOT NULL
        AND current.is_pinned_on__release IS NULL) AS "pinsToRestore",
      (SELECT count(*) FROM public.audit_entry WHERE action = 'pin' AND created_at > '2019-09-23 22:12+00')
        AS "pinsInWindow",
      (SELECT count(*) FROM public.audit_entry WHERE action = 'unpin' AND created_at > '2019-09-23 22:12+00')
        AS "unpinsInWindow"
    FROM seen.pre FULL JOIN public.device AS post ON post.id = pre.id
      FULL JOIN seen.current ON current.id = coalesce(pre.id, post.id)
      CROSS JOIN LATERAL (SELECT ${damaged}) AS verdict (damaged)`,
  );
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(count)]));
}

/** The damage taken back from a copy of current in memory, the rows in conflict left alone. */
async function recover(config: string) {
  const rules = await judge(config);
  const [pre, post, recovered] = await Promise.all([
    readDevices(played.pre),
    readDevices(played.post),
    readDevices(played.current),
  ]);
  const conflicts: ExpectedConflict[] = [];
  const outcomes: Outcome[] = [];
  for (const [id, before] of pre) {
    const columns = rules.find(({ ids }) => ids.has(id))?.columns ?? [];
    const outcome = mergeDevice(columns, before, post.get(id), recovered.get(id));
    outcomes.push(outcome);
    if (outcome.kind === "conflict") {
      conflicts.push({
        table: "public.device",
        key: { id },
        kind: outcome.conflict,
        columns: outcome.columns,
      });
    }
    if (outcome.kind === "write") Object.assign(recovered.get(id) ?? {}, outcome.cells);
  }
  const count = (kind: Outcome["kind"]) => outcomes.filter((outcome) => outcome.kind === kind).length;
  return {
    recovered,
    conflicts: conflicts.toSorted(byKey),
    written: count("write"),
    already: count("already"),
  };
}

type Outcome =
  | { kind: "untouched" | "already" }
  | { kind: "write"; cells: Device }
  | { kind: "conflict"; conflict: string; columns: string[] };

/** In a touch column (modified_at) what current says stays, and is no conflict. */
function mergeDevice(columns: readonly string[], before: Device, after?: Device, now?: Device): Outcome {
  const damaged = columns.filter((column) => after && before[column] !== after[column]);
  if (!after || damaged.length === 0) return { kind: "untouched" };
  if (!now) return { kind: "conflict", conflict: "delete/update", columns: [] };
  const changedSince = damaged.filter((column) => now[column] !== after[column] && column !== "modified_at");
  const clash = changedSince.filter((column) => now[column] !== before[column]);
  const free = damaged.filter((column) => now[column] === after[column]);
  if (clash.length > 0) return { kind: "conflict", conflict: "update/update", columns: clash };
  if (free.length === 0) return { kind: changedSince.length > 0 ? "already" : "untouched" };
  return { kind: "write", cells: Object.fromEntries(free.map((column) => [column, before[column] ?? null])) };
}

/** Which devices each rule about devices speaks of, in the order of the rules. */
async function judge(config: string): Promise<{ columns: readonly string[]; ids: ReadonlySet<string> }[]> {
  const { rules } = parse(config) as { rules: Rule[] };
  const damage = rules.filter(({ is }) => is === "damage");
  return Promise.all(
    damage.map(async ({ match }) => {
      const matched = await ask(
        evidence,
        `SELECT post.id FROM seen.pre JOIN public.device AS post ON post.id = pre.id
          LEFT JOIN seen.current ON current.id = post.id WHERE ${match.where}`,
      );
      return { columns: match.columns, ids: new Set(matched.map(({ id }) => id ?? "")) };
    }),
  );
}

function byKey(left: ExpectedConflict, right: ExpectedConflict): number {
  return Number(left.key["id"]) - Number(right.key["id"]);
}
