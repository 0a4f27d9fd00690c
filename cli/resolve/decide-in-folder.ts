import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import {
  type ConnectionTarget,
  type Decided,
  decide,
  openPlanStore,
  UsageError,
  type Wish,
} from "../../src/index.js";
import { planFile } from "../files.js";
import type { ResolveAction, ResolveRequest } from "../settings/resolve-request.js";
import type { Terminal } from "../terminal.js";

/** Saves what was asked for in the plan of a recovery folder; its files are not written here. */
export async function decideInFolder(
  folder: string,
  request: ResolveRequest & { readonly action: Exclude<ResolveAction, { kind: "list" | "write" }> },
  current: ConnectionTarget,
  terminal: Terminal,
): Promise<Decided> {
  const { deciding, dryRun } = request;
  const wish = await wishOf(request, terminal);
  const store = await openPlanStore(join(folder, planFile), { readOnly: dryRun });
  try {
    return await decide({ store, current, wish, deciding, dryRun, signal: terminal.signal });
  } finally {
    await store.close();
  }
}

async function wishOf(
  {
    action,
    filter,
    reason,
  }: ResolveRequest & { readonly action: Exclude<ResolveAction, { kind: "list" | "write" }> },
  terminal: Terminal,
): Promise<Wish> {
  if (action.kind === "reopen") return { kind: "reopen", filter };
  if (action.kind === "take") return { ...action, filter, reason };
  const file = action.file === "-" ? "standard input" : basename(action.file);
  return { kind: "lines", file, reason, bytes: await bytesOf(action.file, terminal) };
}

async function bytesOf(file: string, { input, cwd }: Terminal): Promise<Uint8Array> {
  if (file === "-") return buffer(input);
  try {
    return await readFile(resolve(cwd, file));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const what = (code !== undefined && unreadable[code]) || String(cause);
    throw new UsageError([{ where: `--from ${file}`, what }]);
  }
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "is a folder, not a file",
};
