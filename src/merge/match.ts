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
  return matchesName(pattern, label) || matchesName(`public.${pattern}`, label);
}

/** Whether a column is meant by names or globs. */
export function matchesColumns(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesName(pattern, name));
}

/**
 * Whether a name is meant: literally, or by a glob of `*`, `?`, `[…]` and `{…,…}`. Whatever else a pattern holds
 * stands for itself: a column that is called `!important` must not mean every column but `important`.
 */
export function matchesName(pattern: string, name: string): boolean {
  return pattern === name || (/[*?[{]/.test(pattern) && glob(pattern)(name));
}

const compiled = new Map<string, (text: string) => boolean>();

/** The same few patterns meet every table and column, so they are compiled once. */
function glob(pattern: string): (text: string) => boolean {
  let matcher = compiled.get(pattern);
  if (matcher === undefined) {
    const isMatch = picomatch(withoutPaths(pattern.replace(onlyText, escaped)), globOptions);
    matcher = (text) => isMatch(withoutPaths(text));
    compiled.set(pattern, matcher);
  }
  return matcher;
}

const globOptions = {
  dot: true,
  nonegate: true,
  noextglob: true,
  windows: false,
  // `[!…]` means what it does in a shell.
  posix: true,
  // `*` may begin with a line break.
  flags: "s",
  // They escape only the first of two like characters: `$$*` would match nothing.
  fastpaths: false,
};

/** What picomatch would act on and we do not; a backslash escapes only what is special to us. */
const onlyText = /\\[*?[\]{}\\]|[\\"()|+]/g;

function escaped(found: string): string {
  return found.length === 1 ? `\\${found}` : found;
}

/** Names are no paths: `*` crosses dots and slashes, and no dot is special. */
function withoutPaths(text: string): string {
  return text.replaceAll("/", "\u0001").replaceAll(".", "\u0002");
}
