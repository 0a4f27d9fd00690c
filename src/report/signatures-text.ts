import { visible } from "../model/visible.js";
import { number, plural } from "./plural.js";
import type { SignatureSummary } from "./signatures.js";
import type { Summary } from "./summary.js";

/** So many are named on a terminal; all of them are in summary.json. */
const named = 8;
const namedOutliers = 3;
/** Longer lines would be several. */
const longest = 150;

/**
 * What the incident looks like, in a few lines: bulks and emptied tables first, as they are asked about, then the
 * largest of what is probably people's.
 */
export function signatureLines({ signatures, mode }: Summary): readonly string[] {
  if (signatures.length === 0) return [];
  const shown = chosen(signatures);
  const more = signatures.length - shown.length;
  return [
    `What the changes have in common (docs/signatures.md${mode === "undo" ? "; --damage-signature S1,… undoes just these" : ""}):`,
    ...shown.map(({ id, words }) => `  ${id.padEnd(3)} ${shortened(visible(words))}`),
    ...(more > 0
      ? [
          `  and ${number(more)} more ${plural(more, "signature")}, of ${rowsOf(signatures, shown)}: see summary.json`,
        ]
      : []),
    "",
  ];
}

/** Where a cascade began comes before all others, then what is most likely the damage, then what is unlike it. */
function chosen(signatures: readonly SignatureSummary[]): readonly SignatureSummary[] {
  const rank = ({ kind, emptied }: SignatureSummary) =>
    kind === "emptied" && emptied?.by === undefined ? 0 : kind === "scattered" || kind === "untold" ? 2 : 1;
  const byRank = [...signatures].sort((a, b) => rank(a) - rank(b));
  const outliers = byRank.filter(({ kind }) => kind === "outliers");
  const others = byRank.filter(({ kind }) => kind !== "outliers");
  const mostOthers = named - Math.min(outliers.length, namedOutliers);
  const first = others.slice(0, mostOthers);
  const shown = new Set([...first, ...outliers.slice(0, named - first.length)]);
  return signatures.filter((signature) => shown.has(signature));
}

function rowsOf(all: readonly SignatureSummary[], shown: readonly SignatureSummary[]): string {
  const rows = all.filter((one) => !shown.includes(one)).reduce((sum, one) => sum + one.rows, 0);
  return `${number(rows)} ${plural(rows, "row")}`;
}

function shortened(words: string): string {
  return words.length > longest ? `${words.slice(0, longest - 1)}…` : words;
}
