import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseUrl, query } from "../support/database.js";
import { listAll, newFolder } from "../support/folder.js";
import { type Databases, play } from "../support/incident.js";
import { Program, pgmend, type Run } from "../support/program.js";

/** In no message and in no file, neither as it is nor as a URL spells it. */
const password = "s3cret:p@ss/w%rd";
const user = `keeper_${process.pid}`;

const program = new Program();
let databases: Databases;
let server: URL;

beforeAll(async () => {
  databases = await play({
    pre: "CREATE TABLE device (id integer PRIMARY KEY)",
    post: "INSERT INTO device VALUES (1)",
  });
  server = new URL(databases.pre);
  await query(
    databaseUrl("postgres"),
    `CREATE ROLE ${user} LOGIN PASSWORD '${password}' IN ROLE pg_read_all_data`,
  );
});

afterAll(() => query(databaseUrl("postgres"), `DROP ROLE ${user}`));

/** The URL of a database as our user has it, but for this. */
function url(
  change: Partial<Pick<URL, "host" | "username" | "password" | "pathname" | "search">>,
  of = server.href,
): string {
  return Object.assign(new URL(of), { username: user, password: encodeURIComponent(password), ...change })
    .href;
}

function expectNoSecret(run: Run, cwd: string): void {
  for (const secret of [password, encodeURIComponent(password)]) {
    expect(run.stdout + run.stderr).not.toContain(secret);
  }
  expect(listAll(cwd)).toEqual([]);
}

async function planWithPre(pre: string): Promise<Run> {
  const cwd = newFolder();
  const run = await pgmend(["plan", "--quiet", "--pre", pre, "--current", url({}, databases.current)], {
    cwd,
  });
  expectNoSecret(run, cwd);
  expect(run.stdout).toBe("");
  return run;
}

describe("a database that cannot be reached", () => {
  const place = () => server.host;
  it.each<[string, () => string, () => string]>([
    [
      "no such host",
      () => url({ host: "no-such-host.invalid" }),
      () => `no host is called "no-such-host.invalid"
hint: check the host name in the URL`,
    ],
    [
      "nothing listens",
      () => url({ host: "127.0.0.1:1" }),
      () => `nothing listens on 127.0.0.1:1
hint: check host and port, and that the server is up`,
    ],
    [
      "nothing listens, at none of its addresses",
      () => url({ host: "localhost:1" }),
      () => `nothing listens on localhost:1
hint: check host and port, and that the server is up`,
    ],
    [
      "no socket",
      () => `postgresql://${user}:secret@%2Fno%2Fsuch%2Ffolder/fleet`,
      () => `there is no PostgreSQL socket in /no/such/folder
hint: check the host in the URL, and that the server is up`,
    ],
    [
      "wrong password",
      () => url({ password: "wrong" }),
      () => `the password for user "${user}" was not accepted by ${place()}
hint: put it in ~/.pgpass, in PGPASSWORD, or in the URL given as PGMEND_PRE`,
    ],
    [
      "no such user",
      () => url({ username: "nobody_here" }),
      () => `the password for user "nobody_here" was not accepted by ${place()}
hint: put it in ~/.pgpass, in PGPASSWORD, or in the URL given as PGMEND_PRE`,
    ],
    [
      "no such database",
      () => url({ pathname: "/nowhere" }),
      () => `there is no database "nowhere" on ${place()}
hint: check the database name at the end of the URL`,
    ],
    [
      "no TLS",
      () => url({ search: "?sslmode=verify-full" }),
      () => `${place()} does not speak TLS
hint: take sslmode out of the URL, or say sslmode=disable`,
    ],
    [
      "no URL inside",
      () => `postgresql://${user}:secret@127.0.0.1:port/fleet`,
      () => `this is not a PostgreSQL connection URL
hint: expected postgresql://user@host:5432/database`,
    ],
  ])("%s", async (_, pre, told) => {
    const run = await planWithPre(pre());
    expect(run).toMatchObject({ exitCode: 1, stderr: `error: pre: ${told()}\n` });
  });

  it("all of them are told at once; current only once where post is left out", async () => {
    const cwd = newFolder();
    const [pre, current] = [url({ pathname: "/nowhere" }), url({ host: "127.0.0.1:1" })];
    const run = await pgmend(["plan", "--quiet", "--pre", pre, "--current", current], { cwd });
    expectNoSecret(run, cwd);
    expect(run.exitCode).toBe(1);
    expect(run.stderr.match(/^error: .*/gm)).toEqual([
      `error: pre: there is no database "nowhere" on ${server.host}`,
      "error: current: nothing listens on 127.0.0.1:1",
    ]);
  });
});

describe("something that is no PostgreSQL server", () => {
  const [listeners, sockets] = [new Set<Server>(), new Set<Socket>()];
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const listener of listeners) listener.close();
  });

  /** @returns host and port */
  async function listen(answer: (socket: Socket) => void): Promise<string> {
    const listener = createServer((socket) => {
      sockets.add(socket.on("error", () => undefined));
      answer(socket);
    });
    listeners.add(listener.listen(0, "127.0.0.1"));
    await once(listener, "listening");
    return `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  }

  it.each<[string, (socket: Socket) => void]>([
    ["hangs up", (socket) => socket.end()],
    ["hangs up at once", (socket) => socket.resetAndDestroy()],
  ])("%s", async (_, answer) => {
    const host = await listen(answer);
    const run = await planWithPre(url({ host }));
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: `error: pre: ${host} closed the connection\nhint: check that it is a PostgreSQL server, and its log\n`,
    });
  });

  it("does not answer", { timeout: 60_000 }, async () => {
    const host = await listen(() => undefined);
    const run = await planWithPre(url({ host }));
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: `error: pre: ${host} did not answer within 15 s\nhint: check host, port, firewall and VPN\n`,
    });
  });
});

describe("a password", () => {
  const words = () => [
    "plan",
    "--quiet",
    "--pre",
    url({ password: "" }),
    "--current",
    url({ password: "" }, databases.current),
  ];

  it("is asked for, of each database, where there is none", async () => {
    const cwd = newFolder();
    const run = await program.run(words(), { cwd });
    const hint = (role: string) =>
      `hint: put it in ~/.pgpass, in PGPASSWORD, or in the URL given as PGMEND_${role}\n`;
    expect(run).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: ["pre", "current"]
        .map((role) => `error: ${role}: ${server.host} asks for a password\n${hint(role.toUpperCase())}`)
        .join(""),
    });
    expect(listAll(cwd)).toEqual([]);
  });

  it("may come from PGPASSWORD", async () => {
    const cwd = newFolder();
    const { exitCode, stderr } = await program.run(words(), { cwd, env: { PGPASSWORD: password } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  it("may come from .pgpass", async () => {
    const cwd = newFolder();
    const escaped = password.replace(/[:\\]/g, "\\$&");
    writeFileSync(join(cwd, ".pgpass"), `*:*:*:${user}:${escaped}\n`, { mode: 0o600 });
    const { exitCode, stderr } = await program.run(words(), { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});
