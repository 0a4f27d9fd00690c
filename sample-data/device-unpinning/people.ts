import type { Moment, Span } from "../moments.js";
import type { Random } from "../random.js";
import type { Cast } from "./cast.js";
import { deviceName } from "./devices.js";
import type { Directory } from "./directory.js";
import { afterRollback, since, window } from "./moments.js";
import { pin, remove, rename, unpin } from "./requests.js";
import type { Device } from "./rows.js";
import { byPeople, type Statement, type Step } from "./step.js";

/** What people do to the devices there were before the incident. */
export function people(cast: Cast, directory: Directory, random: Random): Step[] {
  return [...inTheWindow(cast.window, directory, random), ...sinceThen(cast.since, directory, random)];
}

function inTheWindow(cast: Cast["window"], directory: Directory, random: Random): Step[] {
  const { actor, release, otherRelease, sameRelease } = directory;
  const during = scattering(random);
  return [
    ...during(afterRollback, cast.repinned, (device) =>
      pin(device.uuid, otherRelease(device), actor(device)),
    ),
    ...during(afterRollback, cast.pinnedBack, (device) =>
      pin(device.uuid, sameRelease(device), actor(device)),
    ),
    ...during(afterRollback, cast.pinned, (device) => pin(device.uuid, release(device), actor(device))),
    ...cast.unpinned.flatMap((device) => pinAndThinkBetterOfIt(device, directory, random)),
    ...during(window, cast.removed, (device) => remove(device.uuid)),
    ...during(afterRollback, cast.renamed, (device) => rename(device.uuid, deviceName(random))),
  ];
}

function sinceThen(cast: Cast["since"], directory: Directory, random: Random): Step[] {
  const { actor, release, otherRelease, sameRelease } = directory;
  const during = scattering(random);
  return [
    ...during(since, cast.repinnedOther, (device) => pin(device.uuid, otherRelease(device), actor(device))),
    ...during(since, cast.repinnedSame, (device) => pin(device.uuid, sameRelease(device), actor(device))),
    ...during(since, cast.pinned, (device) => pin(device.uuid, release(device), actor(device))),
    ...during(since, cast.unpinned, (device) => unpin(device.uuid, actor(device))),
    ...during(since, cast.removed, (device) => remove(device.uuid)),
    ...during(since, cast.renamed, (device) => rename(device.uuid, deviceName(random))),
  ];
}

/** Both inside the window, or the unpin would be an ordinary change of an ordinary pin. */
function pinAndThinkBetterOfIt(device: Device, { actor, otherRelease }: Directory, random: Random): Step[] {
  const middle: Moment = (afterRollback.from + afterRollback.to) / 2;
  return [
    byPeople(
      random.between(afterRollback.from, middle),
      pin(device.uuid, otherRelease(device), actor(device)),
    ),
    byPeople(random.between(middle, afterRollback.to), unpin(device.uuid, actor(device))),
  ];
}

/** The same request for each device, each at its own moment. */
function scattering(random: Random) {
  return (span: Span, devices: readonly Device[], request: (device: Device) => Statement): Step[] =>
    devices.map((device) => byPeople(random.between(span.from, span.to), request(device)));
}
