import type { Value } from "../../../src/model/value.js";

/**
 * Reads a literal as PostgreSQL does with standard_conforming_strings on; throws where it would refuse it, or where
 * more follows.
 */
export function readLiteral(sql: string): Value {
  if (sql === "NULL") return null;
  const found = /^(E?)'((?:[^'\\]|''|\\.)*)'$/s.exec(sql);
  const [, escapes, body = ""] = found ?? [];
  if (found === null) throw new SyntaxError(`no literal: ${sql}`);
  if (escapes !== "E") return body.replaceAll("''", "'");
  return body.replace(/''|\\u([0-9a-f]{4})|\\([nrt\\])|\\./gs, (text, code?: string, letter?: string) => {
    if (text === "''") return "'";
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    if (letter === undefined) throw new SyntaxError(`no escape we use: ${text}`);
    return { n: "\n", r: "\r", t: "\t" }[letter] ?? "\\";
  });
}

const tokens =
  /--[^\n]*|\/\*.*?\*\/|E'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$(.*?)\$\1\$/gs;

/**
 * What PostgreSQL would take for code: without comments, strings and quoted names; bodies between dollar quotes are
 * code of their own. Hostile text must never turn up here.
 */
export function codeOf(sql: string): string {
  return sql.replace(tokens, (_, _tag: string | undefined, body: string | undefined) =>
    body === undefined ? " … " : codeOf(body),
  );
}

/** The same text with every quoted name cut short. */
export function withoutQuotedNames(sql: string): string {
  return sql.replace(tokens, (token) => (token.startsWith('"') ? '"…"' : token));
}
