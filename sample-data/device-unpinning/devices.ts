import { groupBy } from "../group-by.js";
import { daysBefore, timestamp } from "../moments.js";
import { numbering } from "../numbering.js";
import type { Random } from "../random.js";
import { night } from "./moments.js";
import * as names from "./names.js";
import type { Application, Device, DeviceTag, DeviceVariable, Fleet, Release } from "./rows.js";

const pinnedShare = 0.4;

export function createDevices(
  count: number,
  fleet: Pick<Fleet, "application" | "release">,
  random: Random,
): Device[] {
  const nextId = numbering(random);
  const releases = groupBy(fleet.release, (release) => release.belongs_to__application);
  return Array.from({ length: count }, () => {
    const application = random.pick(fleet.application);
    const runs = choosePins(application, releases.get(application.id) ?? [], random);
    return {
      id: nextId(),
      ...createIdentity(application, random),
      ...runs,
      ...createReport(random),
      ...createDates(random),
    };
  });
}

/** Most pinned devices run what they are pinned to; some have not got there, some have never been switched on. */
function choosePins(application: Application, releases: readonly Release[], random: Random) {
  const pin = random.chance(pinnedShare) ? random.pick(releases).id : null;
  const arrived = pin ?? application.should_be_running__release;
  const late = random.chance(0.1) ? random.pick(releases).id : arrived;
  return { is_pinned_on__release: pin, is_running__release: random.chance(0.03) ? null : late };
}

function createIdentity(application: Application, random: Random) {
  return {
    uuid: random.uuid(),
    device_name: deviceName(random),
    belongs_to__application: application.id,
    note: random.pick(names.notes),
  };
}

export function deviceName(random: Random): string {
  return `${random.pick(names.adjectives)} ${random.pick(names.places)} ${random.between(1, 100)}`;
}

function createReport(random: Random) {
  const located = random.chance(0.7);
  return {
    is_online: random.chance(0.8),
    last_connectivity_event: timestamp(random.between(daysBefore(20, night.pre), night.pre)),
    ip_address: address(random),
    vpn_network: random.chance(0.8) ? `10.${random.between(0, 256)}.${random.between(0, 256)}.0/24` : null,
    mac_addresses: Array.from(
      { length: random.between(0, 3) },
      () => random.hex(12).match(/../g)?.join(":") ?? "",
    ),
    os_version: random.pick(names.osVersions),
    latitude: located ? degrees(90, random) : null,
    longitude: located ? degrees(180, random) : null,
    metadata: createMetadata(random),
  };
}

export function address(random: Random): string {
  return `192.168.${random.between(0, 256)}.${random.between(1, 255)}`;
}

function degrees(limit: number, random: Random): string {
  return (random.between(-limit * 1e6, limit * 1e6) / 1e6).toFixed(6);
}

function createMetadata(random: Random): Record<string, unknown> {
  const cpu = { temperature: random.between(300, 700) / 10, cores: random.pick([1, 2, 4]) };
  return random.chance(0.2)
    ? {}
    : { cpu, disk_free: random.between(0, 2 ** 33), labels: [random.pick(names.tagValues)] };
}

function createDates(random: Random) {
  const created = random.between(daysBefore(400, night.pre), daysBefore(30, night.pre));
  const modified = random.between(daysBefore(30, night.pre), night.pre);
  return { created_at: timestamp(created), modified_at: timestamp(modified) };
}

export function createTags(devices: readonly Device[], random: Random): DeviceTag[] {
  return devices.flatMap(({ id }) =>
    names.tagKeys
      .filter(() => random.chance(0.3))
      .map((tag_key) => ({ device: id, tag_key, value: random.pick(names.tagValues) })),
  );
}

export function createVariables(devices: readonly Device[], random: Random): DeviceVariable[] {
  const nextId = numbering(random);
  return devices.flatMap((device) =>
    names.variableNames
      .filter(() => random.chance(0.25))
      .map((name) => ({
        id: nextId(),
        device: device.id,
        name,
        value: random.pick(names.variableValues),
        created_at: device.created_at,
        modified_at: device.modified_at,
      })),
  );
}
