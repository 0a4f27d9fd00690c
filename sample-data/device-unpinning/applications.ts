import { daysBefore, timestamp } from "../moments.js";
import { numbering } from "../numbering.js";
import type { Random } from "../random.js";
import { night } from "./moments.js";
import * as names from "./names.js";
import type { Application, ApplicationTag, Organization, Release } from "./rows.js";

/** Enough to re-pin a device to another one. */
const fewestReleases = 5;
const mostReleases = 10;

/** Applications and their releases at once: each refers to the other. */
export function createApplications(count: number, organizations: readonly Organization[], random: Random) {
  const application: Application[] = [];
  const release: Release[] = [];
  const nextApplication = numbering(random);
  const nextRelease = numbering(random);
  for (let created = 0; created < count; created++) {
    const id = nextApplication();
    const own = createReleases(id, nextRelease, random);
    release.push(...own);
    application.push(createApplication(id, random.pick(organizations), newest(own), random));
  }
  return { application, release };
}

export function createApplicationTags(
  applications: readonly Application[],
  random: Random,
): ApplicationTag[] {
  return applications.flatMap(({ id }) =>
    names.tagKeys
      .filter(() => random.chance(0.4))
      .map((tag_key) => ({ application: id, tag_key, value: random.pick(names.tagValues) })),
  );
}

function createApplication(id: number, owner: Organization, newest: Release, random: Random): Application {
  const created = random.between(daysBefore(800, night.pre), daysBefore(500, night.pre));
  return {
    id,
    organization: owner.id,
    app_name: `${random.pick(names.products)}-${id}`,
    device_type: random.pick(names.deviceTypes),
    should_track_latest_release: random.chance(0.8),
    should_be_running__release: newest.id,
    description: random.pick(names.notes),
    created_at: timestamp(created),
    modified_at: timestamp(random.between(daysBefore(1, night.pre), night.pre)),
  };
}

function createReleases(application: number, nextId: () => number, random: Random): Release[] {
  const count = random.between(fewestReleases, mostReleases + 1);
  const created = Array.from({ length: count }, () =>
    random.between(daysBefore(500, night.pre), daysBefore(1, night.pre)),
  ).sort((left, right) => left - right);
  return created.map((moment, index) => ({
    id: nextId(),
    belongs_to__application: application,
    commit: random.hex(40),
    semver: `1.${index}.0`,
    status: "success",
    created_at: timestamp(moment),
    modified_at: timestamp(moment + 240_000_000),
  }));
}

function newest(releases: readonly Release[]): Release {
  const last = releases.at(-1);
  if (!last) throw new Error("an application without a release");
  return last;
}
