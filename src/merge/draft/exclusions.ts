import type { Catalog, CatalogTable } from "../../model/catalog.js";
import type { Exclusion } from "../../model/config-draft.js";
import type { DatabaseFacts } from "../../model/preflight.js";

/** What tells what people did: rules need it as evidence. */
const evidence = /(^|_)(audit|history|activity|activities|events?|changes?)(_|$)/i;

const kinds: readonly (readonly [RegExp, string])[] = [
  [/(^|_)(sessions?|login_tokens?|(access|refresh|auth)_tokens?)$/i, "sessions: people log in again"],
  [
    /(^|_)(queues?|jobs?|outbox|inbox|tasks?_queue|dead_letters?)$/i,
    "a queue: what came back would be done twice",
  ],
  [/(^|_)(caches?|locks?|leases?|heartbeats?|throttles?|rate_limits?|nonces?)$/i, "transient by its name"],
  [
    /(^|_)(schema_migrations|ar_internal_metadata|flyway_schema_history|databasechangelog(lock)?|alembic_version|django_migrations|knex_migrations(_lock)?|_prisma_migrations|migrations)$/i,
    "the record of schema migrations: belongs to the schema that current has",
  ],
  [
    /(^|_)(logs?|metrics|traces?|(page|request|access)_(views?|logs?))$/i,
    "a log by its name: large, and seldom worth a conflict",
  ],
];

export function suggestExclusions(
  { tables }: Catalog,
  facts: Pick<DatabaseFacts, "tables">,
): readonly Exclusion[] {
  const found = tables.flatMap((table): readonly Exclusion[] => {
    const why = reasonFor(table, facts);
    return why === undefined ? [] : [{ table: table.label, why }];
  });
  return found.sort((a, b) => (a.table < b.table ? -1 : 1));
}

function reasonFor({ name, label }: CatalogTable, facts: Pick<DatabaseFacts, "tables">): string | undefined {
  if (facts.tables.get(label)?.unlogged === true)
    return "unlogged: empty after a crash, and in a restored copy";
  if (evidence.test(name)) return undefined;
  return kinds.find(([pattern]) => pattern.test(name))?.[1];
}
