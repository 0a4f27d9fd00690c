import { html } from "../html/escape.js";
import { pageStyle } from "../html/page-assets.js";
import { number } from "../plural.js";
import { passwordHint } from "./plan-command.js";
import type { TimelineSummary } from "./timeline-summary.js";
import { findingWords, headline, kindWords } from "./timeline-words.js";

type Interval = TimelineSummary["intervals"][number];

/** `timeline.html`: one page without any script, in the style of report.html. */
export function* timelineHtml(summary: TimelineSummary): Generator<string> {
  yield head(summary);
  yield answerSection(summary);
  yield chartSection(summary.intervals);
  for (const interval of summary.intervals) yield intervalSection(interval);
  yield notesSection(summary);
  yield `</main><footer class="note">The same as data: timeline.json.</footer>\n</body></html>\n`;
}

function head({ snapshots, tool }: TimelineSummary): string {
  const policy = `default-src 'none'; style-src '${pageStyle.hash}'; base-uri 'none'; form-action 'none'`;
  const [first, last] = [snapshots[0], snapshots.at(-1)];
  const title = `${html(first?.label ?? "")} to ${html(last?.label ?? "")}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">
<title>${title} – timeline</title>
<style>${pageStyle.text}</style></head><body>
<header class="top"><p class="kicker">pgmend timeline</p>
<h1>${title}</h1>
<p class="note">${number(snapshots.length)} snapshots, read by pgmend ${html(tool.version)}. Nothing was written to any database.</p></header>
<main>
`;
}

function answerSection(summary: TimelineSummary): string {
  const { suggestions, abnormal } = summary;
  const parts = suggestions.map(
    ({ pre, post, command }) =>
      `<div class="part"><dt>pre = ${html(pre)}, post = ${html(post)}</dt><dd><pre>${html(command)}</pre></dd></div>`,
  );
  const hint = parts.length === 0 ? "" : `<p class="note">${html(passwordHint)}</p>`;
  return `<section class="answer is-${abnormal > 0 ? "review" : "nothing"}" aria-labelledby="h-answer">
<p class="verdict">${abnormal > 0 ? "Something happened" : "Nothing stands out"}</p>
<h2 id="h-answer">${html(headline(summary))}</h2>
<dl>${parts.join("\n")}</dl>${hint}</section>\n`;
}

/** The timeline as a section of report.html: what it came to, the chart, and what is abnormal. */
export function timelineSection(summary: TimelineSummary | undefined): string {
  if (summary === undefined) return "";
  const findings = summary.intervals.flatMap(({ from, to, minutes, findings }) =>
    findings.map((finding) => `<li>${html(`${from} → ${to}: ${findingWords(finding, minutes)}`)}</li>`),
  );
  const list = findings.length === 0 ? "" : `<ul>${findings.join("")}</ul>`;
  return `<section aria-labelledby="h-snapshots"><h2 id="h-snapshots">Between the snapshots</h2>
<p>${html(headline(summary))}</p>${list}
${chart(summary.intervals)}
<p class="note">From timeline.json, made by pgmend timeline of ${number(summary.intervals.length + 1)} snapshots.</p></section>\n`;
}

const barWidth = 1000;

/** Colours of report.html: what comes, what is merged with, what goes. */
const fills = { insert: "apply", update: "already", delete: "conflict" } as const;
const shown = ["insert", "update", "delete"] as const;

function chartSection(intervals: readonly Interval[]): string {
  return `<section aria-labelledby="h-chart"><h2 id="h-chart">Rows that changed</h2>
${chart(intervals)}</section>\n`;
}

