import type { PlannedRow } from "../../model/change.js";
import type { PlanHeader } from "../../model/plan.js";
import { answer } from "../answer.js";
import type { Summary } from "../summary.js";
import { timelineSection } from "../timeline/timeline-html.js";
import type { TimelineSummary } from "../timeline/timeline-summary.js";
import { outcomesFigure } from "./charts.js";
import { html, jsonBlock } from "./escape.js";
import { pageScript, pageStyle } from "./page-assets.js";
import { blocks, type PageEnd, type PagePlan } from "./page-data.js";
import { pageRow } from "./page-rows.js";
import {
  answerSection,
  betweenSection,
  planSection,
  tablesSection,
  tenantsSection,
  warningsSection,
} from "./sections.js";
import { signaturesSection } from "./signatures-section.js";

/** What a browser can still hold and search without waiting. What is beyond it is said, and is in the plan. */
const mostRows = 200_000;
const mostBytes = 96_000_000;

/** The length of one block of rows: the page reads block by block, and answers its reader in between. */
const blockLength = 250_000;

/**
 * `report.html`: one page that asks nobody for anything. What matters is written out and can be read without scripts;
 * the rows are data, which a script in the page lists, filters and explains. Only that script runs, by its hash:
 * whatever a value holds, nothing else does.
 *
 * @param rows those that matter most first: where there are too many, the page has the first of them
 * @param timeline as it may be shown, where one has been made
 */
export async function* reportHtml(
  header: PlanHeader,
  summary: Summary,
  rows: AsyncIterable<readonly PlannedRow[]>,
  timeline?: TimelineSummary,
): AsyncGenerator<string> {
  yield head(header);
  yield answerSection(answer(header, summary));
  yield warningsSection(summary);
  yield outcomesFigure(summary);
  yield signaturesSection(summary);
  yield timelineSection(timeline);
  yield betweenSection(summary);
  yield tablesSection(summary);
  yield tenantsSection(summary);
  yield rowsPlace;
  yield planSection(header, summary);
  yield footer(summary);
  yield jsonBlock(blocks.plan, JSON.stringify(pagePlan(header, summary)));
  yield* rowBlocks(header, summary, rows);
  yield `<script>${pageScript.text}</script>\n</body></html>\n`;
}

function head({ planId, mode, createdAt, toolVersion, connections }: PlanHeader): string {
  const title = mode === "undo" ? "Undo on" : "Replay onto";
  const policy = `default-src 'none'; script-src '${pageScript.hash}'; style-src '${pageStyle.hash}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">
<title>${title} ${html(connections.current.database)} – recovery plan</title>
<style>${pageStyle.text}</style></head><body>
<a class="skip" href="#rows">Skip to the rows</a>
<header class="top"><p class="kicker">pgmend recovery plan</p>
<h1>${title} <span class="name">${html(connections.current.database)}</span></h1>
<p class="note">Plan <code>${html(planId)}</code>, made ${html(createdAt)} by pgmend ${html(toolVersion)}. Nothing has been written to any database by making it.</p></header>
<main>
`;
}

/** The page fills it; without scripts it says where the rows are. */
const rowsPlace = `<section id="timeline" aria-labelledby="h-timeline" hidden><h2 id="h-timeline">When the rows were written</h2></section>
<section id="rows" aria-labelledby="h-rows" tabindex="-1"><h2 id="h-rows">Rows</h2>
<noscript><p>The list of rows needs JavaScript, which runs in this page alone. All rows are in changes.jsonl, conflicts.csv and plan.duckdb, too.</p></noscript>
<div id="list"></div></section>
`;

function footer({ planId }: Summary): string {
  return `</main><footer class="note">Plan ${html(planId)}. The files beside this one: patch.sql, rollback.sql, conflicts.csv, changes.jsonl, plan.duckdb.</footer>\n`;
}

function pagePlan({ mode, touchWrite, tables, connections }: PlanHeader, summary: Summary): PagePlan {
  const changed = new Set(
    summary.tables
      .filter(({ incident }) => Object.values(incident).some((n) => n > 0))
      .map(({ table }) => table),
  );
  const { pre, post, current } = connections;
  return {
    mode,
    touchWrite,
    tables: tables.map((table) => (changed.has(table.label) ? table : null)),
    databases: { pre: pre.database, post: post.database, current: current.database },
    redacted: summary.redacted !== undefined,
  };
}

async function* rowBlocks(
  { tables }: PlanHeader,
  summary: Summary,
  rows: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<string> {
  let block: string[] = [];
  let [length, bytes, count] = [0, 0, 0];
  const flush = () => {
    const text = block.length === 0 ? "" : jsonBlock(blocks.rows, `[${block.join(",")}]`);
    [block, length] = [[], 0];
    return text;
  };
  reading: for await (const batch of rows) {
    for (const row of batch) {
      const table = tables[row.table];
      if (table === undefined) continue;
      if (count >= mostRows || bytes >= mostBytes) break reading;
      const line = JSON.stringify(pageRow(table, row));
      block.push(line);
      length += line.length;
      bytes += line.length;
      count += 1;
      if (length >= blockLength) yield flush();
    }
  }
  yield flush();
  const end: PageEnd = { rows: count, of: summary.totals.incoming };
  yield jsonBlock(blocks.end, JSON.stringify(end));
}
