import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Server, startServer } from "../../sample-data/server/start-server.js";
import { buildProgram } from "../support/build-program.js";
import { Kills } from "./kills/run.js";
import { runWriters, writersStory } from "./writers/run.js";

type Say = (text: string) => void;

/** @returns whether every run ended as in peace */
export async function fuzzKills(runs: number, seed: string, say: Say): Promise<boolean> {
  // As it is shipped: from its sources it would take longer to start than to apply.
  const program = buildProgram();
  const runAll = async (server: Server, folder: string) => {
    const start = (words: readonly string[]) =>
      spawn(process.execPath, [program.main, ...words], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const kills = await Kills.prepare({ server, folder, start });
    const killed = new Map<string, number>();
    let failures = 0;
    const started = performance.now();
    for (let n = 0; n < runs; n += 1) {
      const run = await kills.run(`${seed}/${n}`);
      for (const victim of run.killed) killed.set(victim, (killed.get(victim) ?? 0) + 1);
      if (run.complaints.length > 0) {
        failures += 1;
        say(`seed ${seed}/${n}, killed ${run.killed.join(", ")}: ${run.complaints.join("; ")}`);
      }
      const seconds = (performance.now() - started) / 1000 / (n + 1);
      if ((n + 1) % 10 === 0)
        say(`${n + 1} of ${runs} runs, ${failures} failed, ${seconds.toFixed(1)} s each`);
    }
    for (const [victim, count] of killed) say(`  ${count} × ${victim} killed`);
    say(`${runs - failures} passed, ${failures} failed`);
    return failures === 0;
  };
  try {
    return await withServer(runAll);
  } finally {
    await rm(program.folder, { recursive: true, force: true });
  }
}

/** @returns whether nothing that others committed was lost */
export async function fuzzWriters(seconds: number, seed: string, say: Say): Promise<boolean> {
  return withServer(async (server, folder) => {
    const [rows, url] = [5000, (role: string) => server.url(`writers_${role}`)];
    const story = writersStory(rows);
    for (const [role, template, sql] of [
      ["pre", "template0", story.pre],
      ["post", "writers_pre", story.post],
      ["current", "writers_post", "SELECT 1"],
    ] as const) {
      await run(server.url("postgres"), `CREATE DATABASE writers_${role} TEMPLATE ${template}`);
      await run(url(role), sql);
    }
    const { complaints, commits, result } = await runWriters(
      { url, folder, writers: 10, rows, seconds },
      seed,
    );
    for (const complaint of complaints.slice(0, 20)) say(complaint);
    const { written, moved } = result;
    say(
      `${commits} commits of others, ${written} rows written, ${moved} named; ${complaints.length} lost or unnamed`,
    );
    return complaints.length === 0;
  });
}

/** A server of its own for a run, and a folder. */
export async function withServer<T>(work: (server: Server, folder: string) => Promise<T>): Promise<T> {
  const server = await startServer();
  const folder = await mkdtemp(join(tmpdir(), "pgmend-fuzz-"));
  try {
    return await work(server, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await server.stop();
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
