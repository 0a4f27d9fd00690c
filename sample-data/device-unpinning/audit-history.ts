import { daysBefore, type Moment, timestamp } from "../moments.js";
import { numbering } from "../numbering.js";
import type { Random } from "../random.js";
import type { Directory } from "./directory.js";
import { night } from "./moments.js";
import type { AuditEntry, Device } from "./rows.js";

type Draft = Omit<AuditEntry, "id" | "created_at"> & { readonly moment: Moment };

/**
 * How the pins of `pre` came about. Some devices were unpinned long before the night: a rule that forgets to ask
 * when an unpin happened would take them for work done during the incident.
 */
export function createHistory(
  devices: readonly Device[],
  directory: Directory,
  random: Random,
): AuditEntry[] {
  const nextId = numbering(random);
  return devices
    .flatMap((device) => createPast(device, directory.actor(device), random))
    .sort((left, right) => left.moment - right.moment)
    .map(({ moment, ...entry }) => ({ id: nextId(), created_at: timestamp(moment), ...entry }));
}

function createPast(device: Device, actor: number, random: Random): Draft[] {
  const { id, is_pinned_on__release: pin, is_running__release: running } = device;
  const first = random.between(daysBefore(29, night.pre), daysBefore(15, night.pre));
  const second = random.between(daysBefore(14, night.pre), night.pre);
  const changedTheirMind: Draft[] = random.chance(0.1)
    ? [
        { actor, device: id, action: "pin", release: running, moment: first },
        { actor, device: id, action: "unpin", release: null, moment: first + 60_000_000 },
      ]
    : [];
  return pin === null
    ? changedTheirMind
    : [...changedTheirMind, { actor, device: id, action: "pin", release: pin, moment: second }];
}
