import type { Talk, Terminal } from "../terminal.js";

/** Where a story is told. */
export interface Scene {
  /** URL of a database on its server by name. */
  readonly url: (database: string) => string;
  readonly say: (text: string) => void;
  readonly terminal: Terminal;
  readonly talk: Talk;
}

/** A sentence that must be true, and what speaks against it. */
export interface Check {
  readonly what: string;
  readonly problems: readonly string[];
}

const shownProblems = 5;

/** @returns whether it is true */
export function sayVerdict({ say }: Scene, { what, problems }: Check): boolean {
  say(problems.length === 0 ? `  ok    ${what}` : `  WRONG ${what}`);
  for (const problem of problems.slice(0, shownProblems)) say(`        ${problem}`);
  return problems.length === 0;
}
