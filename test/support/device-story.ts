import { castDevices } from "../../sample-data/device-unpinning/cast.js";
import { createFleet } from "../../sample-data/device-unpinning/fleet.js";
import { deviceUnpinning } from "../../sample-data/device-unpinning/story.js";
import type { PlayedStory } from "../../sample-data/story.js";
import { databaseUrl } from "./database.js";

const seed = 7;

export interface DeviceStory {
  readonly played: PlayedStory;
  /** The config without its rules. */
  readonly config: string;
  /** Ids of devices that the incident had changed when `post` was taken, as the generator cast them. */
  readonly damaged: ReadonlySet<string>;
  /** Ids of devices that people pinned or unpinned in the window. */
  readonly repinned: ReadonlySet<string>;
}

export async function playDeviceStory(scale: number): Promise<DeviceStory> {
  const played = await deviceUnpinning.play({ url: databaseUrl, scale, seed });
  const { device } = createFleet(scale, seed);
  const { window, damaged, bystanders } = castDevices(device, scale, seed);
  const ids = (...parts: (typeof device)[]) => new Set(parts.flat().map(({ id }) => String(id)));
  const edited = new Set([...window.renamed, ...window.reporting]);
  // A device that never had a pin lost its date, until somebody wrote another one.
  const dated = bystanders.filter((one) => !edited.has(one));
  return {
    played,
    config: withoutRules(deviceUnpinning.config),
    damaged: ids([...damaged], dated),
    repinned: ids([...window.repinned], [...window.pinned], [...window.unpinned]),
  };
}

function withoutRules(config: string): string {
  const from = config.indexOf("# The first rule that matches");
  return config.slice(0, from) + config.slice(config.indexOf("# device has a trigger"));
}
