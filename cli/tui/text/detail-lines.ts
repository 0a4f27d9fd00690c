import { type ConflictDetail, databaseRoles, type Mode, type Table, type Value } from "../../../src/index.js";
import { causeText, omittedText } from "./causes.js";
import { blank, type Line, line, span } from "./line.js";
import { head, shown, wrap } from "./measure.js";
import { noRow, valueSpan } from "./value.js";
import { versionNames } from "./versions.js";

interface Wanted {
  readonly table: Table;
  readonly mode: Mode;
  /** Position of the column. */
  readonly column: number;
  /** Of the terminal. */
  readonly columns: number;
}

/** Values can be megabytes: they are broken into lines once, not with each key. */
const made = new WeakMap<ConflictDetail, Map<string, readonly Line[]>>();

/** A cell in all its versions, whole, and all that is in the way of the row: as many lines as that takes. */
export function detailLines(detail: ConflictDetail, wanted: Wanted): readonly Line[] {
  const known = made.get(detail) ?? new Map<string, readonly Line[]>();
  made.set(detail, known);
  const key = `${wanted.column} ${wanted.columns}`;
  const lines = known.get(key) ?? [
    ...whoseLines(detail),
    ...causeLines(detail, wanted),
    ...valueLines(detail, wanted),
  ];
  known.set(key, lines);
  return lines;
}

function whoseLines({ row: { tenant, actor } }: ConflictDetail): readonly Line[] {
  const whose = Object.entries({ tenant, actor }).flatMap(([word, name]) =>
    name === undefined ? [] : [line(span(word.padEnd(8), "dim"), shown(name))],
  );
  return whose.length === 0 ? [] : [...whose, blank];
}

function causeLines({ row: { causes = [] } }: ConflictDetail, { columns }: Wanted): readonly Line[] {
  if (causes.length === 0) return [];
  const links = causes.flatMap((cause, at) =>
    wrap(`${at + 1}. ${omittedText(cause)}${causeText(cause)}`, columns - 4).map((text) => line(`  ${text}`)),
  );
  return [line(span("In the way of this row, link by link:", "heading")), ...links, blank];
}

function valueLines({ row }: ConflictDetail, { table, mode, column, columns }: Wanted): readonly Line[] {
  const { name = "", type = "" } = table.columns[column] ?? {};
  const names = versionNames(mode);
  return [
    line(span(shown(name), "heading"), span(`  ${shown(type)}`, "dim")),
    ...databaseRoles.flatMap((role) => {
      const version = row[role];
      const value = version?.[column] ?? null;
      const size = typeof value === "string" ? `  ${value.length} characters` : "";
      return [
        blank,
        line(span(names[role], "key"), span(size, "dim")),
        ...(version === undefined ? [line("  ", noRow)] : wholeValue(value, columns - 4)),
      ];
    }),
  ];
}

/** Broken where the value breaks, and at the end of the line. */
function wholeValue(value: Value, columns: number): readonly Line[] {
  if (value === null || value === "") return [line("  ", valueSpan(value))];
  return value.split("\n").flatMap((text) => pieces(text, columns).map((piece) => line(`  ${piece}`)));
}

/** Code points made safe at once: what is longer, `shown` would shorten. */
const atOnce = 500;

function pieces(text: string, columns: number): readonly string[] {
  const found: string[] = [];
  const characters = [...text];
  let rest = "";
  for (let from = 0; from < characters.length; from += atOnce) {
    const lines = cut(rest + shown(characters.slice(from, from + atOnce).join("")), columns);
    found.push(...lines.slice(0, -1));
    rest = lines.at(-1) ?? "";
  }
  return [...found, rest];
}

function cut(safe: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let rest = safe;
  do {
    const part = head(rest, columns) || [...rest].slice(0, 1).join("");
    lines.push(part);
    rest = rest.slice(part.length);
  } while (rest !== "");
  return lines;
}
