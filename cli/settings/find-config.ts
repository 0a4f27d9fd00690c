import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { noConfig, type ReadConfig, readConfig } from "./read-config.js";

const defaultName = "pgmend.yaml";

/** The config that was named, else `pgmend.yaml` where there is one, else none. */
export async function findConfig(asked: string | undefined, cwd: string): Promise<ReadConfig> {
  if (asked !== undefined) return readConfig(resolve(cwd, asked));
  const usual = resolve(cwd, defaultName);
  const isThere = await access(usual).then(
    () => true,
    () => false,
  );
  return isThere ? readConfig(usual) : noConfig;
}
