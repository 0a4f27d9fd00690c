import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import pg from "pg";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ApplyResult } from "../../src/index.js";
import { query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, type Planned, play } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";
import { cloneWith, nameOf } from "../support/recovery.js";

let databases: Databases;
let plan: Planned;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text);
      CREATE TABLE written (id bigint GENERATED ALWAYS AS IDENTITY, device integer);
      CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO public.written (device) VALUES (NEW.id); RETURN NULL; END';
      INSERT INTO device SELECT n, 'ann' FROM generate_series(1, 300) AS n`,
    post: "UPDATE device SET owner = NULL",
    current: "CREATE TRIGGER count_it AFTER UPDATE ON device FOR EACH ROW EXECUTE FUNCTION count_it()",
  });
  plan = await makePlan(databases, { words: ["--exclude-tables", "written"] });
});

const clone = () => cloneWith(databases.current, "SELECT 1");

const openSockets: Socket[] = [];
const proxies: Server[] = [];
afterEach(() => {
  for (const socket of openSockets.splice(0)) socket.destroy();
  for (const proxy of proxies.splice(0)) proxy.close();
});

interface Meanwhile {
  readonly words?: readonly string[];
  /** Called with whatever is said. */
  readonly onTalk?: (text: string) => void;
  readonly signal?: AbortSignal;
}

function apply(url: string, { words = [], onTalk, signal }: Meanwhile = {}): Promise<Run> {
  const always = ["apply", plan.folder, "--yes", "--json", "--allow-other-database", "--batch-rows", "50"];
  return pgmend([...always, "--current", url, ...words], {
    cwd: newFolder(),
    ...(onTalk === undefined ? {} : { onTalk }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** All is written, each row once. */
async function expectDone(url: string): Promise<void> {
  expect(await query(url, "SELECT count(*) FROM device WHERE owner = 'ann'")).toEqual([{ count: "300" }]);
  expect(await query(url, "SELECT count(*), count(DISTINCT device) AS devices FROM written")).toEqual([
    { count: "300", devices: "300" },
  ]);
}

/** Somebody holds a row of the third batch until apply has met them; then this happens, and they let go. */
async function whileBlocked(
  url: string,
  happens: () => Promise<unknown>,
  words: readonly string[] = [],
): Promise<Run> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  await client.query("BEGIN; SELECT FROM device WHERE id = 150 FOR UPDATE");
  let met: (() => void) | undefined;
  const meeting = new Promise<void>((resolve) => {
    met = resolve;
  });
  const running = apply(url, {
    words,
    onTalk: (text) => (text.includes("in the way of others") ? met?.() : undefined),
  });
  await Promise.race([meeting, running]);
  try {
    await happens();
  } finally {
    await client.end().catch(() => undefined);
    await running;
  }
  return running;
}

describe("others in the way", () => {
  it("are given way to, and it goes on when they are done", async () => {
    const url = await clone();
    const run = await whileBlocked(url, async () => {
      const [row] = await query(url, "SELECT count(*) FROM device WHERE owner = 'ann'");
      expect(Number(row?.["count"])).toBeGreaterThanOrEqual(100);
      await query(url, "SET lock_timeout = '5s'; UPDATE device SET owner = 'bob' WHERE id = 151");
    }, ["--on-drift", "skip"]);
    expect(run.exitCode).toBe(4);
    expect((JSON.parse(run.stdout) as ApplyResult).rows).toEqual([
      {
        table: "public.device",
        key: { id: "151" },
        state: "moved",
        finding: "owner is 'bob', expected NULL",
      },
    ]);
    expect(await query(url, "SELECT id FROM device WHERE owner IS DISTINCT FROM 'ann'")).toEqual([
      { id: "151" },
    ]);
  });

  it("a session that is cancelled or ended goes on with another", async () => {
    const url = await clone();
    const end = (how: string) =>
      query(
        url,
        `SELECT pg_${how}_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgmend apply' AND datname = current_database()`,
      );
    const run = await whileBlocked(url, async () => {
      await end("cancel");
      await end("terminate");
    });
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    await expectDone(url);
  });
});

