import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import { createDatabase, databaseUrl, query } from "../../support/database.js";
import { type Databases, makePlan, type Planned, play } from "../../support/incident.js";
import { cloneWith, expectRecovery, nameOf, runners, runPatch } from "../../support/recovery.js";

let databases: Databases;
let plan: Planned;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text);
      INSERT INTO device SELECT id, 'owner ' || id FROM generate_series(1, 4) AS id`,
    post: "UPDATE device SET owner = NULL",
    current: "UPDATE device SET owner = 'new' WHERE id = 4; UPDATE device SET owner = 'owner 3' WHERE id = 3",
  });
  plan = await makePlan(databases);
});

const patch = () => join(plan.folder, "patch.sql");
const truth = "UPDATE device SET owner = 'owner ' || id WHERE id <= 3";

describe.each(runners)("the database it is made for, with %s", (_, run) => {
  it("no other one, whatever it holds", async () => {
    const clone = await createDatabase("clone", databases.current);
    const { exitCode, stderr } = await runPatch(patch(), clone, {}, run);
    expect(exitCode).toBe(3);
    const [refusal, hint] = stderr.split("\n");
    expect(refusal).toMatch(
      new RegExp(
        `^ERROR: {2}pgmend: this patch was made for database ${nameOf(databases.current)}@\\d+, and this is ${nameOf(clone)}@\\d+$`,
      ),
    );
    expect(hint).toBe(
      `HINT:  Nothing was written. To run it on a clone on purpose: psql -v pgmend_database=${nameOf(clone)}`,
    );
    expect(await compareDatabases(clone, databases.current)).toEqual([]);
  });

  it("nor one of the same name on another server", async () => {
    const clone = await createDatabase("clone", databases.current);
    const elsewhere = `${nameOf(clone)}@7000000000000000000`;
    expect(await runPatch(patch(), clone, { pgmend_database: elsewhere }, run)).toMatchObject({
      exitCode: 3,
    });
    expect(await compareDatabases(clone, databases.current)).toEqual([]);
  });

  it("but a clone on purpose", async () => {
    const clone = await createDatabase("clone", databases.current);
    const truthful = await cloneWith(clone, truth);
    expect(await runPatch(patch(), clone, { pgmend_database: nameOf(clone) }, run)).toMatchObject({
      exitCode: 0,
    });
    expect(await compareDatabases(clone, truthful)).toEqual([]);
  });

  it.each(['night "shift"', "it's \\n o'clock", "$$ :'x' %s", "é 🧯"])(
    "also when it is called %s",
    async (name) => {
      const admin = databaseUrl("postgres");
      const quoted = pg.escapeIdentifier(`${name} ${nameOf(databases.current)}`.slice(0, 50));
      await query(admin, `CREATE DATABASE ${quoted} TEMPLATE ${nameOf(databases.current)}`);
      try {
        const url = new URL(databases.current);
        url.pathname = encodeURIComponent(quoted.slice(1, -1).replaceAll('""', '"'))
          .replaceAll("%24", "$")
          .replaceAll("%3A", ":");
        const mine = await makePlan({ ...databases, current: url.href });
        const outcome = await runPatch(join(mine.folder, "patch.sql"), url.href, {}, run);
        expect(outcome).toMatchObject({ exitCode: 0 });
        expect(outcome.stderr).toContain("NOTICE:  pgmend: 2 rows written\n");
      } finally {
        await query(admin, `DROP DATABASE ${quoted} WITH (FORCE)`);
      }
    },
  );
});

it("writes, does nothing the second time, and is taken back", async () => {
  const { stdout, stderr } = await expectRecovery(databases, plan, { truth });
  expect(stderr).toBe("NOTICE:  pgmend: 2 rows written\n");
  expect(stdout.split("\n").map((line) => line.split("|").map((cell) => cell.trim()))).toEqual([
    ["step", "table", "operation", "planned", "written"],
    ["1", "public.device", "update", "2", "2"],
  ]);
});

it("says at its head what it is", () => {
  const head = readFileSync(patch(), "utf8").split("\n\n")[0];
  const { planId, createdAt, connections } = plan.summary;
  const { server, version, snapshotAt } = connections.current;
  for (const line of [
    "-- pgmend patch: takes back what the incident did",
    `-- plan ${planId}, made ${createdAt} by pgmend 0.1.0, mode undo`,
    `--   current: ${nameOf(databases.current)} on ${server}, PostgreSQL ${version}, as of ${snapshotAt}`,
    "-- It writes:\n--   public.device: 2 updates",
    "-- It leaves out:\n--   public.device: 1 in conflict (update/update), 1 already as wanted",
  ]) {
    expect(head).toContain(line);
  }
});

it("leaves nothing behind where PostgreSQL itself refuses a row", async () => {
  const patient = await cloneWith(
    databases.current,
    "ALTER TABLE device ADD CHECK (owner <> 'owner 2') NOT VALID; CREATE TABLE other (id integer)",
  );
  const before = await createDatabase("before", patient);
  const { exitCode, stderr } = await runPatch(patch(), patient, { pgmend_database: nameOf(patient) });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^ERROR: {2}new row for relation "device" violates check constraint/);
  expect(await compareDatabases(patient, before)).toEqual([]);
});

it("needs no more than to read and write the rows", async () => {
  const patient = await cloneWith(databases.current, "REVOKE ALL ON SCHEMA public FROM PUBLIC");
  const truthful = await cloneWith(patient, truth);
  const role = `mender_${process.pid}`;
  await query(databaseUrl("postgres"), `CREATE ROLE ${role} LOGIN PASSWORD 'mends'`);
  try {
    await query(
      patient,
      `GRANT USAGE ON SCHEMA public TO ${role}; GRANT SELECT, UPDATE ON device TO ${role}`,
    );
    const url = Object.assign(new URL(patient), { username: role, password: "mends" }).href;
    expect(await runPatch(patch(), url, { pgmend_database: nameOf(patient) })).toMatchObject({ exitCode: 0 });
    expect(await compareDatabases(patient, truthful)).toEqual([]);
  } finally {
    await query(patient, `DROP OWNED BY ${role}`);
    await query(databaseUrl("postgres"), `DROP ROLE ${role}`);
  }
});

describe("invariants", () => {
  const invariants = `
