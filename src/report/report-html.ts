import { type PlannedRow, versionsOf } from "../model/change.js";
import type { PlanHeader } from "../model/plan.js";
import { columnAt, fires, keyObject, type Table } from "../model/table.js";
import type { Row } from "../model/value.js";
import { visible } from "../model/visible.js";
import { describeMove } from "./sequences.js";
import { describeConnections, type Summary } from "./summary.js";
import { tenantTable, tenantWays } from "./tenants.js";
import { number } from "./text.js";

/** Conflicts, and skipped rows, shown in the page; all conflicts are in conflicts.csv, all rows in plan.duckdb. */
const shownRows = 1000;

/** `report.html`: one self-contained page without scripts, readable from disk. */
export async function* reportHtml(
  header: PlanHeader,
  summary: Summary,
  conflicts: AsyncIterable<readonly PlannedRow[]>,
  skipped: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<string> {
  const { totals } = summary;
  yield head(`Recovery plan ${summary.planId}`);
  yield `<h1>Recovery plan</h1><p>Plan ${html(summary.planId)}, mode <b>${summary.mode}</b>, made ${html(summary.createdAt)} by pgmend ${html(summary.tool.version)}.</p>`;
  yield list(describeConnections(header.connections));
  yield `<p class="answer">${number(totals.rowsCompared)} rows were compared; ${number(totals.incoming)} differ between pre and post. ${
    totals.open === 0 ? "Nothing is open." : `<strong>${number(totals.open)} open.</strong>`
  }</p>`;
  yield tablesSection(summary);
  yield tenantsSection(header, summary);
  yield section(
    "Left out",
    summary.leftOut.map(({ table, reason }) => `${table}: ${reason}`),
  );
  yield section("Warnings", summary.warnings);
  yield section("Sequences moved up", header.sequences.map(describeMove));
  yield section(
    "Triggers",
    header.triggers
      .filter(fires)
      .map(({ table, partition = table, name, timing }) => `${partition}: ${name}, ${timing}`),
  );
  yield* conflictsSection(header, totals.conflict + totals.decided, conflicts);
  yield* skippedSection(header, totals.skipped, skipped);
  yield "</main></body></html>\n";
}

function head(title: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(title)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid #8886; padding: .25rem .6rem; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.v { font-family: ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; max-width: 22rem; }
.answer { font-size: 1.15rem; }
.null { opacity: .55; font-style: italic; }
</style></head><body><main>
`;
}

function tablesSection({ tables }: Summary): string {
  const names = ["insert", "update", "delete", "already", "conflict", "kept", "excluded", "skipped"];
  const rows = tables.map((table) => {
    const { insert, update, delete: deleted } = table.apply;
    const conflicts = Object.values(table.conflicts).reduce((sum, count) => sum + count, 0);
    const counts = [
      insert,
      update,
      deleted,
      table.already,
      conflicts,
      table.kept,
      table.excluded,
      table.skipped,
    ];
    return `<tr><th>${html(table.table)}</th>${counts.map((n) => `<td class="n">${number(n)}</td>`).join("")}</tr>`;
  });
  return `<h2>By table</h2><table><tr><th>table</th>${names.map((name) => `<th class="n">${name}</th>`).join("")}</tr>${rows.join("\n")}</table>\n`;
}

function tenantsSection({ tenant }: PlanHeader, { tenants }: Summary): string {
  if (tenant === undefined || tenants === undefined) return "";
  const { headings, lines, more } = tenantTable(tenants);
  const rows = lines.map(
    ({ name, cells }) =>
      `<tr><th>${html(name)}</th>${cells.map((text) => `<td class="n">${html(text)}</td>`).join("")}</tr>`,
  );
  const heads = headings.map((name, at) => `<th${at === 0 ? "" : ' class="n"'}>${html(name)}</th>`);
  const others = more > 0 ? `<p>${number(more)} more: see summary.json.</p>` : "";
  return `<h2>By tenant</h2><table><tr>${heads.join("")}</tr>${rows.join("\n")}</table>${others}\n${section("How tenants were told", tenantWays(tenant))}`;
}

function section(title: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `<h2>${html(title)}</h2>${list(items)}`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${html(item)}</li>`).join("")}</ul>\n`;
}

async function* conflictsSection(
  header: PlanHeader,
  total: number,
  conflicts: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<string> {
  if (total === 0) return;
  yield `<h2>Conflicts</h2><p>${number(total)} rows${total > shownRows ? `, the first ${number(shownRows)} of them here, all in conflicts.csv` : ""}.</p>`;
  yield "<table><tr><th>row</th><th>kind</th><th>column</th><th>base</th><th>current</th><th>incoming</th><th>resolution</th><th>cause</th></tr>\n";
  yield* firstRows(header, conflicts, (table, row) =>
    row.conflict === undefined ? "" : conflictRows(header, table, row),
  );
  yield "</table>\n";
}

/** What needs something that was excluded, and what that is. */
async function* skippedSection(
  header: PlanHeader,
  total: number,
  skipped: AsyncIterable<readonly PlannedRow[]>,
): AsyncGenerator<string> {
  if (total === 0) return;
  yield `<h2>Skipped</h2><p>${number(total)} rows${total > shownRows ? `, the first ${number(shownRows)} of them here, all in plan.duckdb` : ""}.</p>`;
  yield "<table><tr><th>row</th><th>why</th></tr>\n";
  yield* firstRows(
    header,
    skipped,
    (table, row) => `<tr><td>${html(rowName(table, row))}</td><td>${html(row.reason ?? "")}</td></tr>\n`,
  );
  yield "</table>\n";
}

async function* firstRows(
  { tables }: PlanHeader,
  rows: AsyncIterable<readonly PlannedRow[]>,
  show: (table: Table, row: PlannedRow) => string,
): AsyncGenerator<string> {
  let left = shownRows;
  for await (const batch of rows) {
    const shown = batch.slice(0, left);
    left -= shown.length;
    yield shown.map((row) => show(tables[row.table] as Table, row)).join("");
    if (left === 0) return;
  }
}

function rowName(table: Table, { key }: PlannedRow): string {
  return `${table.label} ${JSON.stringify(keyObject(table, key))}`;
}

function conflictRows({ mode }: PlanHeader, table: Table, row: PlannedRow): string {
  const { base, current, incoming } = versionsOf(mode, row);
  const { kind = "", columns = [], resolution, cause = "" } = row.conflict ?? {};
  const cells = columns.map((at) => [
    columnAt(table, at).name,
    ...[base, current, incoming].map((r) => value(r, at)),
  ]);
  const lines = cells.length > 0 ? cells : [["", ...[base, current, incoming].map(presence)]];
  return lines
    .map(
      ([column = "", ...versions]) =>
        `<tr><td>${html(rowName(table, row))}</td><td>${html(kind)}</td><td>${html(column)}</td>${versions
          .map((version) => `<td class="v">${version}</td>`)
          .join("")}<td>${html(resolution ?? "open")}</td><td>${html(cause)}</td></tr>\n`,
    )
    .join("");
}

function value(row: Row | undefined, at: number): string {
  if (row === undefined) return '<span class="null">no row</span>';
  const text = row[at] ?? null;
  return text === null ? '<span class="null">NULL</span>' : html(text);
}

function presence(row: Row | undefined): string {
  return row === undefined ? '<span class="null">no row</span>' : "row";
}

/** Text as it may stand between tags and inside quoted attributes. */
function html(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
