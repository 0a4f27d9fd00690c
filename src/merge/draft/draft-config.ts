import { isBag } from "../../model/bag.js";
import type { Catalog } from "../../model/catalog.js";
import type { ConfigDraft } from "../../model/config-draft.js";
import type { DatabaseFacts } from "../../model/preflight.js";
import type { Mode } from "../../model/value.js";
import { alignSchemas, type Catalogs } from "../align-schemas.js";
import { suggestExclusions } from "./exclusions.js";
import { suggestKeys } from "./keys.js";
import { suggestOwners } from "./owners.js";
import { suggestRenames } from "./renames.js";
import { suggestStrategies } from "./strategies.js";
import { findTouch } from "./touch-columns.js";

export interface DraftInput {
  readonly mode: Mode;
  readonly connections: ConfigDraft["connections"];
  readonly catalogs: Catalogs;
  readonly facts: Pick<DatabaseFacts, "tables">;
  readonly sequences: number;
}

/** Everything that names and types give away, of the tables that `current` has. */
export function draftConfig({ mode, connections, catalogs, facts, sequences }: DraftInput): ConfigDraft {
  const { tables } = alignSchemas(catalogs, wantAll);
  const current: Catalog = catalogs.current;
  return {
    mode,
    connections,
    tables: current.tables.length,
    touch: findTouch(tables),
    ...suggestOwners(current),
    keyless: suggestKeys(catalogs, tables),
    renames: suggestRenames(catalogs),
    exclusions: suggestExclusions(current, facts),
    strategies: suggestStrategies(tables.filter((table) => !isBag(table))),
    sequences,
  };
}

const wantAll = {
  tables: [],
  excludeTables: [],
  keys: {},
  groups: {},
  touch: { columns: undefined, write: "restore" },
} as const;
