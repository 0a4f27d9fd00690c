import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Server, startServer } from "../../sample-data/server/start-server.js";
import { newFolder } from "../support/folder.js";
import { Program } from "../support/program.js";
import { Kills } from "./kills/run.js";

/** A few; `npm run fuzz -- --kills 300` runs many. A server of its own, because it is killed. */
const runs = Number(process.env["PGMEND_KILLS"] ?? 10);

let server: Server;
let kills: Kills;

beforeAll(async () => {
  server = await startServer();
  const [program, folder] = [new Program(), join(newFolder(), "kills")];
  mkdirSync(folder);
  kills = await Kills.prepare({ server, folder, start: (words) => program.start(words, { cwd: folder }) });
}, 120_000);

afterAll(() => server.stop());

it.each(Array.from({ length: runs }, (_, n) => `kill ${n}`))(
  "%s: however it is cut short, the same command ends as in peace",
  async (seed) => {
    const { complaints, killed } = await kills.run(seed);
    expect(complaints, `killed: ${killed.join(", ")}`).toEqual([]);
    expect(killed).not.toEqual([]);
  },
  120_000,
);
