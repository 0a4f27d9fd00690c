import { type Binaries, findInstallation, probeBinaries } from "./binaries.js";
import { Guard } from "./guard.js";
import { addMissingLinks, copyInstallation } from "./installation.js";
import { ServerError } from "./server-error.js";
import { findServerUser, type ServerUser } from "./server-user.js";

/** What every step of one server's life needs. */
export interface Site {
  readonly binaries: Binaries;
  readonly guard: Guard;
}

/** From when it is there, `guard.close()` removes all traces. */
export async function prepareSite(givenBinaries: string | undefined): Promise<Site> {
  const installation = findInstallation(givenBinaries);
  const user = await findServerUser();
  const guard = await Guard.create(user);
  try {
    return { binaries: await usableBinaries(installation, guard, user), guard };
  } catch (error) {
    await guard.close();
    throw error;
  }
}

async function usableBinaries(installation: string, guard: Guard, user: ServerUser): Promise<Binaries> {
  addMissingLinks(installation);
  const inPlace = await probeBinaries(installation, user);
  if (!("problem" in inPlace)) return inPlace;
  const copied = await probeBinaries(await copyInstallation(installation, guard), user);
  if (!("problem" in copied)) return copied;
  throw new ServerError("server-not-runnable", `PostgreSQL does not run on this machine: ${copied.problem}`, {
    hint: `the binaries are in ${installation}; they may be made for another system`,
  });
}
