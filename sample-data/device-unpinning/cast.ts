import { portion } from "../portion.js";
import { createRandom, type Random } from "../random.js";
import type { Device } from "./rows.js";

type Devices = readonly Device[];

/**
 * Who plays what. Within the window and within the time since, a device has one part at most; only `renamed` and
 * `reporting` go with any other part (not with `removed`).
 */
export interface Cast {
  readonly window: {
    /** Had a pin, lost it, and a person pinned them to another release: legitimate. */
    readonly repinned: Devices;
    /** Had a pin, lost it, and a person gave them the same one again: nothing left to mend. */
    readonly pinnedBack: Devices;
    /** A person pinned them and then took the pin off: NULL, like the damage, but meant. */
    readonly unpinned: Devices;
    /** Never had a pin; a person gave them one. */
    readonly pinned: Devices;
    readonly removed: Devices;
    readonly renamed: Devices;
    readonly reporting: Devices;
  };
  /** Lost their pin to the rollback, and at `post` nobody had made up for it. */
  readonly damaged: Devices;
  /** Never had a pin, and nobody gave them one in the window: the incident moved their modified_at at most. */
  readonly bystanders: Devices;
  readonly since: {
    readonly repinnedOther: Devices;
    readonly repinnedSame: Devices;
    readonly removed: Devices;
    /** Bystanders that get their first pin. */
    readonly pinned: Devices;
    /** From `window.repinned`: an ordinary unpin of an ordinary pin. */
    readonly unpinned: Devices;
    readonly renamed: Devices;
    readonly reporting: Devices;
  };
}

export function castDevices(devices: Devices, scale: number, seed: number): Cast {
  const random = createRandom(seed, "cast");
  const draw = drawing(scale, random);
  const pinned = draw(devices.filter((device) => device.is_pinned_on__release !== null));
  const free = draw(devices.filter((device) => device.is_pinned_on__release === null));
  const repinned = pinned.take(24);
  const changed = { repinned, pinnedBack: pinned.take(8), unpinned: pinned.take(24), pinned: free.take(20) };
  const removed = [...pinned.take(6), ...free.take(6)];
  const damaged = pinned.rest();
  const bystanders = free.rest();
  const staying = without(devices, removed);
  const window = {
    ...changed,
    removed,
    renamed: draw(staying).take(100),
    reporting: draw(staying).take(200),
  };
  const since = castSince({ damaged, bystanders, repinned, staying }, draw);
  return { window, damaged, bystanders, since };
}

function castSince(
  from: { damaged: Devices; bystanders: Devices; repinned: Devices; staying: Devices },
  draw: Draw,
): Cast["since"] {
  const damaged = draw(from.damaged);
  const parts = { repinnedOther: damaged.take(14), repinnedSame: damaged.take(12), removed: damaged.take(7) };
  const staying = without(from.staying, parts.removed);
  return {
    ...parts,
    pinned: draw(from.bystanders).take(20),
    unpinned: draw(from.repinned).take(6),
    renamed: draw(staying).take(100),
    reporting: draw(staying).take(700),
  };
}

type Draw = (devices: Devices) => { take(atScaleOne: number): Devices; rest(): Devices };

/** Takes devices out of a shuffled pile, so that no device is taken twice from the same pile. */
function drawing(scale: number, random: Random): Draw {
  return (devices) => {
    const pile = random.shuffled(devices);
    return { take: (atScaleOne) => pile.splice(0, portion(atScaleOne, scale)), rest: () => pile };
  };
}

export function without(devices: Devices, others: Devices): Devices {
  const left = new Set(others);
  return devices.filter((device) => !left.has(device));
}
