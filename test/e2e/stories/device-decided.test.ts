import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { deviceUnpinning } from "../../../sample-data/device-unpinning/story.js";
import type { PlayedStory } from "../../../sample-data/story.js";
import { databaseUrl } from "../../support/database.js";
import { copyOf, filesOf, resolved } from "../../support/decide.js";
import { makePlan, type Planned } from "../../support/incident.js";
import { expectRecovery } from "../../support/recovery.js";

let played: PlayedStory;
let planned: Planned;

beforeAll(async () => {
  played = await deviceUnpinning.play({ url: databaseUrl, scale: 0.3, seed: 11 });
  planned = await makePlan({ ...played, mode: "undo" }, { config: deviceUnpinning.config });
}, 60_000);

test("the story decided by flags and by a spreadsheet gives the same files, byte by byte, and the truth", async () => {
  const [byFlags, byCsv] = [copyOf(planned), copyOf(planned)];
  const { open } = planned.summary.totals;
  expect(open).toBe(played.conflicts.length);
  const reason = "people pinned it again on purpose";
  await resolved(played, byFlags, [
    ...["--table", "device", "--column", "is_pinned*", "--where", "current.id % 2 = 0"],
    ...["--take", "current", "--reason", reason],
  ]);
  await resolved(played, byFlags, ["--table", "*", "--take", "current", "--reason", reason]);
  const csv = readFileSync(join(planned.folder, "conflicts.csv"), "utf8");
  const decided = csv.replaceAll(/,,,\n/g, `,current,,${reason}\n`);
  const summary = await resolved(played, byCsv, ["--from", "-"], decided);
  expect(summary.totals).toMatchObject({ open: 0, conflict: 0, decided: open });
  expect(filesOf(byCsv)).toEqual(filesOf(byFlags));
  await expectRecovery(played, byCsv, { truth: new URL(played.truth) });
}, 120_000);
