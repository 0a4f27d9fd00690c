import { isRedacted } from "../../merge/redacted-columns.js";
import { matchesTable } from "../../merge/rules/match.js";
import { isNamed } from "../../merge/rules/touch.js";
import type { Catalog } from "../../model/catalog.js";
import type { Mistake } from "../../model/errors.js";
import type { TimelineSettings } from "../../model/timeline.js";
import { didYouMean } from "../settings/did-you-mean.js";

/** What the settings name and no snapshot has, all at once: a name that was mistyped must not quietly match nothing. */
export function checkNames(settings: TimelineSettings, catalogs: readonly Catalog[]): readonly Mistake[] {
  const known = catalogs.flatMap(({ tables, others }) => [
    ...tables.map(({ label, columns }) => ({ label, columns: columns.map(({ name }) => name) })),
    ...others.map(({ label }) => ({ label, columns: [] })),
  ]);
  const labels = [...new Set(known.map(({ label }) => label))];
  const columns = [
    ...new Set(known.flatMap((table) => table.columns.map((name) => `${table.label}.${name}`))),
  ];
  const isColumn = (means: (label: string, name: string) => boolean) =>
    known.some((table) => table.columns.some((name) => means(table.label, name)));
  const unknownTable = (pattern: string) => !labels.some((label) => matchesTable([pattern], { label }));
  const complain = (
    setting: "tables" | "excludeTables" | "keys",
    flag: string,
    patterns: readonly string[],
  ) =>
    patterns.filter(unknownTable).map((pattern) => ({
      where: settings.placeOf?.(setting, pattern) ?? flag,
      what: `no table of any snapshot matches "${pattern}"${didYouMean(pattern, labels)}`,
    }));
  const complainColumn = (setting: "touch" | "redact", flag: string, pattern: string) => ({
    where: settings.placeOf?.(setting, pattern) ?? flag,
    what: `no table of any snapshot has a column "${pattern}"${didYouMean(pattern, columns)}`,
  });
  return [
    ...complain("tables", "--tables", settings.tables),
    ...complain("excludeTables", "--exclude-tables", settings.excludeTables),
    ...complain("keys", "keys", Object.keys(settings.keys)),
    ...(settings.touch.columns ?? [])
      .filter((pattern) => !isColumn((label, name) => isNamed(pattern, label, name)))
      .map((pattern) => complainColumn("touch", "touch.columns", pattern)),
    ...(settings.redact ?? [])
      .filter((pattern) => !isColumn((label, name) => isRedacted([pattern], label, name)))
      .map((pattern) => complainColumn("redact", "--redact", pattern)),
  ];
}
