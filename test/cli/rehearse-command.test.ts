import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import type { RehearseResult } from "../../src/index.js";
import { query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned, play } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";
import { cloneWith } from "../support/recovery.js";

let databases: Databases;
let plan: Planned;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE account (id integer PRIMARY KEY, email text UNIQUE);
      CREATE TABLE device (id serial PRIMARY KEY, account integer NOT NULL REFERENCES account, owner text CHECK (owner <> 'nobody'));
      CREATE TABLE log (id bigint GENERATED ALWAYS AS IDENTITY, device integer, what text);
      CREATE FUNCTION note_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO public.log (device, what) VALUES (coalesce(NEW.id, OLD.id), TG_OP); RETURN NULL; END $$;
      CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON device FOR EACH ROW EXECUTE FUNCTION note_it();
      INSERT INTO account SELECT n, n || '@example.org' FROM generate_series(1, 5) AS n;
      INSERT INTO device (account, owner) SELECT 1 + n % 5, 'ann' FROM generate_series(1, 12) AS n; TRUNCATE log`,
    post: "UPDATE device SET owner = NULL WHERE id > 2; DELETE FROM device WHERE account = 1; DELETE FROM account WHERE id = 1",
  });
  plan = await makePlan(databases, {
    words: ["--exclude-tables", "log"],
    config:
      "invariants: [{ name: devices have owners, sql: 'SELECT id FROM public.device WHERE owner IS NULL;' }]",
  });
});

function rehearse(words: readonly string[]): Promise<Run> {
  return pgmend(["rehearse", plan.folder, ...words], { cwd: newFolder() });
}

const told = ({ stdout }: Run) => JSON.parse(stdout) as RehearseResult;

describe("rehearse", () => {
  it("runs all of it, tells what happened, and leaves nothing behind", async () => {
    const copy = await cloneWith(databases.current, "SELECT 1");
    const run = await rehearse(["--current", databases.current, "--json"]);
    expect(run).toMatchObject({ exitCode: 0 });
    const result = told(run);
    expect(result).toMatchObject({ written: 11, already: 0, moved: 0, waits: 0, rows: [] });
    expect(result.tables.map(({ table, operation, rows }) => [table, operation, rows])).toEqual([
      ["public.account", "insert", 1],
      ["public.device", "insert", 2],
      ["public.device", "update", 8],
    ]);
    expect(result.triggers.map(({ table, trigger, calls }) => [table, trigger, calls])).toContainEqual([
      "device",
      "noted",
      10,
    ]);
    expect(result.others).toEqual([{ table: "public.log", insert: 10, update: 0, delete: 0 }]);
    expect(result.locks.map(({ table, mode }) => `${table} ${mode}`)).toContain(
      "public.device RowExclusiveLock",
    );
    const [before, after] = [result.invariants.before, result.invariants.after];
    expect(before).toMatchObject([{ name: "devices have owners", holds: false, rows: 8 }]);
    expect(after).toEqual([{ name: "devices have owners", holds: true, rows: 0, examples: [] }]);
    expect(await compareDatabases(databases.current, copy)).toEqual([]);
  });

  it("says it in words", async () => {
    const { stdout } = await rehearse(["--on", databases.current]);
    expect(stdout).toContain("11 rows would be written, in ");
    expect(stdout).toContain("All of it was rolled back.");
    expect(stdout).toContain("  device: noted, 10 times\n");
    expect(stdout).toContain("NOT part of the plan:\n  public.log: 10 insert\n");
    expect(stdout).toContain("Invariants after:\n  invariant holds: devices have owners\n");
  });

  it("on a clone: every row that would not be written, and why", async () => {
    const url = await cloneWith(
      databases.current,
      `INSERT INTO account VALUES (9, '1@example.org'); UPDATE device SET owner = 'bob' WHERE id = 3;
       ALTER TABLE device DROP CONSTRAINT device_owner_check; ALTER TABLE device ADD CHECK (id <> 4 OR owner IS NULL)`,
    );
    const run = await rehearse(["--on", url, "--json"]);
    expect(run.exitCode).toBe(4);
    expect(told(run)).toMatchObject({ written: 6, moved: 3, waits: 2 });
    const left = told(run).rows.map(({ table, key, ...row }) => [`${table} ${key["id"]}`, row] as const);
    const waits = { state: "waits", finding: 'needs public.account {"id":"1"}, which is not written' };
    expect(Object.fromEntries(left)).toEqual({
      "public.account 1": {
        state: "moved",
        finding: expect.stringContaining("(Key (email)=(1@example.org) already exists.)"),
      },
      "public.device 3": { state: "moved", finding: "owner is 'bob', expected NULL" },
      "public.device 4": { state: "moved", finding: expect.stringContaining("violates check constraint") },
      "public.device 5": waits,
      "public.device 10": waits,
    });
  });

  it("an invariant that would not hold fails it", async () => {
    const url = await cloneWith(databases.current, "INSERT INTO device VALUES (99, 2, NULL)");
    const run = await rehearse(["--on", url]);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('INVARIANT DOES NOT HOLD: devices have owners: 1 row\n    {"id":99}');
    expect(await query(url, "SELECT count(*) FROM device WHERE owner = 'ann'")).toEqual([{ count: "2" }]);
  });
});