function chart(intervals: readonly Interval[]): string {
  const largest = Math.max(1, ...intervals.map(({ counts }) => totalOf(counts)));
  const lines = intervals.map((interval) => {
    const { from, to, counts, abnormal } = interval;
    const figures = shown.map((operation) => `<td class="n">${number(counts[operation])}</td>`).join("");
    const mark = abnormal ? `<span class="badge is-conflict">abnormal</span>` : "";
    return `<tr><th scope="row" class="name">${html(`${from} → ${to}`)}</th><td>${mark}</td>${figures}<td class="chart">${bar(counts, largest)}</td></tr>`;
  });
  const heads = shown
    .map(
      (operation) =>
        `<th scope="col" class="n"><span class="badge is-${fills[operation]}">${operation}</span></th>`,
    )
    .join("");
  return `<div class="wide"><table class="figures"><thead><tr><th scope="col">interval</th><th scope="col"><span class="hidden">abnormal</span></th>${heads}<th scope="col" class="chart"><span class="hidden">chart</span></th></tr></thead><tbody>${lines.join("\n")}</tbody></table></div>`;
}

function totalOf(counts: Interval["counts"]): number {
  return counts.insert + counts.update + counts.delete;
}

/** It only shows what stands in figures beside it, so screen readers are spared. */
function bar(counts: Interval["counts"], largest: number): string {
  let x = 0;
  const parts = shown.flatMap((operation) => {
    if (counts[operation] === 0) return [];
    const width = Math.max((counts[operation] / largest) * barWidth, 4);
    const part = `<rect class="fill-${fills[operation]}" x="${x.toFixed(1)}" y="0" width="${Math.max(width - 1.5, 2.5).toFixed(1)}" height="14"></rect>`;
    x += width;
    return [part];
  });
  return `<svg class="bar" viewBox="0 0 ${Math.max(barWidth, Math.ceil(x))} 14" preserveAspectRatio="none" aria-hidden="true" focusable="false">${parts.join("")}</svg>`;
}

const shownKinds = 10;

function intervalSection({ from, to, minutes, findings, tables }: Interval): string {
  if (tables.length === 0) return "";
  const list = findings.map((finding) => `<li>${html(findingWords(finding, minutes))}</li>`).join("");
  const lines = tables.map(({ table, counts, kinds, otherKinds, schema }) => {
    const figures = shown.map((operation) => `<td class="n">${number(counts[operation])}</td>`).join("");
    const rest = kinds.slice(shownKinds).reduce((sum, { rows }) => sum + rows, otherKinds);
    const words = [
      ...schema,
      ...kinds.slice(0, shownKinds).map(kindWords),
      ...(rest > 0 ? [`${number(rest)} of other kinds`] : []),
    ];
    return `<tr><th scope="row" class="name">${html(table)}</th>${figures}<td>${words.map((text) => html(text)).join("<br>")}</td></tr>`;
  });
  const heads = shown.map((operation) => `<th scope="col" class="n">${operation}</th>`).join("");
  return `<section><h2>${html(`${from} → ${to}`)}</h2>${list === "" ? "" : `<div class="warnings"><ul>${list}</ul></div>`}
<div class="wide"><table class="figures"><thead><tr><th scope="col">table</th>${heads}<th scope="col">kinds of change</th></tr></thead><tbody>${lines.join("\n")}</tbody></table></div></section>\n`;
}

function notesSection({ snapshots, leftOut, warnings }: TimelineSummary): string {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    [
      "Snapshots",
      snapshots.map(
        ({ label, database, server, version }) => `${label}: ${database} on ${server}, PostgreSQL ${version}`,
      ),
    ],
    ["Not compared", leftOut.map(({ table, reason }) => `${table}: ${reason}`)],
    ["Warnings", warnings],
  ];
  const columns = lists
    .filter(([, items]) => items.length > 0)
    .map(
      ([title, items]) =>
        `<div class="column"><h3>${title}</h3><ul>${items.map((item) => `<li>${html(item)}</li>`).join("")}</ul></div>`,
    );
  return `<section aria-labelledby="h-notes"><h2 id="h-notes">About this timeline</h2><div class="columns">${columns.join("\n")}</div></section>\n`;
}
