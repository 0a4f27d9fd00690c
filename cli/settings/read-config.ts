import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { type Mistake, UsageError } from "../../src/index.js";
import { type Config, configSchema } from "./config-schema.js";

/** The config with, for each place in it, how to point there: `pgmend.yaml:12:5 rules[0].is`. */
export interface ReadConfig {
  readonly config: Config;
  where(path: readonly (string | number)[]): string;
}

/** No config is an empty one. */
export const noConfig: ReadConfig = { config: {}, where: (path) => pathText(path) };

/**
 * Reads and checks a config file.
 *
 * @throws UsageError with every mistake and its line and column
 */
export async function readConfig(file: string): Promise<ReadConfig> {
  return parseConfig(await readText(file), basename(file));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const what = code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "permission denied" : String(cause);
    throw new UsageError([{ where: `--config ${file}`, what }]);
  }
}

export function parseConfig(text: string, name: string): ReadConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new UsageError(
      document.errors.map((error) => ({ where: at(error.pos[0]), what: `not valid YAML: ${error.message}` })),
    );
  }
  const where = (path: readonly (string | number)[]) =>
    `${at(offsetOf(document, path))}${path.length > 0 ? ` ${pathText(path)}` : ""}`;
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw new UsageError(parsed.error.issues.flatMap((issue) => mistakesOf(issue, where)));
  return { config: parsed.data, where };
}

/** Where a path stands; where it is missing, the nearest place above it that is there. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return 0;
}

function mistakesOf(issue: z.core.$ZodIssue, where: ReadConfig["where"]): readonly Mistake[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ where: where([...path, key]), what: "there is no such setting here" }));
  }
  return [{ where: where(path), what: issue.message.replace(/^Invalid (input|option): /, "") }];
}

/** `rules[0].match.where` */
function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
    "",
  );
}
