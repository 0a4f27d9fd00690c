import type { Table } from "../../model/table.js";
import { glob, isGlob } from "./glob.js";

/**
 * Whether a table is meant by globs over labels: `public.device`, `billing.*`, `*` for every table of every schema. A
 * pattern without a schema speaks of `public`, unless it begins with a star: `dev*` is `public.dev*`, and never all
 * tables of a schema `devices`.
 * Undefined matches every table.
 */
export function matchesTable(patterns: readonly string[] | undefined, table: Pick<Table, "label">): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesLabel(pattern, table.label));
}

function matchesLabel(pattern: string, label: string): boolean {
  if (pattern === label || matchesName(`public.${pattern}`, label)) return true;
  return /^\*|\./.test(pattern) && matchesName(pattern, label);
}

/** Whether a column is meant by names or globs. */
export function matchesColumns(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesName(pattern, name));
}

/** Whether a name is meant: by its own letters, whatever they are, or by a glob. */
export function matchesName(pattern: string, name: string): boolean {
  return pattern === name || (isGlob(pattern) && compiledGlob(pattern)(name));
}

const compiled = new Map<string, (name: string) => boolean>();

/** The same few patterns meet every table and column, so they are compiled once. */
function compiledGlob(pattern: string): (name: string) => boolean {
  let matcher = compiled.get(pattern);
  if (matcher === undefined) {
    matcher = glob(pattern);
    compiled.set(pattern, matcher);
  }
  return matcher;
}
