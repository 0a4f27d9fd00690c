import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { query } from "../support/database.js";
import { listAll, newFolder } from "../support/folder.js";
import { type Databases, play } from "../support/incident.js";
import { pgmend, type Run } from "../support/program.js";
import { sessionsOn, untilSession, whileLocked } from "../support/sessions.js";

let databases: Databases;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text);
      INSERT INTO device SELECT n, 'ann' FROM generate_series(1, 5000) AS n`,
    post: "UPDATE device SET owner = NULL",
  });
});

/** What happens to a plan when this happens while it waits for the rows of `device` in one database. */
async function planMeanwhile(
  where: "post" | "current",
  happens: () => Promise<unknown>,
  urls: Partial<Databases> = {},
): Promise<Run> {
  const cwd = newFolder();
  const { pre, post, current } = { ...databases, ...urls };
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  const { run } = await whileLocked(databases[where], "device", async () => {
    const running = pgmend(["plan", "--quiet"], { cwd, env });
    await untilSession(databases, ({ wait_event_type }) => wait_event_type === "Lock");
    await happens();
    return { run: running };
  });
  const result = await run;
  expect(listAll(cwd)).toEqual([]);
  await expect.poll(() => sessionsOn(databases), { timeout: 10_000 }).toEqual([]);
  return result;
}

async function terminate(role: string): Promise<void> {
  const pid = await untilSession(databases, ({ name }) => name === `pgmend ${role}`);
  await query(databases.pre, "SELECT pg_terminate_backend($1::int)", [pid]);
}

const ended = (role: string) => `error: ${role}: terminating connection due to administrator command
hint: the server is being shut down, or somebody ended the session; run the same command again
`;
const lost = (role: string) => `error: ${role}: the connection was lost\nhint: run the same command again\n`;

describe("a session that somebody ends", () => {
  it.each([
    ["post", "post", ended],
    ["post", "pre", lost],
    ["post", "current", lost],
    ["current", "current", ended],
    ["current", "post", lost],
  ] as const)("while the plan waits for %s: that of %s", async (where, role, told) => {
    const { exitCode, stdout, stderr } = await planMeanwhile(where, () => terminate(role));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    // An idle session may still hear the server's last words, or only find the line dead: that is a race.
    expect(told === lost ? [lost(role), ended(role)] : [ended(role)]).toContain(stderr);
  });

  it("cancelled, not ended", async () => {
    const run = await planMeanwhile("post", async () => {
      const pid = await untilSession(databases, ({ name }) => name === "pgmend post");
      await query(databases.pre, "SELECT pg_cancel_backend($1::int)", [pid]);
    });
    expect(run).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `error: post: canceling statement due to user request
hint: somebody cancelled the query; run the same command again
`,
    });
  });
});

describe("a network that is cut", () => {
  const sockets = new Set<Socket>();
  let cutWhen = (_sent: Buffer) => false;
  const between = createServer((near) => {
    const { hostname, port } = new URL(databases.pre);
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) sockets.add(socket.on("error", () => undefined));
    near.on("data", (sent) => (cutWhen(sent) ? near.destroy() : far.write(sent)));
    near.on("close", () => far.destroy());
    far.pipe(near);
  });

  beforeAll(async () => {
    between.listen(0, "127.0.0.1");
    await once(between, "listening");
  });

  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    between.close();
  });

  it.each<[string, (socket: Socket) => void]>([
    ["with a reset", (socket) => socket.resetAndDestroy()],
    ["with a farewell", (socket) => socket.destroy()],
  ])("%s", async (_, cut) => {
    const url = new URL(databases.post);
    url.port = String((between.address() as AddressInfo).port);
    const run = await planMeanwhile("post", async () => sockets.forEach(cut), { post: url.href });
    expect(run).toEqual({ exitCode: 1, stdout: "", stderr: lost("post") });
  });

  it("between the last row and the word that there are no more", async () => {
    const url = new URL(databases.post);
    url.port = String((between.address() as AddressInfo).port);
    cutWhen = (sent) => sent[0] === "C".charCodeAt(0) && sent.includes("PC_");
    const env = { PGMEND_PRE: databases.pre, PGMEND_POST: url.href, PGMEND_CURRENT: databases.current };
    const run = await pgmend(["plan", "--quiet"], { cwd: newFolder(), env });
    expect(run).toEqual({ exitCode: 1, stdout: "", stderr: lost("post") });
  });
});
