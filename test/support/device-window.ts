import { connected, copyDatabase, createDatabase } from "../../sample-data/databases.js";
import { type Cast, without } from "../../sample-data/device-unpinning/cast.js";
import { createDirectory } from "../../sample-data/device-unpinning/directory.js";
import { at } from "../../sample-data/device-unpinning/moments.js";
import { playSteps } from "../../sample-data/device-unpinning/play-steps.js";
import { pin } from "../../sample-data/device-unpinning/requests.js";
import type { Device } from "../../sample-data/device-unpinning/rows.js";
import * as schema from "../../sample-data/device-unpinning/schema.js";
import { writeScript } from "../../sample-data/device-unpinning/script.js";
import { byPeople } from "../../sample-data/device-unpinning/step.js";
import { loadRows } from "../../sample-data/load-rows.js";
import { createRandom } from "../../sample-data/random.js";
import { databaseUrl } from "./database.js";

const seed = 5;

/** From right before the migration to right after its rollback, and once more while people put pins back. */
const times = ["22:12", "22:18", "22:29:02"] as const;

export interface DeviceWindow {
  readonly pre: string;
  readonly post: string;
  readonly current: string;
  readonly truth: string;
  readonly between: readonly { readonly label: string; readonly url: string }[];
  readonly cast: Cast;
  /** Devices that people had pinned otherwise in the window, minutes before the damage. */
  readonly earlier: readonly Device[];
}

/**
 * The device story, with `pre` from 22:08 and people at work on pins before the migration, too; with copies of the live
 * database from inside the window, and the truth beside it.
 */
export async function playDeviceWindow(scale: number): Promise<DeviceWindow> {
  const stage = { url: databaseUrl, scale, seed };
  const { fleet, steps, cast } = writeScript(scale, seed);
  const { otherRelease, actor } = createDirectory(fleet, createRandom(seed, "earlier"));
  const { repinnedOther, repinnedSame, removed } = cast.since;
  const earlier = without(cast.damaged, [...repinnedOther, ...repinnedSame, ...removed]).slice(0, 12);
  const pins = earlier.map((device, order) =>
    byPeople(at("22:09") + order * 1_000_000, pin(device.uuid, otherRelease(device), actor(device))),
  );
  const ahead = [...pins, ...steps].sort((left, right) => left.at - right.at);
  const url = (name: string) => databaseUrl(`window_${name}`);
  const [current, truth] = [url("current"), url("truth")];
  await createDatabase(stage, current);
  await connected(current, (client) => loadRows(client, { ...fleet }, schema));
  await copyDatabase(stage, current, url("pre"));
  await copyDatabase(stage, current, truth);
  const playUntil = (time: string) => {
    const until = ahead.findIndex((step) => step.at >= at(time));
    return playSteps(
      ahead.splice(0, until === -1 ? ahead.length : until),
      { current, truth },
      () => undefined,
    );
  };
  for (const time of [...times, "22:40"]) {
    await playUntil(time);
    await copyDatabase(stage, current, url(time));
  }
  await playUntil("00:43");
  const between = times.map((label) => ({ label, url: url(label) }));
  return { pre: url("pre"), post: url("22:40"), current, truth, between, cast, earlier };
}
