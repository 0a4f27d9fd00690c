import type { ChildProcess } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Server } from "../../../sample-data/server/start-server.js";
import { plan, recoveryFiles } from "../../../src/index.js";
import { Random } from "../random.js";
import { endStates, story } from "./story.js";

/** What is killed. The connection and the server are lost while the program goes on; the program is started again. */
const victims = ["program", "connection", "server"] as const;

export interface KillBench {
  readonly server: Server;
  /** A folder of our own. */
  readonly folder: string;
  /** The program as a process. */
  readonly start: (words: readonly string[]) => ChildProcess;
}

/** Plays the story, plans once, and applies it once in peace: that is the truth. */
export class Kills {
  readonly #bench: KillBench;
  readonly #truth: Readonly<Record<"patch" | "rollback", string>>;

  private constructor(bench: KillBench, truth: Record<"patch" | "rollback", string>) {
    this.#bench = bench;
    this.#truth = truth;
  }

  static async prepare(bench: KillBench): Promise<Kills> {
    const { server, folder } = bench;
    const url = (role: string) => server.url(`kills_${role}`);
    const create = (role: string, template: string) =>
      ask(server.url("postgres"), `CREATE DATABASE kills_${role} TEMPLATE ${template}`);
    await create("pre", "template0");
    await ask(url("pre"), story.pre);
    await create("post", "kills_pre");
    await ask(url("post"), story.post);
    await create("current", "kills_post");
    await ask(url("current"), story.triggers);
    const store = await plan({
      settings: settingsOf({
        pre: { url: url("pre") },
        post: { url: url("post") },
        current: { url: url("current") },
      }),
      storeFile: join(folder, "plan.duckdb"),
      toolVersion: "test",
    });
    // Whatever is read for the files has been read: the plan is whole.
    await recoveryFiles(store);
    await store.close();
    const kills = new Kills(bench, { patch: "", rollback: "" });
    const patch = await kills.#play("peace", undefined, []);
    const rollback = await kills.#play("peace", undefined, ["--rollback"]);
    return new Kills(bench, { patch: patch.end, rollback: rollback.end });
  }

  /** @returns what is wrong with the end, and what was killed */
  async run(
    seed: string,
  ): Promise<{ readonly complaints: readonly string[]; readonly killed: readonly string[] }> {
    const random = new Random(seed);
    const direction = random.chance(0.3) ? "rollback" : "patch";
    const played = await this.#play("war", random, direction === "rollback" ? ["--rollback"] : []);
    const complaints = [
      ...(played.end === this.#truth[direction]
        ? []
        : [`${direction}: the end is not that of a run in peace`]),
      ...played.complaints,
    ];
    return { complaints, killed: played.killed };
  }

  async #play(name: string, random: Random | undefined, words: readonly string[]) {
    const { server, folder, start } = this.#bench;
    const [url, own] = [server.url(`kills_${name}`), join(folder, name)];
    await ask(server.url("postgres"), `DROP DATABASE IF EXISTS kills_${name} WITH (FORCE)`);
    await ask(server.url("postgres"), `CREATE DATABASE kills_${name} TEMPLATE kills_current`);
    await rm(own, { recursive: true, force: true });
    await cp(join(folder, "plan.duckdb"), join(own, "plan.duckdb"));
    const apply = [
      "apply",
      own,
      "--yes",
      "--quiet",
      "--allow-other-database",
      "--current",
      url,
      "--batch-rows",
      "6",
    ];
    const complaints: string[] = [];
    const killed: string[] = [];
    if (words.length > 0) complaints.push(...(await untilDone(start, apply, undefined, [])));
    const kill =
      random === undefined
        ? undefined
        : (isOver: () => boolean) => killSomething(server, url, random, isOver);
    complaints.push(...(await untilDone(start, [...apply, ...words], kill, killed)));
    return { end: await endOf(url), complaints, killed };
  }
}

/** Runs the same command until it says that all is done. */
async function untilDone(
  start: KillBench["start"],
  words: readonly string[],
  kill: ((isOver: () => boolean) => Promise<Victim>) | undefined,
  killed: string[],
): Promise<readonly string[]> {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const child = start(words);
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.stdout?.resume();
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    for (let kills = 0; kill !== undefined && kills < 2 && attempt < 4 && !isOver; kills += 1) {
      const victim = await kill(() => isOver);
      if (isOver) break;
      killed.push(victim.name);
      await victim.strike(child);
      if (victim.name === "program") break;
    }
    const exitCode = await ended;
    if (exitCode === 0) return [];
    // Killed, or out of patience with a server that is gone: the same command again.
    if (exitCode !== null && exitCode !== 1) return [`exit code ${exitCode}: ${said}`];
    if (/bug in pgmend/.test(said)) return [said];
  }
  return ["it was never done"];
}

interface Victim {
  readonly name: string;
  readonly strike: (child: ChildProcess) => Promise<void>;
}

/** Waits for a moment that nobody chose, while batches are being written. */
async function killSomething(
  server: Server,
  url: string,
  random: Random,
  isOver: () => boolean,
): Promise<Victim> {
  const name = random.pick(victims);
  await untilWritten(url, random.integer(0, 40), isOver);
  await sleep(random.integer(0, 12));
  const strike = async (child: ChildProcess) => {
    if (name === "program") child.kill("SIGKILL");
    else if (name === "connection") await ask(url, terminateSql).catch(() => undefined);
    else {
      process.kill(server.pid, "SIGKILL");
      await sleep(random.integer(0, 50));
      await server.restart();
    }
  };
  return { name, strike };
}

const terminateSql =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('pgmend apply', 'pgmend rollback')";

/** Until so many rows more were written than there are now, or the program has ended, or nothing happens any more. */
async function untilWritten(url: string, more: number, isOver: () => boolean): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const count = async () => Number((await client.query("SELECT count(*) FROM log")).rows[0].count);
    const goal = (await count()) + more;
    const until = Date.now() + 4000;
    while (!isOver() && Date.now() < until && (await count()) < goal) await sleep(1);
  } catch {
    // The server was killed a moment ago.
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function endOf(url: string): Promise<string> {
  const results: string[] = [];
  for (const sql of endStates) results.push(JSON.stringify(await ask(url, sql)));
  return results.join("\n");
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

type Settings = Parameters<typeof plan>[0]["settings"];

function settingsOf(connections: Settings["connections"]): Settings {
  return {
    ...{ mode: "undo", connections, tables: [], excludeTables: ["log"], keys: {}, rules: [] },
    ...{ damage: ["insert", "update", "delete"], strategies: [], touch: { write: "restore" }, groups: {} },
    ...{ granularity: "row", triggers: "fire", invariants: [] },
    guard: { massDelete: { share: 0.5, rows: 100 } },
  };
}
