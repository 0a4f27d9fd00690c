import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Strategy } from "../../src/index.js";
import type { ReadConfig } from "./read-config.js";
import { parseStrategyFlag } from "./strategy-flag.js";

/** What each path turned out to be: a strategy or, in words, what is wrong. Whoever named the path says where. */
export type LoadedStrategies = ReadonlyMap<string, Strategy | string>;

/** By where they were named, as the same words may be two files: a path means a file beside what names it. */
export interface StrategyModules {
  readonly flags: LoadedStrategies;
  readonly config: LoadedStrategies;
}

/** `./mine.js`, `/srv/rules/mine.js`, `mine.mjs`; everything else is the name of a built-in strategy. */
export function isStrategyPath(use: string): boolean {
  return /^[./]|\.[cm]?js$/.test(use);
}

/**
 * Loads the user's own strategies: those of the config relative to its folder, those of flags relative to where the
 * command was given. Their code runs from here on. Never throws: what is wrong is told with all other mistakes.
 */
export async function loadStrategies(sources: {
  readonly flags: { readonly strategy?: readonly string[] };
  readonly file: ReadConfig;
  readonly cwd: string;
}): Promise<StrategyModules> {
  const { flags, file, cwd } = sources;
  const fromFlags = (flags.strategy ?? []).map(parseStrategyFlag);
  return {
    flags: await loadAll(
      fromFlags.flatMap((flag) => (typeof flag === "string" ? [] : [flag.use])),
      cwd,
    ),
    config: await loadAll(
      (file.config.strategies ?? []).map(({ use }) => use),
      file.folder ?? cwd,
    ),
  };
}

async function loadAll(uses: readonly string[], folder: string): Promise<LoadedStrategies> {
  const loaded = new Map<string, Strategy | string>();
  for (const use of new Set(uses.filter(isStrategyPath))) {
    loaded.set(use, await load(resolve(folder, use)));
  }
  return loaded;
}

async function load(path: string): Promise<Strategy | string> {
  try {
    await access(path);
  } catch {
    return `${path}: there is no such file, or it may not be read`;
  }
  try {
    return strategyOf(await import(/* @vite-ignore */ pathToFileURL(path).href), path);
  } catch (cause) {
    return `${path} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/** A stranger's module may export anything. */
function strategyOf(
  module: { readonly default?: unknown; readonly strategy?: unknown },
  path: string,
): Strategy | string {
  const found = module.default ?? module.strategy;
  if (found === undefined)
    return `${path} exports no strategy: expected a default export, or one called strategy`;
  const given = Object(found) as Readonly<Record<string, unknown>>;
  const { name, summary, resolve: decide, options, columnOptions } = given;
  const wrong = [
    ...(isText(name) ? [] : ["its name is not text"]),
    ...(isText(summary) ? [] : ["its summary is not text"]),
    ...(typeof decide === "function" ? [] : ["it has no function resolve"]),
    ...(areChecks(options) ? [] : ["its options are not functions, each to check a value"]),
    ...(areOptions(columnOptions, options) ? [] : ["its columnOptions are not a list of its options"]),
  ];
  return wrong.length === 0 ? (found as Strategy) : `${path} is not a strategy: ${wrong.join(", ")}`;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function areOptions(names: unknown, options: unknown): boolean {
  if (names === undefined) return true;
  return Array.isArray(names) && names.every((name) => Object.hasOwn(Object(options), name));
}

function areChecks(options: unknown): boolean {
  if (options === undefined) return true;
  if (typeof options !== "object" || options === null) return false;
  return Object.values(options).every((check) => typeof check === "function");
}
