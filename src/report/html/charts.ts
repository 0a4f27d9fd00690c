import { type Outcome, outcomes } from "../../model/change.js";
import { meanings } from "../answer.js";
import type { Summary, TableSummary } from "../summary.js";
import { number } from "../text.js";
import { html } from "./escape.js";

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** Outcomes of one table; what is written counts as `apply`. */
export function outcomesOf(table: TableSummary): OutcomeCounts {
  const { already, kept, excluded, skipped } = table;
  const total = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { apply: total(table.apply), conflict: total(table.conflicts), already, kept, excluded, skipped };
}

/** In the order in which a reader cares: what is open first after what is written. */
export const shownOrder = ["apply", "conflict", "already", "kept", "skipped", "excluded"] as const;

const barWidth = 1000;

/** One bar cut by outcome. It only shows what stands in words beside it, so screen readers are spared. */
export function outcomeBar(counts: OutcomeCounts, largest = 0, height = 14): string {
  const total = outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
  const scale = total === 0 ? 0 : barWidth / Math.max(total, largest);
  let x = 0;
  const parts = shownOrder.flatMap((outcome) => {
    if (counts[outcome] === 0) return [];
    // However few they are, rows that are there can be seen.
    const width = Math.max(counts[outcome] * scale, 4);
    const part = `<rect class="fill-${outcome}" x="${x.toFixed(1)}" y="0" width="${Math.max(width - 1.5, 2.5).toFixed(1)}" height="${height}"></rect>`;
    x += width;
    return [part];
  });
  const whole = Math.max(barWidth, Math.ceil(x));
  return `<svg class="bar" viewBox="0 0 ${whole} ${height}" preserveAspectRatio="none" aria-hidden="true" focusable="false">${parts.join("")}</svg>`;
}

/** All rows of the incident delta by what became of them: a bar, and the same as a table. */
export function outcomesFigure({ totals }: Summary): string {
  const lines = shownOrder.map((outcome) => {
    const share = totals.incoming === 0 ? 0 : (100 * totals[outcome]) / totals.incoming;
    return `<tr${totals[outcome] === 0 ? ' class="none"' : ""}><th scope="row">${badge(outcome)}</th><td class="n">${number(totals[outcome])}</td><td class="n">${percent(share)}</td><td>${html(meanings[outcome])}</td></tr>`;
  });
  return `<section aria-labelledby="h-outcomes"><h2 id="h-outcomes">What becomes of the ${number(totals.incoming)} changed rows</h2>
${outcomeBar(totals, 0, 26)}
<div class="wide"><table class="legend"><thead><tr><th scope="col">outcome</th><th scope="col" class="n">rows</th><th scope="col" class="n">share</th><th scope="col">meaning</th></tr></thead><tbody>${lines.join("\n")}</tbody></table></div></section>\n`;
}

/** Never a round figure for what is not: 100 % is all of them, 0 % is none. */
function percent(share: number): string {
  if (share === 0 || share === 100) return `${share} %`;
  return `${Math.min(99.9, Math.max(0.1, share)).toFixed(1)} %`;
}

/** An outcome by colour and by word. */
export function badge(outcome: Outcome): string {
  return `<span class="badge is-${outcome}">${outcome}</span>`;
}
