import { Readable } from "node:stream";
import { parse } from "fast-csv";
import { conflictColumns } from "./conflicts-csv.js";

/** A line of an edited `conflicts.csv` that says something; texts as they stand there, without blanks around them. */
export interface DecidedLine {
  /** As a spreadsheet counts: the headings are line 1. */
  readonly line: number;
  readonly conflict: string;
  /** Undefined where the file has no such column any more, as below. */
  readonly table: string | undefined;
  readonly key: string | undefined;
  readonly kind: string | undefined;
  readonly column: string | undefined;
  readonly resolution: string;
  readonly value: string;
  readonly reason: string | undefined;
}

export interface LineMistake {
  readonly line: number;
  readonly what: string;
}

export interface DecidedLines {
  /** Only those with a resolution: a blank one leaves the conflict as it is. */
  readonly lines: readonly DecidedLine[];
  readonly mistakes: readonly LineMistake[];
}

/**
 * Reads `conflicts.csv` back, as spreadsheets leave it: with a byte order mark, in UTF-16, with semicolons or tabs, with
 * columns moved, missing or added at the end, in upper case. What only informs need not be there any more.
 */
export async function readConflictsCsv(bytes: Uint8Array): Promise<DecidedLines> {
  const text = decoded(bytes);
  if (text === undefined) return failed(1, "is not UTF-8: save it as CSV with the encoding UTF-8");
  const lines: DecidedLine[] = [];
  const mistakes: LineMistake[] = [];
  let names: readonly string[] | undefined;
  const fault = await eachRecord(text, (line, record) => {
    if (names === undefined) {
      names = record.map((name) => name.trim().toLowerCase());
      mistakes.push(...headingMistakes(names).map((what) => ({ line, what })));
    } else if (mistakes[0]?.line !== 1) readRecord(line, names, record, { lines, mistakes });
  });
  if (fault !== undefined) mistakes.push(fault);
  else if (names === undefined) mistakes.push({ line: 1, what: "is empty: there are no headings" });
  return { lines, mistakes };
}

function readRecord(
  line: number,
  names: readonly string[],
  record: readonly string[],
  found: { readonly lines: DecidedLine[]; readonly mistakes: LineMistake[] },
): void {
  const more = record.slice(names.length).filter((cell) => cell.trim() !== "").length;
  if (more > 0) {
    const what = `has ${more} more ${more === 1 ? "cell" : "cells"} than there are headings`;
    found.mistakes.push({ line, what });
  }
  const read = lineOf(line, names, record);
  if (read.reason !== undefined && failedFormula.test(read.reason)) {
    const what = `reason "${read.reason}" is what a spreadsheet made of a text that begins like a formula`;
    found.mistakes.push({ line, what: `${what}: write it again, beginning with a letter` });
  }
  if (read.resolution !== "") found.lines.push(read);
  else if (read.value !== "") {
    const what = 'has a value, but no resolution: write "value" there, or take the value out';
    found.mistakes.push({ line, what });
  }
}

/** What spreadsheets save in place of a formula that they could not work out. */
const failedFormula = /^(Err:\d+|#(NAME\?|(VALUE|REF|NUM|NULL|DIV\/0)!|N\/A))$/;

function failed(line: number, what: string): DecidedLines {
  return { lines: [], mistakes: [{ line, what }] };
}

function decoded(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    // It takes the byte order mark off.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** @returns what cannot be read as CSV, if anything */
function eachRecord(
  text: string,
  read: (line: number, record: readonly string[]) => void,
): Promise<LineMistake | undefined> {
  let line = 0;
  return new Promise((resolve) => {
    // Line by line, for the parser does not say where a fault is; a record it has taken in is read at once.
    Readable.from(text.match(/[^\n]*\n|[^\n]+$/g) ?? [])
      .pipe(parse<string[], string[]>({ headers: false, delimiter: delimiterOf(text) }))
      .on("data", (record: string[]) => {
        line += 1;
        read(line, record);
      })
      .on("error", ({ message }) => {
        const what = message.replace(/^Parse Error: /, "").replace(/:? at '[\s\S]*$/, "");
        resolve({ line: line + 1, what: `cannot be read as CSV: ${what}` });
      })
      .on("end", () => resolve(undefined));
  });
}

/** Spreadsheets of some countries write semicolons; text from the clipboard has tabs. Headings have none of these. */
function delimiterOf(text: string): string {
  const headings = text.slice(0, text.search(/[\r\n]|$/));
  const counts = [",", ";", "\t"].map((mark) => [mark, headings.split(mark).length] as const);
  return counts.reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}

function headingMistakes(names: readonly string[]): readonly string[] {
  const missing = ["conflict", "resolution"].filter((name) => !names.includes(name));
  const known: readonly string[] = conflictColumns;
  const twice = known.filter((name) => names.filter((one) => one === name).length > 1);
  return [
    ...missing.map((name) => `has no column "${name}"; the headings are ${conflictColumns.join(",")}`),
    ...twice.map((name) => `has the column "${name}" twice`),
  ];
}

function lineOf(line: number, names: readonly string[], record: readonly string[]): DecidedLine {
  const cell = (name: string) => {
    const at = names.indexOf(name);
    return at === -1 ? undefined : (record[at] ?? "").trim();
  };
  return {
    line,
    conflict: cell("conflict") ?? "",
    table: cell("table"),
    key: cell("key"),
    kind: cell("kind"),
    column: cell("column"),
    resolution: (cell("resolution") ?? "").toLowerCase(),
    value: cell("value") ?? "",
    reason: withoutGuard(cell("reason")),
  };
}

/** The apostrophe that keeps a spreadsheet from taking words for a formula is none of the words. */
function withoutGuard(text: string | undefined): string | undefined {
  return text !== undefined && /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}
