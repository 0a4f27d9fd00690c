import { daysBefore, timestamp } from "../moments.js";
import { numbering } from "../numbering.js";
import type { Random } from "../random.js";
import { night } from "./moments.js";
import * as names from "./names.js";
import type { Organization, User } from "./rows.js";

const usersEach = 4;

export function createOrganizations(count: number, random: Random): Organization[] {
  const nextId = numbering(random);
  return Array.from({ length: count }, (_, index) => ({
    id: nextId(),
    name: `${random.pick(names.organizations)} ${index + 1}`,
    country: random.pick(names.countries),
    created_at: timestamp(random.between(daysBefore(1000, night.pre), daysBefore(900, night.pre))),
  }));
}

export function createUsers(organizations: readonly Organization[], random: Random): User[] {
  const nextId = numbering(random);
  return organizations.flatMap((organization) =>
    Array.from({ length: usersEach }, () => createUser(nextId(), organization, random)),
  );
}

function createUser(id: number, organization: Organization, random: Random): User {
  const username = `${random.pick(names.people)}-${id}`;
  const created = random.between(daysBefore(900, night.pre), daysBefore(800, night.pre));
  return {
    id,
    organization: organization.id,
    username,
    email: `${username}@example.com`,
    is_active: random.chance(0.95),
    created_at: timestamp(created),
    modified_at: timestamp(random.between(created, night.pre)),
  };
}
