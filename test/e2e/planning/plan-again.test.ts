import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { PlanDesk } from "../../../cli/tui/desk/plan-desk.js";
import { InterruptedError, planSettings } from "../../../src/index.js";
import { createDatabase, query } from "../../support/database.js";
import { newFolder } from "../../support/folder.js";
import { pgmend } from "../../support/program.js";

let databases: { readonly pre: string; readonly post: string; readonly current: string };

/** Thirty releases blanked at once, ten of them of devices that are left out, and six that people changed. */
beforeAll(async () => {
  const pre = await createDatabase("again");
  await query(pre, "CREATE TABLE device (id integer PRIMARY KEY, fleet integer, release text)");
  await query(pre, "INSERT INTO device SELECT n, n % 3, 'v' || n FROM generate_series(1, 60) AS n");
  const post = await createDatabase("again", pre);
  await query(post, "UPDATE device SET release = NULL WHERE id <= 30");
  for (let id = 31; id <= 36; id += 1)
    await query(post, `UPDATE device SET release = 'own' WHERE id = ${id}`);
  const current = await createDatabase("again", post);
  await query(current, "UPDATE device SET release = 'since' WHERE id IN (1, 4)");
  databases = { pre, post, current };
});

const excluded = { match: { where: "pre.fleet = 0" }, is: "excluded", where: "config" } as const;

/** A plan made by the program, open on a desk. @param words more of the command */
async function open(
  words: readonly string[] = [],
  settings: Parameters<typeof planSettings>[0] | object = {},
) {
  const cwd = newFolder();
  const { pre, post, current } = databases;
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  const made = await pgmend(["plan", "--quiet", ...words], { cwd, env });
  expect(made).toMatchObject({ exitCode: 3 });
  const leave = new AbortController();
  const desk = new PlanDesk({
    ...{ folder: "recovery", urls: databases, by: "ann", needsApproval: false, timeline: undefined },
    terminal: { cwd, env, signal: leave.signal } as never,
    settingsFor: ({ urls, mode }) =>
      planSettings({
        mode,
        connections: { pre: { url: urls.pre }, post: { url: urls.post }, current: { url: urls.current } },
        ...settings,
      } as never),
  });
  await desk.open();
  const folder = join(cwd, "recovery");
  return { desk, folder, read: (name: string) => readFileSync(join(folder, name), "utf8") };
}

const nobody = () => undefined;
const outcomes = async (desk: PlanDesk) => {
  const { list } = await desk.incident().signatures();
  return list.map(({ id, called, outcomes: { apply, conflict, kept, excluded: out } }) => [
    ...[id, called, apply, conflict, kept, out],
  ]);
};

describe("planning again from the review", () => {
  it("goes by what signatures are called, and keeps decisions and what else is in the folder", async () => {
    const { desk, folder, read } = await open();
    const before = readdirSync(folder).toSorted();
    expect(await outcomes(desk)).toEqual([
      ["S1", undefined, 28, 2, 0, 0],
      ["S2", undefined, 6, 0, 0, 0],
    ]);
    await desk.review().decide({}, { resolution: "incoming", reason: "agreed" });
    await desk.incident().call(new Map([["S2", "legitimate"]]));
    const plan = await desk.planAgain(nobody);
    expect(plan.overview.conflicts).toEqual([{ table: 0, open: 0, decided: 2 }]);
    expect(await outcomes(desk)).toEqual([
      ["S1", undefined, 30, 0, 0, 0],
      ["S2", "legitimate", 0, 0, 6, 0],
    ]);
    expect(read("patch.sql")).not.toContain("'own'");
    expect(readdirSync(folder).toSorted()).toEqual(before);
    await desk.close();
  });

  it("what a rule of the config leaves out stays out", async () => {
    const config = await open(["--config", configOf(excluded)], { rules: [excluded] });
    await config.desk.incident().call(new Map([["S1", "damage"]]));
    expect((await config.desk.incident().signatures()).list[0]?.parts).toContainEqual({
      ...{ outcome: "excluded", rows: 10, isIncoming: false, isFixed: true },
    });
    await config.desk.planAgain(nobody);
    expect((await outcomes(config.desk))[0]).toEqual(["S1", "damage", 18, 2, 0, 10]);
    await config.desk.close();
  });

  it("leaves the plan as it is where it would be made otherwise", async () => {
    const { desk, read } = await open(["--granularity", "cell", "--damage-signature", "S1"]);
    const before = read("patch.sql");
    await desk.incident().call(new Map([["S2", "damage"]]));
    await expect(desk.planAgain(nobody)).rejects.toThrow(/granularity: row, and was cell/);
    expect(read("patch.sql")).toBe(before);
    expect((await outcomes(desk)).map(([, called]) => called)).toEqual(["damage", "damage"]);
    await desk.close();
  });

  it("can be stopped, and then the plan is as it was", async () => {
    const { desk, folder, read } = await open();
    const [before, files] = [read("patch.sql"), readdirSync(folder).toSorted()];
    await desk.incident().call(new Map([["S1", "legitimate"]]));
    await expect(desk.planAgain(() => desk.stop())).rejects.toThrow(InterruptedError);
    expect([read("patch.sql"), readdirSync(folder).toSorted()]).toEqual([before, files]);
    expect((await outcomes(desk))[0]).toEqual(["S1", "legitimate", 28, 2, 0, 0]);
    await desk.close();
  });

  it("is not offered once apply has written rows of the plan, nor is a signature that there is not", async () => {
    const { desk } = await open();
    await expect(desk.incident().call(new Map([["S9", "damage"]]))).rejects.toMatchObject({ code: "usage" });
    const preview = await desk.recovery().look("patch", nobody);
    await desk.recovery().apply({ preview, onDrift: "stop" }, nobody);
    expect((await desk.incident().signatures()).cannotPlan).toMatch(/apply has written rows/);
    await desk
      .recovery()
      .apply({ preview: await desk.recovery().look("rollback", nobody), onDrift: "stop" }, nobody);
    await desk.close();
  });
});

function configOf({ match, is }: typeof excluded): string {
  const file = join(newFolder(), "pgmend.yaml");
  writeFileSync(file, JSON.stringify({ rules: [{ match, is }] }));
  return file;
}
