import { visible } from "../../../src/index.js";
import { applyText } from "../../apply/apply-text.js";
import { rehearseText } from "../../apply/rehearse-text.js";
import { verifyText } from "../../apply/verify-text.js";
import type { StoryOf } from "../state/incident-places.js";
import type { AnyRunPlace, Ended } from "../state/recovery-places.js";
import { blank, type Line, line, span, type Tone } from "./line.js";
import { shown, wrap } from "./measure.js";
import { verdictOf } from "./run-verdict.js";

/** As many as results hold. */
const mostRows = 1000;

/** A result can be long: it is broken into lines once, not with each key. */
const made = new WeakMap<Ended, Map<number, readonly Line[]>>();

/** All that was found, as the commands print it; none while it is under way. */
export function runLines({ ended }: AnyRunPlace, columns: number): readonly Line[] {
  if (ended === undefined) return [];
  const known = made.get(ended) ?? new Map<number, readonly Line[]>();
  made.set(ended, known);
  const lines =
    known.get(columns) ??
    told(ended).flatMap(({ text, about }) => broken(text, columns).map((part) => ({ ...part, about })));
  known.set(columns, lines);
  return lines;
}

/** What was found, each line with the row that it names: rows are told in their order. */
function told(ended: Ended): readonly { readonly text: string; readonly about: StoryOf | undefined }[] {
  const rows = "result" in ended ? ended.result.rows : [];
  let next = 0;
  return foundText(ended).map((text) => {
    const row = rows[next];
    const name = row && visible(`${row.table} ${JSON.stringify(row.key)}`);
    if (row === undefined || !text.startsWith(`  ${row.state}: ${name}`)) return { text, about: undefined };
    next += 1;
    const key = Object.values(row.key).map((value) => value ?? "");
    // Without a key it is not known which of the copies is meant.
    return { text, about: key.length === 0 ? undefined : { table: row.table, key, isPlanned: true } };
  });
}

function foundText(ended: Ended): readonly string[] {
  switch (ended.kind) {
    case "rehearsed":
      return rehearseText(ended.result, mostRows).trimEnd().split("\n");
    case "applied":
      return applyText(ended.result, mostRows).trimEnd().split("\n");
    case "verified":
      return verifyText(ended.result, mostRows).trimEnd().split("\n");
    default:
      return [];
  }
}

/** How it ended and what to do now, above what was found. */
export function runHead(place: AnyRunPlace, columns: number): readonly Line[] {
  if (place.ended === undefined) return [];
  const { tone, text, hints } = verdictOf(place, place.ended);
  const mark = { good: "✓ ", warning: "! ", error: "✗ " }[tone];
  const said = (words: string, look: Tone) =>
    wrap(shown(words), Math.max(10, columns - 2)).map((part) => line(span(part, look)));
  return [...said(mark + text, tone), ...hints.flatMap((hint) => said(`  ${hint}`, "dim")), blank];
}

/** What is too long goes on below, further to the right. */
function broken(text: string, columns: number): readonly Line[] {
  const indent = /^ */.exec(text)?.[0] ?? "";
  const tone = toneOf(text);
  const parts = wrap(shown(text.trimStart()), Math.max(10, columns - 2 - indent.length - deeper.length));
  return parts.map((part, at) => line(span(`${indent}${at === 0 ? "" : deeper}${part}`, tone)));
}

const deeper = "    ";

function toneOf(text: string): Tone | undefined {
  if (/^\s*INVARIANT DOES NOT HOLD/.test(text)) return "error";
  if (/^\s*(moved|waits|not written|sequence .* should be)\b/.test(text)) return "warning";
  return /^\S.*:$/.test(text) ? "heading" : undefined;
}
