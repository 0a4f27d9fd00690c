import { resolve } from "node:path";
import type { Command } from "commander";
import { type ConnectionTarget, type Mistake, UsageError } from "../../src/index.js";
import { tryFindConfig } from "../settings/find-config.js";
import { checkUrl, connectionUrl } from "../settings/parse-settings.js";
import type { ReadConfig } from "../settings/read-config.js";
import type { Terminal } from "../terminal.js";
import { type CommonFlags, unknownWords } from "./register.js";

type Role = "pre" | "post" | "current";

export interface FolderFlags extends CommonFlags, Partial<Readonly<Record<Role, string>>> {}

/** What a command about a recovery folder begins with. */
export interface OnFolder {
  readonly file: ReadConfig;
  /** The folder that was named, else the one of the config, else `recovery`; absolute. */
  readonly path: string;
  /** Of words, config and connections so far; the command adds its own. */
  readonly mistakes: Mistake[];
  /** By flag, environment or config, in this order; undefined where none says. */
  url(role: Role): string | undefined;
  /** The same, or another URL in its place; that there is none is a mistake. */
  target(role: Role, url?: string): ConnectionTarget;
  /** @throws UsageError with all mistakes, when there are any */
  refuseMistakes(): void;
}

/** @param words how many words the command takes, the folder among them */
export async function onFolder(
  command: Command,
  { folder, words = 1 }: { readonly folder: string | undefined; readonly words?: number },
  flags: FolderFlags,
  { cwd, env }: Pick<Terminal, "cwd" | "env">,
): Promise<OnFolder> {
  const file = await tryFindConfig(flags.config, cwd, { env, profile: flags.profile });
  const ofFile = file.mistakes ?? [];
  const mistakes: Mistake[] = [...unknownWords(command, words), ...ofFile];
  const url = (role: Role) => connectionUrl({ flags, env, file }, role);
  return {
    ...{ file, mistakes, url },
    path: resolve(cwd, folder ?? file.config.out ?? "recovery"),
    target: (role, given) => checkUrl(role, given ?? url(role), mistakes, file.mistakes !== undefined),
    refuseMistakes: () => {
      if (mistakes.length === 0) return;
      // The help says nothing of what the file alone has wrong.
      const isOfFile = mistakes.length === ofFile.length;
      const hint = `pgmend ${command.name()} --help shows every flag with examples`;
      throw new UsageError(mistakes, isOfFile ? undefined : hint);
    },
  };
}
