import type { PlanHeader } from "../model/plan.js";
import { fires } from "../model/table.js";
import { visible } from "../model/visible.js";
import { answer } from "./answer.js";
import { intervalWords } from "./between.js";
import { describeMove } from "./sequences.js";
import { describeConnections, type Summary } from "./summary.js";
import { tenantTable, tenantWays } from "./tenants.js";
import { number } from "./text.js";

/** `report.md`: for a ticket or a pull request. The same answer as the page gives, then figures; no rows. */
export function* reportMarkdown(header: PlanHeader, summary: Summary): Generator<string> {
  const { headline, parts } = answer(header, summary);
  const title = summary.mode === "undo" ? "Undo on" : "Replay onto";
  yield `# ${title} ${cell(summary.connections.current.database)}: recovery plan\n\n**${cell(headline)}**\n\n`;
  yield parts.map(({ question, lines }) => `- **${question}:** ${lines.map(cell).join(" ")}\n`).join("");
  yield* section("Warnings", summary.warnings);
  yield* signaturesSection(summary);
  yield* betweenSection(summary);
  yield* tablesSection(summary);
  yield* tenantsSection(header, summary);
  yield* conflictsSection(summary);
  yield* section(
    "Not compared",
    summary.leftOut.map(({ table, reason }) => `${table}: ${reason}`),
  );
  yield* section("Sequences moved up", header.sequences.map(describeMove));
  yield* section(
    "Triggers",
    header.triggers
      .filter(fires)
      .map(({ table, partition = table, name, timing }) => `${partition}: ${name}, ${timing}`),
  );
  yield* section("Databases", describeConnections(header));
  yield `\nPlan ${summary.planId}, made ${summary.createdAt} by pgmend ${summary.tool.version}. Every row is in report.html and plan.duckdb.\n`;
}

/** Signatures in the report; all of them are in summary.json. */
const shownSignatures = 30;

function* signaturesSection({ signatures }: Summary): Generator<string> {
  if (signatures.length === 0) return;
  yield "\n## What the changes have in common\n\n| signature | what was done |\n|---|---|\n";
  for (const { id, words } of signatures.slice(0, shownSignatures)) yield `| ${id} | ${cell(words)} |\n`;
  const more = signatures.length - shownSignatures;
  if (more > 0) yield `\n${number(more)} more: see summary.json.\n`;
}

/** What changed when; only where there were snapshots between pre and post. */
function* betweenSection({ between }: Summary): Generator<string> {
  if (between === undefined) return;
  yield "\n## When rows changed\n\n| interval | tables |\n|---|---|\n";
  for (const { tables, ...interval } of between.intervals) {
    const words = tables.map(({ table, ...counts }) => `${table} ${number(sum(counts))}`).join(", ");
    yield `| ${cell(intervalWords(interval))} | ${cell(words)} |\n`;
  }
  if (between.damage.length > 0)
    yield `\nWhere no rule speaks, the damage was done in ${between.damage.map((one) => cell(intervalWords(one))).join(", ")}.\n`;
}

/** Tables with a changed row, those with most of them first. */
function* tablesSection({ tables }: Summary): Generator<string> {
  const changed = tables
    .map((table) => ({ table, incident: sum(table.incident) }))
    .filter(({ incident }) => incident > 0)
    .sort((a, b) => b.incident - a.incident);
  if (changed.length === 0) return;
  yield "\n## By table\n\n";
  yield "| table | changed | insert | update | delete | conflict | already | kept | skipped | excluded |\n";
  yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const { table, incident } of changed) {
    const { insert, update, delete: deleted } = table.apply;
    const { already, kept, skipped, excluded } = table;
    const counts = [
      incident,
      insert,
      update,
      deleted,
      sum(table.conflicts),
      already,
      kept,
      skipped,
      excluded,
    ];
    yield `| ${cell(table.table)} | ${counts.map(number).join(" | ")} |\n`;
  }
  yield "\nInsert, update and delete are what the patch does; the rest is what becomes of the other changed rows.\n";
}

function* conflictsSection({ tables }: Summary): Generator<string> {
  const open = tables
    .flatMap(({ table, conflicts }) =>
      Object.entries(conflicts).map(([kind, rows]) => ({ table, kind, rows })),
    )
    .sort((a, b) => b.rows - a.rows);
  if (open.length === 0) return;
  yield "\n## Open conflicts\n\n| table | kind | rows |\n|---|---|--:|\n";
  for (const { table, kind, rows } of open) yield `| ${cell(table)} | ${cell(kind)} | ${number(rows)} |\n`;
  yield "\nEach is in conflicts.csv, to be decided there and handed back.\n";
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

/** Names may hold what Markdown or HTML would act on; an address in one of them becomes no link. */
function cell(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]<>|&#]/g, (character) => `\\${character}`)
    .replaceAll("://", ":\\/\\/")
    .replace(/www\./gi, (found) => found.replace(".", "\\."));
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
