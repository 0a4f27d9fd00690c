import { groupBy } from "../group-by.js";
import type { Random } from "../random.js";
import type { Application, Device, Fleet, Release } from "./rows.js";

/** Who may act on a device, and which releases it can be pinned to. */
export interface Directory {
  /** Somebody of the organization that owns the device. */
  actor(device: Pick<Device, "belongs_to__application">): number;
  /** The commit of some release of the device's application. */
  release(device: Pick<Device, "belongs_to__application">): string;
  otherRelease(device: Device): string;
  sameRelease(device: Device): string;
}

export function createDirectory(
  fleet: Pick<Fleet, "application" | "user" | "release">,
  random: Random,
): Directory {
  const owners = new Map(fleet.application.map(({ id, organization }: Application) => [id, organization]));
  const colleagues = groupBy(fleet.user, (user) => user.organization);
  const releases = groupBy(fleet.release, (release) => release.belongs_to__application);
  const releasesOf = (device: Pick<Device, "belongs_to__application">): readonly Release[] =>
    releases.get(device.belongs_to__application) ?? [];
  return {
    actor: (device) => random.pick(colleagues.get(owners.get(device.belongs_to__application) ?? 0) ?? []).id,
    release: (device) => random.pick(releasesOf(device)).commit,
    otherRelease: (device) =>
      random.pick(releasesOf(device).filter(({ id }) => id !== device.is_pinned_on__release)).commit,
    sameRelease: (device) =>
      random.pick(releasesOf(device).filter(({ id }) => id === device.is_pinned_on__release)).commit,
  };
}
