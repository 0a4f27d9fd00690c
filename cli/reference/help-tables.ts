import { exitCodes, exitCodeWords } from "../exit-codes.js";
import { environment } from "./environment.js";

/** What all commands have in common, below the help of `pgmend`. */
export function helpTables(): string {
  return `
Exit codes:
${rows(exitCodeRows())}

Environment:
${rows(Object.entries(environment))}`;
}

/** Each exit code with what it means. */
export function exitCodeRows(): readonly (readonly [code: string, words: string])[] {
  const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  return names.map((name) => [String(exitCodes[name]), exitCodeWords[name]]);
}

function rows(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, words]) => `  ${name.padEnd(width)}  ${words}`).join("\n");
}
