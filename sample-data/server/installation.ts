import { spawn } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { Guard } from "./guard.js";
import { ServerError } from "./server-error.js";

interface Link {
  /** Below the installation. */
  readonly path: string;
  /** The file beside it that it stands for. */
  readonly target: string;
}

/** npm packages hold no links; the package's install script adds them, unless npm was told to run none. */
function linksOf(installation: string): readonly Link[] {
  const list = join(installation, "pg-symlinks.json");
  if (!existsSync(list)) return [];
  const entries = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  return entries.map(({ source, target }) => ({
    path: target.replace(/^native\//, ""),
    target: basename(source),
  }));
}

export function addMissingLinks(installation: string): void {
  for (const { path, target } of linksOf(installation)) {
    try {
      symlinkSync(target, join(installation, path));
    } catch {
      // It is there, or another process was faster, or this is not ours to write: running the server will tell.
    }
  }
}

const UNPACK = `
mkdir postgresql && cd postgresql && tar -xf - || exit 1
while [ $# -gt 0 ]; do [ -L "$1" ] || ln -s "$2" "$1" || exit 1; shift 2; done
`;

/**
 * For where the server's user cannot go (a clone below /root), or where links are missing that are not ours to add:
 * we read, that user writes. Each server has its own copy in its own folder, so there is nothing to race for or to
 * tamper with, and nothing is left behind; answers where it is.
 */
export async function copyInstallation(installation: string, guard: Guard): Promise<string> {
  // Archives are for linking against; the server runs without.
  const reader = spawn("tar", ["-C", installation, "-cf", "-", "--exclude=*.a", "."], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const readable = new Promise((resolve) => reader.once("error", resolve).once("close", resolve));
  const links = linksOf(installation).flatMap(({ path, target }) => [path, target]);
  const { exitCode, output } = await guard.run(UNPACK, links, reader.stdout);
  if ((await readable) === 0 && exitCode === 0) return join(guard.folder.path, "postgresql");
  throw new ServerError(
    "server-not-runnable",
    `the PostgreSQL binaries could not be copied: ${output.trim()}`,
    {
      hint: `the server's user cannot run those in ${installation}; check that tar is installed and the disk not full`,
    },
  );
}
