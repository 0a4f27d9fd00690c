import picomatch from "picomatch";
import type { Table } from "../model/table.js";

/**
 * Whether a table is meant by globs over labels (`public.device`, `public.*`, `*`). A pattern without a schema also
 * means the table of that name in `public`. Undefined matches every table.
 */
export function matchesTable(patterns: readonly string[] | undefined, table: Pick<Table, "label">): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesLabel(pattern, table.label));
}

function matchesLabel(pattern: string, label: string): boolean {
  if (pattern === label || `public.${pattern}` === label) return true;
  if (!/[*?[{]/.test(pattern)) return false;
  return glob(pattern)(label) || glob(`public.${pattern}`)(label);
}

/** Whether a column is meant by names or globs. */
export function matchesColumns(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => pattern === name || glob(pattern)(name));
}

const compiled = new Map<string, (text: string) => boolean>();

/** A name against a glob; the same few patterns meet every table and column, so they are compiled once. */
export function glob(pattern: string): (text: string) => boolean {
  let matcher = compiled.get(pattern);
  if (matcher === undefined) {
    // Names are no paths: `*` crosses dots and slashes, and a leading dot is not special.
    const isMatch = picomatch(pattern.replaceAll("/", "\u0001"), { dot: true });
    matcher = (text) => isMatch(text.replaceAll("/", "\u0001"));
    compiled.set(pattern, matcher);
  }
  return matcher;
}
