import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseString } from "fast-csv";
import { beforeAll, expect, it } from "vitest";
import { type Databases, makePlan, type Planned, play, readLines } from "../../support/incident.js";
import { config, device, story } from "../../support/lost-releases.js";

let databases: Databases;
let plan: Planned;

beforeAll(async () => {
  databases = await play(story);
  plan = await makePlan(databases, { config });
});

const open = { cause: null, tenant: null, resolution: null, reason: null, causes: [] };
const conflictId = expect.stringMatching(/^c[0-9a-f]{16}$/);
const expected = [
  {
    conflict: conflictId,
    table: "public.device",
    key: { id: "1" },
    kind: "update/update",
    columns: ["release"],
    base: device(1, null),
    current: device(1, "5", undefined, "2019-09-24 01:00:00+00"),
    incoming: device(1, "10", undefined, "2019-09-23 22:00:00+00"),
    ...open,
  },
  {
    conflict: conflictId,
    table: "public.device",
    key: { id: "4" },
    kind: "delete/update",
    columns: [],
    base: device(4, null),
    current: null,
    incoming: device(4, "40", undefined, "2019-09-23 22:00:00+00"),
    ...open,
  },
];

it("conflicts.jsonl has the three versions of each row, null where there is none", () => {
  expect(readLines(plan.folder, "conflicts.jsonl")).toEqual(expected);
});

it("conflicts.csv has one line a cell, or one a row", async () => {
  const lines = await readCsv(join(plan.folder, "conflicts.csv"));
  const ids = readLines(plan.folder, "conflicts.jsonl").map(({ conflict }) => conflict);
  const empty = { cause: "", tenant: "", resolution: "", value: "", reason: "" };
  const [, second] = expected;
  expect(lines).toEqual([
    {
      conflict: ids[0],
      table: "public.device",
      key: '{"id":"1"}',
      kind: "update/update",
      column: "release",
      base: "null",
      current: '"5"',
      incoming: '"10"',
      ...empty,
    },
    {
      conflict: ids[1],
      table: "public.device",
      key: '{"id":"4"}',
      kind: "delete/update",
      column: "",
      base: JSON.stringify(second?.base),
      current: "null",
      incoming: JSON.stringify(second?.incoming),
      ...empty,
    },
  ]);
});

it("are called the same in the next plan", async () => {
  const again = await makePlan(databases, { config });
  expect(readLines(again.folder, "conflicts.jsonl")).toEqual(readLines(plan.folder, "conflicts.jsonl"));
  expect(again.summary.planId).not.toBe(plan.summary.planId);
});

it("say who settled them, where a strategy did", async () => {
  const settled = await makePlan(databases, { config: `${config}strategies: [{ use: keep-current }]` });
  expect(settled.exitCode).toBe(0);
  expect(settled.summary.totals).toMatchObject({ conflict: 0, decided: 2, open: 0, kept: 7 });
  const lines = readLines(settled.folder, "conflicts.jsonl");
  expect(lines.map(({ resolution }) => resolution)).toEqual(["current", "current"]);
  expect(lines.every(({ reason }) => typeof reason === "string" && reason !== "")).toBe(true);
});

function readCsv(file: string): Promise<readonly Record<string, string>[]> {
  const rows: Record<string, string>[] = [];
  return new Promise((resolve, reject) => {
    parseString(readFileSync(file, "utf8"), { headers: true })
      .on("error", reject)
      .on("data", (line: Record<string, string>) => rows.push(line))
      .on("end", () => resolve(rows));
  });
}