invariants:
  - name: every device has an owner, "really"
    sql: |
      SELECT id, id FROM public.device -- and that's that
      WHERE owner IS NULL;
  - name: owners are told apart
    sql: SELECT owner FROM public.device GROUP BY owner HAVING count(*) > 1 -- $pgmend$
`;

  it("that hold let it pass, and do not bind the rollback, which brings back what broke them", async () => {
    const kept = await makePlan(databases, { config: invariants });
    await expectRecovery(databases, kept, { truth });
  });

  it("that do not hold take all of it back, and are named", async () => {
    const strict = await makePlan(databases, { config: invariants });
    const patient = await cloneWith(databases.current, "INSERT INTO device VALUES (5, 'new')");
    const before = await createDatabase("before", patient);
    const variables = { pgmend_database: nameOf(patient) };
    const outcome = await runPatch(join(strict.folder, "patch.sql"), patient, variables);
    expect(outcome.exitCode).toBe(3);
    expect(outcome.stderr).toContain(
      "ERROR:  pgmend: invariant owners are told apart does not hold after the patch; nothing was written\n",
    );
    expect(await compareDatabases(patient, before)).toEqual([]);
  });
});

it("large, it is as exact", { timeout: 60_000 }, async () => {
  const large = await play({
    pre: `CREATE TABLE reading (at timestamptz, sensor integer, value numeric, PRIMARY KEY (sensor, at));
      INSERT INTO reading SELECT '2019-09-23 22:00+00'::timestamptz + n * interval '1 s', n % 7, n / 3.0 FROM generate_series(1, 6000) AS n`,
    post: "UPDATE reading SET value = NULL WHERE sensor < 5; DELETE FROM reading WHERE sensor = 5",
    current: "UPDATE reading SET value = -1 WHERE sensor = 1 AND at < '2019-09-23 22:10+00'",
  });
  const made = await makePlan(large);
  expect(made.summary.totals.apply).toBeGreaterThan(5000);
  expect(readFileSync(join(made.folder, "patch.sql"), "utf8")).not.toContain("-- sensor=");
  const value = "(extract(epoch FROM at - '2019-09-23 22:00+00')::int / 3.0)";
  await expectRecovery(large, made, {
    batchRows: 1000,
    truth: `UPDATE reading SET value = ${value} WHERE value IS NULL;
      INSERT INTO reading SELECT at, 5, ${value} FROM (SELECT '2019-09-23 22:00+00'::timestamptz + n * interval '1 s'
        FROM generate_series(1, 6000) AS n WHERE n % 7 = 5) AS lost (at)`,
  });
});
