import { type Cast, without } from "./cast.js";
import type { Newcomers } from "./newcomers.js";
import type { Device } from "./rows.js";

/** Counted from who plays what; the databases are not asked. */
export function countFacts(
  devices: readonly Device[],
  cast: Cast,
  newcomers: Newcomers,
): Record<string, number> {
  return {
    devices: devices.length,
    pinnedBefore: devices.filter((device) => device.is_pinned_on__release !== null).length,
    ...countWindow(cast, newcomers),
    ...countSince(cast, newcomers),
    ...countMending(cast),
  };
}

function countWindow({ window, damaged }: Cast, newcomers: Newcomers) {
  const repinnings = window.repinned.length + window.pinnedBack.length + window.unpinned.length;
  return {
    devicesDamaged: damaged.length,
    pinsInWindow: repinnings + window.pinned.length + newcomers.pinnedInWindow.length,
    unpinsInWindow: window.unpinned.length,
    renamesInWindow: window.renamed.length,
    addedInWindow: newcomers.inWindow.length,
    deletedInWindow: window.removed.length,
    damagedTouchedInWindow: both(damaged, edited(window)).length,
  };
}

function countSince({ since, damaged }: Cast, newcomers: Newcomers) {
  const decided = [...since.repinnedOther, ...since.repinnedSame, ...since.removed];
  return {
    repinnedOther: since.repinnedOther.length,
    repinnedSame: since.repinnedSame.length,
    deletedSince: since.removed.length,
    touchedSince: both(without(damaged, decided), edited(since)).length,
    addedSince: newcomers.since.length,
  };
}

/** What a recovery has to write. */
function countMending({ window, since, damaged, bystanders }: Cast) {
  const toRestore = without(damaged, [...since.repinnedOther, ...since.repinnedSame, ...since.removed]);
  const touched = [...edited(window), ...edited(since), ...since.pinned];
  return {
    pinsToRestore: toRestore.length,
    datesToRestore: without([...toRestore, ...bystanders], touched).length,
    rowsToRestore: toRestore.length + without(bystanders, touched).length,
  };
}

function edited(part: {
  readonly renamed: readonly Device[];
  readonly reporting: readonly Device[];
}): Device[] {
  return [...part.renamed, ...part.reporting];
}

function both(devices: readonly Device[], others: readonly Device[]): readonly Device[] {
  return without(devices, without(devices, others));
}
