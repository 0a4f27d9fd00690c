import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import { createDatabase, query } from "../../support/database.js";
import { type DeviceWindow, playDeviceWindow } from "../../support/device-window.js";
import { type Databases, makePlan, readLines } from "../../support/incident.js";
import { expectRecovery, nameOf, runPatch } from "../../support/recovery.js";

let story: DeviceWindow;
let databases: Databases;

/** All that a person needs to know: when the migration and its rollback ran, and on which table. */
const config = (during: string) => `triggers: disable
rules:
  - match: { tables: [public.device], operations: [update]${during} }
    is: damage
  - match: { tables: ["*"] }
    is: legitimate
`;

beforeAll(async () => {
  story = await playDeviceWindow(0.3);
  const { pre, post, current } = story;
  databases = { pre, post, current, mode: "undo" };
}, 120_000);

const between = () => story.between.flatMap(({ label, url }) => ["--between", `${label}=${url}`]);

describe("the device story, with snapshots from inside the window", () => {
  it("comes to the truth, with no word on how the damage looks like", async () => {
    const plan = await makePlan(databases, {
      config: config(', during: ["22:12", "22:18"]'),
      words: between(),
    });
    const { window, since } = story.cast;
    const ids = (devices: readonly { readonly id: number }[]) => devices.map(({ id }) => String(id)).sort();
    const found = (kind: string) =>
      readLines(plan.folder, "conflicts.jsonl")
        .filter((line) => line["kind"] === kind)
        .map(({ key }) => (key as { id: string }).id)
        .sort();
    // Who wrote over the damage is asked about, in the window as since then: current is as they left it.
    expect(found("update/update")).toEqual(
      ids([...window.repinned, ...window.unpinned, ...since.repinnedOther]),
    );
    // Who was removed in the window before the damage reached it is no question.
    const [, right] = story.between;
    const damaged = new Set(
      (await query(right?.url ?? "", "SELECT id::text FROM public.device")).map(({ id }) => id),
    );
    const removed = window.removed.filter(
      ({ id, is_pinned_on__release: pinned }) => pinned !== null && damaged.has(String(id)),
    );
    expect(removed.length).toBeGreaterThan(0);
    expect(found("delete/update")).toEqual(ids([...since.removed, ...removed]));
    await expectRecovery(databases, plan, { truth: new URL(story.truth), batchRows: 500 });
  }, 120_000);

  it("without them, what people did before the damage in the same window is undone, too", async () => {
    const plan = await makePlan(databases, { config: config("") });
    const patient = await createDatabase("patient", story.current);
    const file = `${plan.folder}/patch.sql`;
    await runPatch(file, patient, { pgmend_database: nameOf(patient) });
    const wrong = await compareDatabases(patient, story.truth, { limit: 1000 });
    const lost = new Set(wrong.map((difference) => JSON.stringify(difference)));
    for (const { id } of story.earlier)
      expect([...lost].some((text) => text.includes(`"id":"${id}"`))).toBe(true);
  }, 60_000);
});
