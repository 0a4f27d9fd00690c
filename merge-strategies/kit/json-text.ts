import { compareDecimals, parseDecimal } from "./decimal.js";
import { endOfQuoted } from "./quoted.js";

/**
 * JSON as PostgreSQL prints it, taken apart without being decoded: a value stays the text it is, so that numbers keep
 * all their digits and their spelling (JSON.parse would make 9007199254740993 another number, and 1.0 a 1).
 */
export type JsonText = string;

export interface Member {
  /** As it is spelled, with its quotes. */
  readonly key: JsonText;
  readonly value: JsonText;
}

/** The members of an object by the name they mean, in order. */
export type Members = ReadonlyMap<string, Member>;

/** Objects in objects: deeper than anybody's document, and far from the end of our stack. */
const deepest = 100;

/** Punctuation, and strings whole, so that what is punctuation inside them is not seen. */
function* tokensOf(text: JsonText): Generator<{ readonly token: string; readonly index: number }> {
  const marks = /["{}[\],:]/g;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const { index } = mark;
    if (mark[0] === '"') marks.lastIndex = endOfQuoted(text, index) ?? text.length;
    yield { token: text.slice(index, marks.lastIndex), index };
  }
}

/** Whether it is JSON, not nested without end. All other functions here expect that. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  let depth = 0;
  for (const { token } of tokensOf(text)) {
    depth += step(token);
    if (depth > deepest) return false;
  }
  return true;
}

function step(token: string): number {
  return token === "{" || token === "[" ? 1 : token === "}" || token === "]" ? -1 : 0;
}

/** Undefined for what is no object, and for one that gives a name twice: which of the two counts is not ours to say. */
export function membersOf(text: JsonText): Members | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const members = new Map<string, Member>();
  let [depth, start] = [0, 0];
  let key: string | undefined;
  for (const { token, index } of tokensOf(text)) {
    if (depth === 1 && key === undefined && token.startsWith('"')) key = token;
    else if (depth === 1 && token === ":") start = index + 1;
    else if (depth === 1 && key !== undefined && (token === "," || token === "}")) {
      const name = JSON.parse(key) as string;
      if (members.has(name)) return undefined;
      members.set(name, { key, value: text.slice(start, index).trim() });
      key = undefined;
    }
    depth += step(token);
  }
  return members;
}

/** The same down to the spelling of each number and string; the order of keys and blanks between tokens aside. */
export function sameJson(a: JsonText, b: JsonText): boolean {
  if (a === b) return true;
  const [left, right] = [membersOf(a), membersOf(b)];
  if (left === undefined || right === undefined) return withoutBlanks(a) === withoutBlanks(b);
  return (
    left.size === right.size &&
    [...left].every(([name, { value }]) => {
      const other = right.get(name);
      return other !== undefined && sameJson(value, other.value);
    })
  );
}

function withoutBlanks(text: JsonText): JsonText {
  const parts: string[] = [];
  let from = 0;
  for (const { token, index } of tokensOf(text)) {
    parts.push(text.slice(from, index).trim(), token);
    from = index + token.length;
  }
  return [...parts, text.slice(from).trim()].join("");
}

/** One number or string in two spellings. */
export function sameScalar(a: JsonText, b: JsonText): boolean {
  if (a.startsWith('"') && b.startsWith('"')) return JSON.parse(a) === JSON.parse(b);
  const [left, right] = [parseDecimal(a), parseDecimal(b)];
  return left !== undefined && right !== undefined && compareDecimals(left, right) === 0;
}

export type PrintObject = (members: readonly Member[]) => JsonText;

/** As PostgreSQL prints jsonb: shorter keys first, then by their bytes. */
export const printJsonb: PrintObject = (members) => {
  const keyed = members.map((member) => ({ member, bytes: Buffer.from(JSON.parse(member.key) as string) }));
  keyed.sort((a, b) => a.bytes.length - b.bytes.length || Buffer.compare(a.bytes, b.bytes));
  return printSpaced(keyed.map(({ member }) => member));
};

const printSpaced: PrintObject = (members) =>
  `{${members.map(({ key, value }) => `${key}: ${value}`).join(", ")}}`;

const printTight: PrintObject = (members) =>
  `{${members.map(({ key, value }) => `${key}:${value}`).join(",")}}`;

/** `json` is kept as it is written: keys stay in their order, and blanks are set as the example sets them. */
export function printJsonLike(example: JsonText): PrintObject {
  return /":\s/.test(example) ? printSpaced : printTight;
}
