import { endOfQuoted } from "./quoted.js";

/** What PostgreSQL leaves without quotes. A blank that is not ASCII needs none. */
const bare = /[^"\\{},\t\n\v\f\r ]*/y;

/**
 * The elements of a one-dimensional array, each exactly as it is printed: `NULL` and `"NULL"` stay two things, and
 * nothing is lost in taking the quotes off and putting them on again. Undefined for all other arrays.
 */
export function parseArray(text: string): readonly string[] | undefined {
  if (text === "{}") return [];
  if (!text.startsWith("{") || !text.endsWith("}")) return undefined;
  const elements: string[] = [];
  for (let at = 1; ; at += 1) {
    const end = endOfElement(text, at);
    if (end === undefined || end === at) return undefined;
    elements.push(text.slice(at, end));
    if (end === text.length - 1) return elements;
    if (text[end] !== ",") return undefined;
    at = end;
  }
}

function endOfElement(text: string, start: number): number | undefined {
  if (text[start] === '"') return endOfQuoted(text, start);
  bare.lastIndex = start;
  return start + (bare.exec(text)?.[0].length ?? 0);
}

export function arrayText(elements: readonly string[]): string {
  return `{${elements.join(",")}}`;
}
