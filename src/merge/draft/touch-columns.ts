import type { ConfigDraft } from "../../model/config-draft.js";
import { columnNames, type Table } from "../../model/table.js";

/** Names that may say that a row was written, but may as well say something else. */
const maybeNames =
  /^(last_?(seen|used|changed|edited|saved|active|sync(ed)?)|changed|edited|saved|touched|synced|refreshed)(_?(at|on|date|time))?$/i;

/** A column is named without its table where all columns of that name are touch columns. */
export function findTouch(tables: readonly Table[]): ConfigDraft["touch"] {
  const found = tables.flatMap((table) =>
    columnNames(table, table.touch).map((column) => ({ table, column })),
  );
  const names = new Set(found.map(({ column }) => column));
  const columns = [...names].flatMap((name) => {
    const mine = found.filter(({ column }) => column === name);
    const all = tables.filter((table) => table.columns.some((column) => column.name === name));
    return mine.length === all.length ? [name] : mine.map(({ table }) => `${table.label}.${name}`);
  });
  const maybe = tables.flatMap((table) =>
    table.columns.flatMap(({ name, isTime }) => (isTime && maybeNames.test(name) ? [name] : [])),
  );
  return { columns: columns.sort(), maybe: [...new Set(maybe)].sort() };
}
