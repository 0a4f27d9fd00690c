import { type AlignedSchemas, alignSchemas, type Catalogs } from "../merge/align-schemas.js";
import { inCurrentsNames } from "../merge/rename-catalogs.js";
import { UsageError } from "../model/errors.js";
import type { PlanSettings } from "../model/settings.js";
import { databaseRoles } from "../model/value.js";
import { readCatalog } from "../postgres/catalog/catalog.js";
import { type Attribution, attributionOf } from "./attribution.js";
import { lineUpInside } from "./between/line-up-inside.js";
import { checkIdentities, type Sessions } from "./connect.js";
import { checkRenames } from "./settings/check-renames.js";
import { checkSettings, type KnownTable } from "./settings/check-settings.js";

/** The three databases beside each other, and settings that speak of what is there. */
export interface LinedUp {
  readonly postIsCurrent: boolean;
  readonly catalogs: Catalogs;
  readonly aligned: AlignedSchemas;
  readonly attribution: Attribution;
}

/**
 * Reads the catalogs and holds the settings against them: what every step after it relies on.
 *
 * @throws UsageError with all mistakes of the settings together; QueryError
 */
export async function lineUp(sessions: Sessions, settings: PlanSettings): Promise<LinedUp> {
  const { postIsCurrent } = await checkIdentities(sessions, settings.between?.snapshots);
  const read = await readCatalogs(sessions);
  const checked = checkRenames(settings, read);
  const { catalogs, leftOut } = inCurrentsNames(read, checked.renames);
  const bare = alignSchemas(catalogs, settings);
  const inside = await lineUpInside(sessions, settings, bare.tables);
  const aligned = { ...bare, tables: inside.tables, leftOut: [...bare.leftOut, ...leftOut] };
  const { attribution, mistakes: unattributed } = attributionOf(settings, aligned.tables, catalogs);
  const mistakes = [
    ...checked.mistakes,
    ...(await checkSettings(settings, aligned.tables, knownTables(catalogs), sessions.post)),
    ...aligned.mistakes,
    ...inside.mistakes,
    ...unattributed,
  ];
  if (mistakes.length > 0) throw new UsageError(mistakes);
  return { postIsCurrent, catalogs, aligned, attribution };
}

export async function readCatalogs(sessions: Sessions): Promise<Catalogs> {
  const [pre, post, current] = await Promise.all(databaseRoles.map((role) => readCatalog(sessions[role])));
  return { pre, post, current } as Catalogs;
}

function knownTables(catalogs: Catalogs): readonly KnownTable[] {
  return databaseRoles.flatMap((role) => [
    ...catalogs[role].tables.map(({ label, columns }) => ({
      label,
      columns: columns.map(({ name }) => name),
    })),
    ...catalogs[role].others.map(({ label }) => ({ label, columns: [] })),
  ]);
}
