import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type * as z from "zod";
import { type Mistake, UsageError } from "../../src/index.js";
import { type Config, configSchema, profilesSchema } from "./config-schema.js";
import { type Environment, fillIn } from "./fill-in.js";
import { withProfile } from "./profile.js";

/** The config with, for each place in it, how to point there: `pgmend.yaml:12:5 rules[0].is`. */
export interface ReadConfig {
  readonly config: Config;
  /** Where the file is: paths in it start there. Undefined where there is no file. */
  readonly folder?: string;
  /** Mistakes of the file itself; `config` is then what is left without the settings that have them. */
  readonly mistakes?: readonly Mistake[];
  where(path: Path): string;
}

/** What a file is read with. */
export interface Reading {
  /** For `${NAME}` in its texts. */
  readonly env: Environment;
  /** The profile to lay over its settings. */
  readonly profile?: string | undefined;
}

const plain: Reading = { env: {} };

type Path = readonly (string | number)[];

/** No config is an empty one. */
export const noConfig: ReadConfig = { config: {}, where: (path) => pathText(path) };

/**
 * Reads and checks a config file.
 *
 * @throws UsageError with every mistake and its line and column
 */
export async function readConfig(file: string, reading: Reading = plain): Promise<ReadConfig> {
  return requireWhole(await tryConfigFile(file, reading));
}

/** For whoever lists the `mistakes` of the file together with other ones, and then stops. */
export async function tryConfigFile(file: string, reading: Reading = plain): Promise<ReadConfig> {
  try {
    return { ...tryConfig(await readFile(file, "utf8"), basename(file), reading), folder: dirname(file) };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const what = (code !== undefined && unreadable[code]) || String(cause);
    return { ...noConfig, mistakes: [{ where: `--config ${file}`, what }] };
  }
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "is a folder, not a file",
};

/** @throws UsageError with every mistake and its line and column */
export function parseConfig(text: string, name: string, reading: Reading = plain): ReadConfig {
  return requireWhole(tryConfig(text, name, reading));
}

/** @throws UsageError where the file has mistakes */
export function requireWhole(read: ReadConfig): ReadConfig {
  if (read.mistakes !== undefined) throw new UsageError(read.mistakes);
  return read;
}

function tryConfig(text: string, name: string, { env, profile }: Reading): ReadConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const broken = [
    ...document.errors.map(({ pos: [start], message }) => ({
      where: at(start),
      what: text.startsWith("${", start - 1) ? `${message}; ${quotesNeeded}` : message,
    })),
    ...(document.errors.length > 0 ? [] : danglingAliases(document)).map(({ name: alias, offset }) => ({
      where: at(offset),
      what: `nothing is called "${alias}" here; a glob that begins with * is written in quotes`,
    })),
  ].map(({ where, what }) => ({ where, what: `not valid YAML: ${what}` }));
  if (broken.length > 0) return { ...noConfig, mistakes: broken };
  const point = (offset: number, path: Path) => `${at(offset)}${path.length > 0 ? ` ${pathText(path)}` : ""}`;
  const inFile = (path: Path) => point(offsetOf(document, path), path);
  const keyInFile = (path: Path) => point(offsetOfKey(document, path), path);
  const given: unknown = document.toJS() ?? {};
  const parts = withProfile(Object(given), profile, name);
  const where = (path: Path) => inFile(parts.origin(path));
  const whereKey = (path: Path) => keyInFile(parts.origin(path));
  const { filled, mistakes: unset } = fillIn(parts.settings, env, where);
  const parsed = configSchema.safeParse(Array.isArray(given) || Object(given) !== given ? given : filled);
  const issues = parsed.error?.issues ?? [];
  const mistakes = [
    ...parts.mistakes,
    ...unset,
    // A text that could not be filled in is told of once.
    ...issues
      .flatMap((issue) => mistakesOf(issue, where, whereKey))
      .filter((mistake) => !unset.some((other) => other.where === mistake.where)),
  ];
  // Those of the profile that is laid over are told by now.
  const known = new Set(mistakes.map((mistake) => mistake.where));
  mistakes.push(...strayProfiles(given, inFile, keyInFile).filter((mistake) => !known.has(mistake.where)));
  if (mistakes.length === 0 && parsed.success) return { config: parsed.data, where };
  return { config: restOf(filled, issues), where, mistakes };
}

/** Profiles that nobody asked for: their values may need variables that are not set, but their names are checked. */
function strayProfiles(
  given: unknown,
  where: ReadConfig["where"],
  whereKey: ReadConfig["where"],
): readonly Mistake[] {
  const parsed = profilesSchema.safeParse(Object(given).profiles);
  return (parsed.error?.issues ?? []).flatMap((issue) =>
    mistakesOf({ ...issue, path: ["profiles", ...issue.path] }, where, whereKey),
  );
}

/** To YAML a brace within braces begins another map. */
const quotesNeeded = `between braces or brackets, $\{NAME} is written in quotes`;

/** The settings that nothing is wrong with. */
function restOf(given: unknown, issues: readonly z.core.$ZodIssue[]): Config {
  const wrong = issues.flatMap((issue) =>
    issue.path.length === 0 && issue.code === "unrecognized_keys" ? issue.keys : [String(issue.path[0])],
  );
  const rest = Object.entries(Object(given)).filter(([name]) => !wrong.includes(name));
  return configSchema.safeParse(Object.fromEntries(rest)).data ?? {};
}

/** `*.device` without quotes is an alias to YAML, which says so only when it is looked up. */
function danglingAliases(document: Document): readonly { readonly name: string; readonly offset: number }[] {
  const found: { name: string; offset: number }[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined)
        found.push({ name: alias.source, offset: alias.range?.[0] ?? 0 });
    },
  });
  return found;
}

/** Where a path stands; where it is missing, the nearest place above it that is there. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return 0;
}

/** The word before the colon: of a setting that should not be there, its value is not what is wrong. */
function offsetOfKey(document: Document, path: Path): number {
  const above: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pairs = isMap(above) ? above.items : [];
  const keys = pairs.flatMap(({ key }) =>
    isScalar(key) && String(key.value) === path.at(-1) ? [key.range?.[0]] : [],
  );
  return keys[0] ?? offsetOf(document, path);
}

function mistakesOf(
  issue: z.core.$ZodIssue,
  where: ReadConfig["where"],
  whereKey: ReadConfig["where"],
): readonly Mistake[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      where: whereKey([...path, key]),
      what: "there is no such setting here",
    }));
  }
  return [{ where: where(path), what: issue.message.replace(/^Invalid (input|option): /, "") }];
}

/** `rules[0].match.where` */
function pathText(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
    "",
  );
}
