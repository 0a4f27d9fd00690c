import { portion } from "../portion.js";
import { createRandom } from "../random.js";
import { createApplications, createApplicationTags } from "./applications.js";
import { createHistory } from "./audit-history.js";
import { createDevices, createTags, createVariables } from "./devices.js";
import { createDirectory } from "./directory.js";
import { createOrganizations, createUsers } from "./organizations.js";
import type { Fleet } from "./rows.js";

/** The fleet as it stood at 22:12. It stays in memory: the story is cast from it, not from a database. */
export function createFleet(scale: number, seed: number): Fleet {
  const random = createRandom(seed, "fleet");
  const organization = createOrganizations(portion(8, scale), random);
  const user = createUsers(organization, random);
  const { application, release } = createApplications(portion(40, scale), organization, random);
  const device = createDevices(portion(2000, scale), { application, release }, random);
  const directory = createDirectory({ application, user, release }, random);
  return {
    organization,
    user,
    application,
    release,
    device,
    device_tag: createTags(device, random),
    device_environment_variable: createVariables(device, random),
    application_tag: createApplicationTags(application, random),
    audit_entry: createHistory(device, directory, random),
  };
}
