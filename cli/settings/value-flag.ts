import type { Value } from "../../src/index.js";

/**
 * `--value 'release="17"'`, `--value release=null`: a column, and a value as in `conflicts.csv`. As JSON, so that NULL,
 * "" and "null" differ.
 *
 * @returns column and value, or what is wrong
 */
export function parseValueFlag(text: string): readonly [string, Value] | string {
  // A name in quotes may have an equals sign in it.
  const [, quoted, bare, json = ""] = /^(?:"((?:[^"]|"")+)"|([^="]+))=(.*)$/su.exec(text) ?? [];
  const column = quoted?.replaceAll('""', '"') ?? bare;
  if (column === undefined) return 'expected column="text", or column=null';
  const value = parseJson(json);
  if (value === null || typeof value === "string") return [column, value];
  const meant = /^[\w.:+-]+$/.test(json) ? JSON.stringify(json) : '"text"';
  return `expected a JSON text or null behind the equals sign: ${column}=${meant}, or ${column}=null`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
