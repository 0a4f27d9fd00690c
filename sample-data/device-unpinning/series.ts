import { connected, copyDatabase, createDatabase } from "../databases.js";
import { loadRows } from "../load-rows.js";
import { createRandom } from "../random.js";
import type { Stage } from "../story.js";
import { quietWork } from "./housekeeping.js";
import { at, evening, window } from "./moments.js";
import { playLiveSteps } from "./play-steps.js";
import * as schema from "./schema.js";
import { writeScript } from "./script.js";

/** One copy of the live database, as somebody took it every few minutes. */
export interface SeriesSnapshot {
  /** `22:08` */
  readonly time: string;
  readonly url: string;
}

/** Eight snapshots, four minutes apart: the migration is in the second interval, its rollback in the third. */
const everyFourMinutes = ["22:08", "22:12", "22:16", "22:20", "22:24", "22:28", "22:32", "22:36"];

/** As much happens in a minute as in one of the window. */
const eveningShare = (evening.to - evening.from) / (window.to - window.from);

/**
 * Plays the night once in the live world, and takes a physical copy of it at each of these times; what happens at the
 * very moment of a copy is not in it. Before the incident there is ordinary life, which the story does not have, so the
 * rows are not those of its `pre` and `post`.
 *
 * @param times rising, from 22:00 on
 */
export async function playSeries(
  stage: Stage,
  times: readonly string[] = everyFourMinutes,
): Promise<readonly SeriesSnapshot[]> {
  const live = stage.url("fleet_series");
  const { fleet, steps } = writeScript(stage.scale, stage.seed);
  const before = quietWork(fleet, evening, stage.scale * eveningShare, createRandom(stage.seed, "evening"));
  const ahead = [...before, ...steps].sort((left, right) => left.at - right.at);
  await createDatabase(stage, live);
  await connected(live, (client) => loadRows(client, { ...fleet }, schema));
  const snapshots: SeriesSnapshot[] = [];
  for (const time of times) {
    const until = ahead.findIndex((step) => step.at >= at(time));
    await playLiveSteps(ahead.splice(0, until === -1 ? ahead.length : until), live);
    const url = stage.url(`fleet_at_${time.replaceAll(":", "")}`);
    await copyDatabase(stage, live, url);
    snapshots.push({ time, url });
  }
  return snapshots;
}
