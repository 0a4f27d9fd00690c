import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Server, startServer } from "../../../sample-data/server/start-server.js";
import { query } from "../../support/database.js";
import type { Databases } from "../../support/incident.js";
import { planBy } from "../../support/methods.js";

/** One cluster, copied while it was stopped, and followed by standbys that were promoted: all hand out the same numbers. */
const servers: Server[] = [];
let origin: Server;
let copy: Server;
let [east, west]: Server[] = [];
let standby: Server;

const settings = { track_commit_timestamp: "on", autovacuum: "off", wal_keep_size: "256MB" };
const device = `CREATE TABLE device (id integer PRIMARY KEY, name text NOT NULL, state integer);
  CREATE INDEX by_name ON device (name); CREATE INDEX by_state ON device (state);
  INSERT INTO device SELECT n, md5(n::text), n % 7 FROM generate_series(1, 600) AS n`;
const databases = ["written", "moved", "widened", "alike", "quiet"];

async function start(options: Parameters<typeof startServer>[0]): Promise<Server> {
  const server = await startServer(options);
  servers.push(server);
  return server;
}

async function run(server: Server, database: string, statements: string): Promise<void> {
  for (const statement of statements.split(";")) await query(server.url(database), statement);
}

beforeAll(async () => {
  origin = await start({ settings });
  for (const name of databases) {
    await query(origin.url("postgres"), `CREATE DATABASE ${name}`);
    await run(origin, name, device);
    for (let at = 0; at < 8; at += 1)
      await run(origin, name, `UPDATE device SET state = ${at} WHERE id = ${at}`);
  }
  await origin.restart(async () => {
    copy = await start({ copyOf: origin, settings });
  });
  east = await start({ standbyOf: origin, settings });
  west = await start({ standbyOf: origin, settings });
  standby = await start({ standbyOf: origin, settings });
  for (const server of [east, west]) await query(server.url("postgres"), "SELECT pg_promote()");
}, 240_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
}, 240_000);

/** `pre` and `post` of one name on two servers; current is a copy of post, on that server. */
async function apart(pre: Server, post: Server, name: string): Promise<Databases> {
  const current = `${name}_current`;
  // On both, so that both go on handing out the same numbers.
  for (const server of [pre, post]) {
    if (server === standby) continue;
    await query(server.url("postgres"), `DROP DATABASE IF EXISTS ${current}`);
    await query(server.url("postgres"), `CREATE DATABASE ${current} TEMPLATE ${name}`);
  }
  return { pre: pre.url(name), post: post.url(name), current: post.url(current), mode: "undo" };
}

async function compareWays(of: Databases) {
  const lineage = await planBy("lineage", of);
  const stream = await planBy("stream", of);
  expect(lineage.texts).toEqual(stream.texts);
  const changes = (stream.texts["changes.jsonl"]?.split("\n").length ?? 0) - 1;
  return { method: lineage.methods["public.device"], changes };
}

/** Makes the danger real: what is asked gives the same on both servers. */
async function expectAlike(one: Server, other: Server, name: string, sql: string): Promise<void> {
  expect(await query(one.url(name), sql)).toEqual(await query(other.url(name), sql));
}

const pairs = () =>
  [
    ["a copy of its data", origin, copy],
    ["another promoted standby", east as Server, west as Server],
  ] as const;

