import type { RowVerdict, Verdicts } from "./verdict.js";
import type { Incident } from "./world.js";

/** What of the contract an incident and its verdicts exercise, as labels to be counted. */
export function labelsOf(incident: Incident, verdicts: Verdicts): string[] {
  const rows = verdicts.tables.flatMap((table) => [...table.rows.values()]);
  return [
    ...requestLabels(incident),
    ...incident.tables.flatMap((table) =>
      table.columns.map(({ name, type }) => `${table.key.includes(name) ? "key" : "column"} ${type}`),
    ),
    ...rows.flatMap((row) => [
      `${incident.mode}: ${row.operation} ${row.outcome}`,
      `${incident.mode}: ${fate(row)}`,
      ...cellLabels(incident, row),
    ]),
  ];
}

function requestLabels({ mode, request, tables }: Incident): string[] {
  const { rules, strategies, touch, groups, excludeTables, damage, granularity } = request;
  return [
    `granularity ${granularity}`,
    `damage ${damage ? "given" : "default"}`,
    `touch ${touch ? JSON.stringify(touch) : "default"}`,
    ...rules.map((rule) => `${mode}: rule ${rule.is}${rule.columns ? " on columns" : ""}`),
    ...rules.flatMap((rule) => (rule.where ? [`where ${rule.where.kind}`] : [])),
    ...strategies.map((entry) => `strategy ${entry.use}${entry.columns ? " on columns" : ""}`),
    ...(groups.size > 0 ? ["groups"] : []),
    ...(excludeTables.length > 0 ? ["excluded tables"] : []),
    ...tables.flatMap((table) => [
      ...(table.generated.length > 0 ? ["generated column"] : []),
      ...(table.extra ? ["column in one database only"] : []),
      ...(table.columns.some((column) => column.identity) ? ["identity key"] : []),
      ...(table.order.pre.join() === table.order.current.join() ? [] : ["another column order"]),
      ...(table.key.length === 0 ? ["no key"] : []),
      ...(table.plain ? [] : ["hostile table name"]),
    ]),
  ];
}

function fate({ outcome, kind, decided }: RowVerdict): string {
  if (kind === undefined) return outcome;
  return decided ? `${kind} settled: ${outcome}` : `${kind} open`;
}

function cellLabels({ request }: Incident, row: RowVerdict): string[] {
  const labels = [];
  if (row.outcome === "conflict" && row.write) labels.push("clean cells of a row in conflict");
  const groups = [...request.groups.values()].flat();
  if (groups.some((group) => row.columns.filter((name) => group.includes(name)).length > 1)) {
    labels.push("group in conflict");
  }
  return labels;
}
