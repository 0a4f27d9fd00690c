import type { Outcome } from "../../model/change.js";
import type { PlanHeader } from "../../model/plan.js";
import { fires } from "../../model/table.js";
import type { Answer } from "../answer.js";
import { intervalWords } from "../between.js";
import { describeMove } from "../sequences.js";
import { describeConnections, type Summary } from "../summary.js";
import { percentage, tenantName, tenantWays } from "../tenants.js";
import { number } from "../text.js";
import { badge, type OutcomeCounts, outcomeBar, outcomesOf, shownOrder } from "./charts.js";
import { html } from "./escape.js";

const verdicts: Readonly<Record<Answer["verdict"], string>> = {
  ready: "Ready to rehearse",
  review: "Something is open",
  nothing: "Nothing to do",
};

/** What happened, what will be done, what is open: before anything else on the page. */
export function answerSection({ verdict, headline, parts }: Answer): string {
  const items = parts.map(
    ({ question, lines }) =>
      `<div class="part"><dt>${html(question)}</dt><dd>${lines.map((line) => `<p>${figuresTogether(html(line))}</p>`).join("")}</dd></div>`,
  );
  return `<section class="answer is-${verdict}" aria-labelledby="h-answer">
<p class="verdict">${verdicts[verdict]}</p>
<h2 id="h-answer">${figuresTogether(html(headline))}</h2>
<dl>${items.join("\n")}</dl></section>\n`;
}

/** A number is not broken over two lines at the spaces between its thousands. */
function figuresTogether(text: string): string {
  return text.replace(/(?<=\d) (?=\d{3}(?!\d))/g, "\u202f");
}

/** By table: what the incident did, and what becomes of it. Tables without a changed row are only counted. */
export function tablesSection({ tables }: Summary): string {
  const rows = tables.map((table) => ({ table, counts: outcomesOf(table) }));
  const changed = rows
    .filter(({ counts }) => total(counts) > 0)
    .sort((a, b) => total(b.counts) - total(a.counts));
  if (changed.length === 0) return "";
  const largest = Math.max(...changed.map(({ counts }) => total(counts)));
  const lines = changed.map(({ table, counts }) => {
    const { insert, update, delete: deleted } = table.incident;
    const figures = [insert, update, deleted].map((n) => `<td class="n">${figure(n)}</td>`).join("");
    return `<tr><th scope="row" class="name">${html(table.table)}</th>${figures}${outcomeCells(counts)}<td class="chart">${outcomeBar(counts, largest)}</td></tr>`;
  });
  const same = rows.length - changed.length;
  const note =
    same === 0
      ? ""
      : `<p class="note">${number(same)} more compared ${same === 1 ? "table is" : "tables are"} the same in pre and post.</p>`;
  return `<section aria-labelledby="h-tables"><h2 id="h-tables">By table</h2>
<div class="wide"><table class="figures"><thead>
<tr><td></td><th scope="colgroup" colspan="3">the incident</th><th scope="colgroup" colspan="6">what becomes of it</th><td></td></tr>
<tr><th scope="col">table</th>${["insert", "update", "delete"].map((word) => `<th scope="col" class="n">${word}</th>`).join("")}${outcomeHeads()}<th scope="col" class="chart"><span class="hidden">chart</span></th></tr>
</thead><tbody>${lines.join("\n")}</tbody></table></div>${note}</section>\n`;
}

/** Tenants in the page; all of them are in summary.json. */
const shownTenants = 20;

/** What changed when; only where there were snapshots between pre and post. */
export function betweenSection({ between }: Summary): string {
  if (between === undefined) return "";
  const { damage, intervals } = between;
  const lines = intervals.map(({ tables, ...interval }) => {
    const figures = (["insert", "update", "delete"] as const)
      .map((operation) => tables.reduce((sum, counts) => sum + counts[operation], 0))
      .map((count) => `<td class="n">${figure(count)}</td>`)
      .join("");
    const words = tables.map(({ table, ...counts }) => `${table} ${number(total3(counts))}`).join(", ");
    return `<tr><th scope="row" class="name">${html(intervalWords(interval))}</th>${figures}<td>${html(words)}</td></tr>`;
  });
  const heads = ["insert", "update", "delete"]
    .map((word) => `<th scope="col" class="n">${word}</th>`)
    .join("");
  const said =
    damage.length === 0
      ? "Nobody said in which of them the damage was done: --damage-interval does, or during in a rule."
      : `Where no rule speaks, the damage was done in ${damage.map(intervalWords).join(", ")}.`;
  return `<section aria-labelledby="h-between"><h2 id="h-between">When rows changed</h2>
<div class="wide"><table class="figures"><thead><tr><th scope="col">interval</th>${heads}<th scope="col">tables</th></tr></thead><tbody>${lines.join("\n")}</tbody></table></div>
<p class="note">${html(said)}</p></section>\n`;
}

