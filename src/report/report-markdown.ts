import type { PlanHeader } from "../model/plan.js";
import { fires } from "../model/table.js";
import { visible } from "../model/visible.js";
import { describeMove } from "./sequences.js";
import { describeConnections, type Summary } from "./summary.js";
import { tenantTable, tenantWays } from "./tenants.js";
import { number } from "./text.js";

/** `report.md`: the summary for a ticket or a pull request. */
export function* reportMarkdown(header: PlanHeader, summary: Summary): Generator<string> {
  const { totals, tables, leftOut, warnings } = summary;
  yield `# Recovery plan ${summary.planId}\n\n`;
  yield `Mode **${summary.mode}**, made ${summary.createdAt} by pgmend ${summary.tool.version}.\n\n`;
  yield describeConnections(header.connections)
    .map((line) => `- ${cell(line)}\n`)
    .join("");
  yield `\n${number(totals.rowsCompared)} rows were compared; ${number(totals.incoming)} differ between pre and post. `;
  yield totals.open === 0 ? "Nothing is open.\n\n" : `**${number(totals.open)} open.**\n\n`;
  yield "| table | insert | update | delete | already | conflict | kept | excluded | skipped |\n";
  yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const table of tables) {
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
    yield `| ${cell(table.table)} | ${counts.map(number).join(" | ")} |\n`;
  }
  yield* tenantsSection(header, summary);
  yield* section(
    "Left out",
    leftOut.map(({ table, reason }) => `${table}: ${reason}`),
  );
  yield* section("Warnings", warnings);
  yield* section("Sequences moved up", header.sequences.map(describeMove));
  yield* section(
    "Triggers",
    header.triggers
      .filter(fires)
      .map(({ table, partition = table, name, timing }) => `${partition}: ${name}, ${timing}`),
  );
}

function* tenantsSection({ tenant }: PlanHeader, { tenants }: Summary): Generator<string> {
  if (tenant === undefined || tenants === undefined) return;
  const { headings, lines, more } = tenantTable(tenants);
  yield `\n## By tenant\n\n| ${headings.join(" | ")} |\n|---|${"--:|".repeat(headings.length - 1)}\n`;
  for (const { name, cells } of lines) yield `| ${cell(name)} | ${cells.join(" | ")} |\n`;
  if (more > 0) yield `\n${number(more)} more: see summary.json.\n`;
  yield* section("How tenants were told", tenantWays(tenant));
}

function* section(title: string, items: readonly string[]): Generator<string> {
  if (items.length === 0) return;
  yield `\n## ${title}\n\n${items.map((item) => `- ${cell(item)}\n`).join("")}`;
}

/** Names may hold what Markdown or HTML would act on. */
function cell(text: string): string {
  return visible(text).replace(/[\\`*_[\]<>|&#]/g, (character) => `\\${character}`);
}
