import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { noConfig, type ReadConfig, type Reading, requireWhole, tryConfigFile } from "./read-config.js";

const defaultName = "pgmend.yaml";

const surroundings: Reading = { env: process.env };

/**
 * The config that was named, else `pgmend.yaml` where there is one, else none.
 *
 * @throws UsageError with every mistake and its place
 */
export async function findConfig(
  asked: string | undefined,
  cwd: string,
  reading: Reading = surroundings,
): Promise<ReadConfig> {
  return requireWhole(await tryFindConfig(asked, cwd, reading));
}

/** The same, for whoever lists the `mistakes` of the file together with those of flags, and then stops. */
export async function tryFindConfig(
  asked: string | undefined,
  cwd: string,
  reading: Reading = surroundings,
): Promise<ReadConfig> {
  if (asked !== undefined) return tryConfigFile(resolve(cwd, asked), reading);
  const usual = resolve(cwd, defaultName);
  const isThere = await access(usual).then(
    () => true,
    () => false,
  );
  if (isThere) return tryConfigFile(usual, reading);
  if (reading.profile === undefined) return noConfig;
  const what = `there is no ${defaultName} here to have profiles; name the file with --config`;
  return { ...noConfig, mistakes: [{ where: "--profile", what }] };
}