describe("a server that", () => {
  it("turns read-only ends it in a sentence, and the same command finishes it", async () => {
    const url = await clone();
    const set = (how: string) => query(databases.pre, `ALTER DATABASE ${nameOf(url)} ${how}`);
    const run = await whileBlocked(url, async () => {
      await set("SET default_transaction_read_only = on");
      await query(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgmend apply' AND datname = current_database()",
      );
    }, ["--reconnect-for", "1s"]);
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("this database is set read-only"),
    });
    expect(run.stderr).toContain("run the same command again");
    await set("RESET default_transaction_read_only");
    expect(await apply(url)).toMatchObject({ exitCode: 0 });
    await expectDone(url);
  });

  it("has no connection left, too", async () => {
    const url = await clone();
    const role = `few_${nameOf(url)}`;
    await query(
      url,
      `CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${role}`,
    );
    const asFew = Object.assign(new URL(url), { username: role, password: "x" }).href;
    const run = await (async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query("BEGIN; SELECT FROM device WHERE id = 150 FOR UPDATE");
      const running = apply(asFew, {
        words: ["--reconnect-for", "1s"],
        onTalk: (text) => {
          if (text.includes("in the way"))
            void query(
              url,
              `ALTER ROLE ${role} CONNECTION LIMIT 0; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`,
            );
        },
      });
      const result = await running;
      await client.end();
      return result;
    })();
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("the connection was lost, and"),
    });
    await query(url, `ALTER ROLE ${role} CONNECTION LIMIT -1`);
    expect(await apply(asFew)).toMatchObject({ exitCode: 0 });
    await expectDone(url);
    await query(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  /** With a disk that is really full: test/cli/own-servers.test.ts, where one may be mounted. */
  it.each([
    ["53100", "the server's disk is full", "make room there"],
    ["53200", "the server is out of memory", "fewer rows a batch"],
    ["53400", "no more of it", "run the same command again"],
  ])(
    "reports %s in the middle ends it in a sentence, and the same command finishes it",
    async (state, words, hint) => {
      const url = await cloneWith(
        databases.current,
        `CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN IF NEW.id = 3 THEN RAISE EXCEPTION ''no more of it'' USING ERRCODE = ''${state}''; END IF; RETURN NEW; END';
       CREATE TRIGGER no_room BEFORE UPDATE ON device FOR EACH ROW EXECUTE FUNCTION no_room()`,
      );
      const run = await apply(url, { words: ["--batch-rows", "1"] });
      expect(run).toMatchObject({
        exitCode: 1,
        stdout: "",
        stderr: expect.stringContaining(`current: ${words}`),
      });
      expect(run.stderr).toContain(hint);
      expect(await query(url, "SELECT device FROM written")).toEqual([{ device: "1" }, { device: "2" }]);
      await query(url, "DROP TRIGGER no_room ON device");
      expect(await apply(url)).toMatchObject({ exitCode: 0 });
      await expectDone(url);
    },
  );

  it("refuses a row by a trigger of the application names the row", async () => {
    const url = await cloneWith(
      databases.current,
      `CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN IF NEW.id = 77 THEN RAISE EXCEPTION ''device 77 is sealed''; END IF; RETURN NEW; END';
       CREATE TRIGGER guard BEFORE UPDATE ON device FOR EACH ROW EXECUTE FUNCTION guard()`,
    );
    const run = await apply(url, { words: ["--on-drift", "skip"] });
    expect(run.exitCode).toBe(4);
    expect((JSON.parse(run.stdout) as ApplyResult).rows).toEqual([
      {
        table: "public.device",
        key: { id: "77" },
        state: "moved",
        finding: "the server refuses it: device 77 is sealed",
      },
    ]);
  });
});

/** The answer to the third `COMMIT` never comes back; nor, if so asked, does the server that would give it. */
async function losingCommit(url: string, then: "goes on" | "is gone"): Promise<string> {
  const target = new URL(url);
  const [port, host] = [Number(target.port), target.hostname];
  let commits = 0;
  const proxy = createServer((client) => {
    const server = connect(port, host);
    openSockets.push(client, server);
    let isDeaf = false;
    client.on("data", (data) => {
      if (data.includes("COMMIT\0")) {
        commits += 1;
        isDeaf = commits === 3;
      }
      server.write(data);
    });
    server.on("data", (data) => {
      if (!isDeaf) return client.write(data);
      // The server has done it; nobody hears of it.
      if (then === "is gone") proxy.close();
      client.destroy();
    });
    for (const socket of [client, server]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        client.destroy();
        server.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  proxies.push(proxy);
  target.port = String((proxy.address() as AddressInfo).port);
  return target.href;
}

describe("an answer to COMMIT that is lost", () => {
  it("is found out from the server, and nothing is written twice", async () => {
    const url = await clone();
    const run = await apply(await losingCommit(url, "goes on"));
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(run.stdout)).toMatchObject({ written: 300, already: 0 });
    await expectDone(url);
  });

  it("by a program that is gone then, is found out by the next one", async () => {
    const url = await clone();
    const interrupted = new AbortController();
    const run = await apply(await losingCommit(url, "is gone"), {
      words: ["--batch-rows", "1"],
      signal: interrupted.signal,
      onTalk: (text) =>
        text.includes("the connection is lost; trying again") ? interrupted.abort() : undefined,
    });
    expect(run, run.stderr).toMatchObject({ exitCode: 130 });
    expect(await query(url, "SELECT device FROM written ORDER BY id")).toEqual(
      [1, 2, 3].map((n) => ({ device: String(n) })),
    );
    const again = await apply(url);
    expect(again).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(again.stdout)).toMatchObject({ written: 297, already: 0 });
    await expectDone(url);
    // What was committed unheard counts as ours, and is taken back.
    expect(await apply(url, { words: ["--rollback"] })).toMatchObject({ exitCode: 0 });
    expect(await query(url, "SELECT count(*) FROM device WHERE owner IS NOT NULL")).toEqual([{ count: "0" }]);
  });
});
