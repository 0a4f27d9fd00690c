import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { noConfig, type ReadConfig, requireWhole, tryConfigFile } from "./read-config.js";

const defaultName = "pgmend.yaml";

/**
 * The config that was named, else `pgmend.yaml` where there is one, else none.
 *
 * @throws UsageError with every mistake and its place
 */
export async function findConfig(asked: string | undefined, cwd: string): Promise<ReadConfig> {
  return requireWhole(await tryFindConfig(asked, cwd));
}

/** The same, for whoever lists the `mistakes` of the file together with those of flags, and then stops. */
export async function tryFindConfig(asked: string | undefined, cwd: string): Promise<ReadConfig> {
  if (asked !== undefined) return tryConfigFile(resolve(cwd, asked));
  const usual = resolve(cwd, defaultName);
  const isThere = await access(usual).then(
    () => true,
    () => false,
  );
  return isThere ? tryConfigFile(usual) : noConfig;
}
