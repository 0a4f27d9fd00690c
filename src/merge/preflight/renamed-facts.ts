import type { DatabaseFacts, TableFacts } from "../../model/preflight.js";
import { columnIn, ownNames, type Table } from "../../model/table.js";
import type { DatabaseRole } from "../../model/value.js";

/** What a database says of tables that it knows under other names, under `current`'s. */
export function factsInCurrentsNames(
  facts: DatabaseFacts,
  tables: readonly Table[],
  role: DatabaseRole,
): DatabaseFacts {
  const renamed = tables.flatMap((table): (readonly [string, TableFacts])[] => {
    const own = ownNames(table, role);
    const found = own && facts.tables.get(own.label);
    if (own === undefined || found === undefined) return [];
    const times = table.columns.filter(({ name }) => found.timeColumns.includes(columnIn(own, name)));
    return [[table.label, { ...found, timeColumns: times.map(({ name }) => name) }]];
  });
  return renamed.length === 0 ? facts : { ...facts, tables: new Map([...facts.tables, ...renamed]) };
}