const total3 = (counts: Readonly<Record<"insert" | "update" | "delete", number>>) =>
  counts.insert + counts.update + counts.delete;

export function tenantsSection({ tenants = [] }: Summary): string {
  if (tenants.length === 0) return "";
  const largest = Math.max(...tenants.map(({ incoming }) => incoming));
  const lines = tenants.slice(0, shownTenants).map((tenant) => {
    const back = tenant.recovered === null ? "" : percentage(tenant);
    return `<tr><th scope="row" class="name">${html(tenantName(tenant.tenant))}</th><td class="n">${back}</td><td class="n">${number(tenant.incoming)}</td>${outcomeCells(tenant)}<td class="chart">${outcomeBar(tenant, largest)}</td></tr>`;
  });
  const more = tenants.length - lines.length;
  const note = more <= 0 ? "" : `<p class="note">${number(more)} more tenants are in summary.json.</p>`;
  const heads = ["back", "rows"].map((word) => `<th scope="col" class="n">${word}</th>`).join("");
  return `<section aria-labelledby="h-tenants"><h2 id="h-tenants">By tenant</h2>
<div class="wide"><table class="figures"><thead><tr><th scope="col">tenant</th>${heads}${outcomeHeads()}<th scope="col" class="chart"><span class="hidden">chart</span></th></tr></thead><tbody>${lines.join("\n")}</tbody></table></div>${note}
<p class="note">Back: of the rows that were to come back, the share that does.</p></section>\n`;
}

function outcomeHeads(): string {
  return shownOrder.map((outcome) => `<th scope="col" class="n">${badge(outcome)}</th>`).join("");
}

function outcomeCells(counts: OutcomeCounts): string {
  return shownOrder.map((outcome: Outcome) => `<td class="n">${figure(counts[outcome])}</td>`).join("");
}

const figure = (count: number) => (count === 0 ? '<span class="zero">0</span>' : number(count));

const total = (counts: OutcomeCounts) => shownOrder.reduce((sum, outcome) => sum + counts[outcome], 0);

/** What the plan was made of, and what a reviewer should know of it. */
export function planSection(header: PlanHeader, summary: Summary): string {
  const triggers = header.triggers
    .filter(fires)
    .map(({ table, partition = table, name, timing }) => `${partition}: ${name}, ${timing}`);
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["Databases", describeConnections(header)],
    ["Not compared", summary.leftOut.map(({ table, reason }) => `${table}: ${reason}`)],
    ["Sequences moved up", header.sequences.map(describeMove)],
    ["Triggers on the tables that are compared", triggers],
    ["How tenants were told", header.tenant === undefined ? [] : tenantWays(header.tenant)],
    ["Checked at the end of the patch", header.invariants.map(({ name }) => name)],
  ];
  const shown = lists.filter(([, items]) => items.length > 0);
  return `<section aria-labelledby="h-plan"><h2 id="h-plan">About this plan</h2><div class="columns">${shown
    .map(
      ([title, items]) =>
        `<div class="column"><h3>${title}</h3><ul>${items.map((item) => `<li>${html(item)}</li>`).join("")}</ul></div>`,
    )
    .join("\n")}</div></section>\n`;
}

/** Warnings a reader must not miss stand on top, too. */
export function warningsSection({ warnings }: Summary): string {
  if (warnings.length === 0) return "";
  return `<section class="warnings" aria-labelledby="h-warnings"><h2 id="h-warnings">${warnings.length === 1 ? "Warning" : "Warnings"}</h2><ul>${warnings.map((text) => `<li>${html(text)}</li>`).join("")}</ul></section>\n`;
}
