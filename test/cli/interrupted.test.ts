import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { listAll, newFolder } from "../support/folder.js";
import { type Databases, makePlan, play } from "../support/incident.js";
import { ended, Program, pgmend } from "../support/program.js";
import { sessionsOn, untilSession, whileLocked } from "../support/sessions.js";

const program = new Program();
let databases: Databases;

beforeAll(async () => {
  databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text); INSERT INTO device VALUES (1, 'ann');
      CREATE TABLE reading (id integer PRIMARY KEY, note text NOT NULL);
      INSERT INTO reading SELECT n, repeat('reading ', 12) || n FROM generate_series(1, 200000) AS n`,
    post: "UPDATE device SET owner = NULL",
  });
});

function environment(): Record<string, string> {
  const { pre, post, current } = databases;
  return { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
}

async function expectNothingLeft(cwd: string): Promise<void> {
  expect(listAll(cwd)).toEqual([]);
  await expect.poll(() => sessionsOn(databases), { timeout: 10_000 }).toEqual([]);
}

const told = (line: string, hint: string) => `error: ${line}\nhint: ${hint}\n`;
const interrupted = told("interrupted", "nothing was written; run the same command again");
const notice = "\ninterrupted; cleaning up (once more to leave at once)\n";

describe("a signal", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s while rows are read", async (signal) => {
    const cwd = newFolder();
    const child = program.start(["plan", "--quiet"], { cwd, env: environment() });
    const run = ended(child);
    await untilSession(databases, ({ query }) => query?.includes("FROM ONLY public.reading") === true);
    expect(listAll(cwd)).not.toEqual([]);
    child.kill(signal);
    expect(await run).toEqual({ exitCode: 130, stdout: "", stderr: notice + interrupted });
    await expectNothingLeft(cwd);
  });

  it.each(["post", "current"] as const)("SIGINT while %s keeps us waiting", async (role) => {
    await whileLocked(databases[role], "reading", async () => {
      const cwd = newFolder();
      const words = ["plan", "--quiet", ...(role === "current" ? ["--post", databases.current] : [])];
      const child = program.start(words, { cwd, env: environment() });
      const run = ended(child);
      await untilSession(databases, ({ wait_event_type }) => wait_event_type === "Lock");
      child.kill("SIGINT");
      expect(await run).toMatchObject({ exitCode: 130, stdout: "" });
      await expectNothingLeft(cwd);
    });
  });

  it("a second one ends it at once, and even then nothing is left", async () => {
    await whileLocked(databases.post, "reading", async () => {
      const cwd = newFolder();
      const child = program.start(["plan", "--quiet"], { cwd, env: environment() });
      const run = ended(child);
      await untilSession(databases, ({ wait_event_type }) => wait_event_type === "Lock");
      child.kill("SIGINT");
      child.kill("SIGTERM");
      expect(await run).toMatchObject({ exitCode: 130, stdout: "" });
      await expectNothingLeft(cwd);
    });
  });

  it("SIGINT while a server does not answer", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const arrived = once(silent, "connection");
    const { port } = silent.address() as AddressInfo;
    const cwd = newFolder();
    const words = ["plan", "--quiet", "--pre", `postgresql://ann:secret@127.0.0.1:${port}/fleet`];
    const child = program.start(words, { cwd, env: environment() });
    const run = ended(child);
    const [socket] = await arrived;
    const start = performance.now();
    child.kill("SIGINT");
    expect(await run).toEqual({ exitCode: 130, stdout: "", stderr: notice + interrupted });
    expect(performance.now() - start).toBeLessThan(5000);
    await expectNothingLeft(cwd);
    socket.destroy();
    silent.close();
  });

  it("SIGINT while verify waits", async () => {
    const { folder } = await makePlan(databases, { words: ["--tables", "device"] });
    await whileLocked(databases.current, "device", async () => {
      const cwd = newFolder();
      const child = program.start(["verify", folder], { cwd, env: environment() });
      const run = ended(child);
      await untilSession(databases, ({ wait_event_type }) => wait_event_type === "Lock");
      child.kill("SIGINT");
      expect(await run).toEqual({ exitCode: 130, stdout: "", stderr: notice + interrupted });
      await expectNothingLeft(cwd);
    });
  });

  it.each(["connecting", "reading the catalogs", "writing the recovery folder"])("while %s", async (step) => {
    const cwd = newFolder();
    const controller = new AbortController();
    const run = await pgmend(["plan", "--tables", "device"], {
      cwd,
      env: environment(),
      signal: controller.signal,
      onTalk: (text) => {
        if (text.startsWith(step)) controller.abort();
      },
    });
    expect(run).toMatchObject({ exitCode: 130, stdout: "" });
    expect(run.stderr).toMatch(new RegExp(`${step}…\\n${interrupted}$`));
    await expectNothingLeft(cwd);
  });
});

describe("a reader that goes away", () => {
  it.each<[string, readonly ("stdout" | "stderr")[]]>([
    ["stdout", ["stdout"]],
    ["stdout and stderr", ["stdout", "stderr"]],
  ])("from %s", async (_, names) => {
    const cwd = newFolder();
    const child = program.start(["plan", "--json", "--tables", "device"], { cwd, env: environment() });
    for (const name of names) child[name]?.destroy();
    const run = await ended(child);
    expect(run).toMatchObject({ exitCode: 0, stdout: "" });
    expect(run.stderr).not.toMatch(/^error|^ +at /m);
    expect(listAll(cwd)).toContain("recovery/summary.json");
  });
});
