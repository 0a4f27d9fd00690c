import { visible } from "../model/visible.js";
import { number, plural } from "./plural.js";
import type { Summary } from "./summary.js";
import { backOf, percentage, type TenantSummary, tenantName } from "./tenants.js";
import { whyNotLines } from "./why-not.js";

/** Tenants named on a terminal; all of them are in summary.json. */
const namedTenants = 5;
const longestName = 40;

/** How much comes back, overall and to the tenants that are worst off, and who is affected. */
export function recoveredLines(summary: Summary): readonly string[] {
  const { mode, totals, tenants = [], actors } = summary;
  const { back, all } = backOf(totals);
  if (all === 0) return affectedLine(actors);
  const what = mode === "replay" ? "of the work in the window is back" : "of the damage is mended";
  const rows = `${number(back)} of ${number(all)} ${plural(all, "row")}`;
  return [
    `Once the patch is applied, ${percentage(totals)} ${what} (${rows}).${back === all ? "" : " The others, and why:"}`,
    ...whyNotLines(summary),
    ...worstOff(tenants),
    ...affectedLine(actors),
  ];
}

function missing({ conflict, skipped }: Pick<TenantSummary, "conflict" | "skipped">): string {
  const parts = [
    ...(conflict > 0 ? [`${number(conflict)} in conflict`] : []),
    ...(skipped > 0 ? [`${number(skipped)} skipped`] : []),
  ];
  return parts.length === 0 ? "" : `; ${parts.join(", ")}`;
}

function worstOff(tenants: readonly TenantSummary[]): readonly string[] {
  const hurt = tenants
    .filter(({ recovered }) => recovered !== null && recovered < 1)
    .sort((a, b) => (a.recovered ?? 0) - (b.recovered ?? 0) || lost(b) - lost(a));
  if (tenants.length === 0) return [];
  if (hurt.length === 0) return [`No tenant lacks anything (${number(tenants.length)} had changes).`];
  const named = hurt.slice(0, namedTenants);
  const names = named.map(({ tenant }) => shortName(tenant));
  const width = Math.max(...names.map(({ length }) => length));
  const more = hurt.length - named.length;
  return [
    `${number(hurt.length)} of ${number(tenants.length)} ${plural(tenants.length, "tenant")} ${hurt.length === 1 ? "lacks" : "lack"} something, the worst off:`,
    ...named.map(
      (tenant, at) =>
        `  ${names[at]?.padEnd(width)}  ${percentage(tenant).padStart(7)} back${missing(tenant)}`,
    ),
    ...(more > 0 ? [`  and ${number(more)} more: see summary.json`] : []),
  ];
}

function lost({ conflict, skipped }: TenantSummary): number {
  return conflict + skipped;
}

function shortName(tenant: string | null): string {
  const name = visible(tenantName(tenant));
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}

function affectedLine(actors: Summary["actors"]): readonly string[] {
  if (actors === undefined) return [];
  const { column, actors: people, rowsWithout } = actors;
  const without =
    rowsWithout === 0
      ? ""
      : `; ${number(rowsWithout)} ${plural(rowsWithout, "row")} of the incident delta name nobody`;
  return [
    `${number(people)} ${plural(people, "actor")} (${visible(column)}) affected: see affected.csv${without}.`,
  ];
}