describe.each([0, 1])("pair %i: the same numbers were handed out twice", (at) => {
  const pair = () => pairs()[at] as ReturnType<typeof pairs>[number];

  it("rows written since by transactions of one number are read", async () => {
    const [, pre, post] = pair();
    await run(
      pre,
      "written",
      "UPDATE device SET name = 'one' WHERE id = 77; INSERT INTO device VALUES (601, 'a', 1)",
    );
    await run(
      post,
      "written",
      "UPDATE device SET name = 'two' WHERE id = 77; INSERT INTO device VALUES (601, 'b', 1)",
    );
    await expectAlike(
      pre,
      post,
      "written",
      "SELECT ctid, xmin FROM device WHERE id IN (77, 601) ORDER BY id",
    );
    const { method, changes } = await compareWays(await apart(pre, post, "written"));
    expect({ method, changes }).toEqual({ method: "lineage", changes: 2 });
  });

  it("tables rewritten since, into files of one number, are compared by value", async () => {
    const [, pre, post] = pair();
    await run(pre, "moved", "CLUSTER device USING by_name");
    await run(post, "moved", "CLUSTER device USING by_state");
    await run(pre, "moved", "UPDATE device SET name = name WHERE id = 600");
    await run(post, "moved", "UPDATE device SET state = NULL WHERE id < 20");
    await expectAlike(
      pre,
      post,
      "moved",
      "SELECT relfilenode, xmin FROM pg_class WHERE relname IN ('device', 'by_name') ORDER BY relname",
    );
    const { method, changes } = await compareWays(await apart(pre, post, "moved"));
    expect(method).not.toBe("lineage");
    expect(changes).toBe(19);
  });

  it("columns added since, each with a default of its own, are compared by value", async () => {
    const [, pre, post] = pair();
    await run(pre, "widened", "ALTER TABLE device ADD kind text DEFAULT 'old'");
    await run(post, "widened", "ALTER TABLE device ADD kind text DEFAULT 'new'");
    await expectAlike(
      pre,
      post,
      "widened",
      "SELECT relfilenode, xmin FROM pg_class WHERE relname = 'device'",
    );
    const { method, changes } = await compareWays(await apart(pre, post, "widened"));
    expect(method).not.toBe("lineage");
    expect(changes).toBe(600);
  });

  it("what nobody touched since is of one version", async () => {
    const [, pre, post] = pair();
    await run(post, "alike", "VACUUM FREEZE device; UPDATE device SET state = NULL WHERE id < 20");
    const { method, changes } = await compareWays(await apart(pre, post, "alike"));
    expect({ method, changes }).toEqual({ method: "lineage", changes: 19 });
  });
});

it("a standby and its primary share all that the standby has", async () => {
  await run(origin, "quiet", "UPDATE device SET state = NULL WHERE id < 20");
  const { method, changes } = await compareWays(await apart(standby, origin, "quiet"));
  expect(method).toBe("lineage");
  expect([0, 19]).toContain(changes);
});

it("a file that somebody exchanged contradicts the proof: nothing is told by versions any more", async () => {
  await query(origin.url("postgres"), "CREATE DATABASE files");
  const twin = device
    .replaceAll("device", "twin")
    .replaceAll("by_", "twin_")
    .replace("md5(n::text)", "'x' || md5(n::text)");
  await query(origin.url("files"), `${device}; ${twin}`);
  const where = async (table: string) =>
    (await query(origin.url("files_post"), `SELECT pg_relation_filepath('${table}') AS path`))[0]?.["path"] ??
    "";
  await query(origin.url("postgres"), "CREATE DATABASE files_post TEMPLATE files");
  const [from, to] = [await where("twin"), await where("device")];
  await origin.restart(async () => {
    writeFileSync(join(origin.dataDirectory, to), readFileSync(join(origin.dataDirectory, from)));
  });
  await query(origin.url("postgres"), "CREATE DATABASE files_current TEMPLATE files_post");
  const [pre, post, current] = ["files", "files_post", "files_current"].map((name) => origin.url(name));
  const told = await planBy("lineage", { pre, post, current, mode: "undo" } as Databases);
  expect(told.methods["public.device"]).not.toBe("lineage");
  expect(told.warnings.join()).toContain("public.device: a row ((");
  expect(told.texts["changes.jsonl"]?.split("\n").length).toBe(601);
});

it("without commit times on both, nothing is proven: all is compared by value", async () => {
  const dumb = await start({ standbyOf: origin, settings: { ...settings, track_commit_timestamp: "off" } });
  await query(dumb.url("postgres"), "SELECT pg_promote()");
  const { method } = await compareWays(await apart(origin, dumb, "alike"));
  expect(method).not.toBe("lineage");
}, 60_000);
