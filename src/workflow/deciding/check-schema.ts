import type { Catalog } from "../../model/catalog.js";
import type { Table } from "../../model/table.js";

/** What the plan relies on and `current` no longer has, in words. */
export function checkSchema(tables: readonly Table[], catalog: Catalog): readonly string[] {
  return tables.flatMap((table) => {
    const found = catalog.tables.find(({ label }) => label === table.label);
    if (found === undefined) return [`${table.label} is gone`];
    return table.columns.flatMap(({ name, type }) => {
      const column = found.columns.find((one) => one.name === name);
      if (column === undefined) return [`${table.label} has no column ${name} any more`];
      return column.type === type ? [] : [`${table.label}.${name} is ${column.type}, and was ${type}`];
    });
  });
}
