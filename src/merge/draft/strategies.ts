import type { StrategySuggestion } from "../../model/config-draft.js";
import type { Column, Table } from "../../model/table.js";

interface Sign {
  readonly use: string;
  readonly name?: RegExp;
  readonly type: RegExp;
  readonly why: string;
}

const whole = /^(smallint|integer|bigint)$/;

/** Names and types that say how two changes of a cell go together; amounts of money are not among them. */
const signs: readonly Sign[] = [
  {
    use: "increment",
    name: /^(lock_version|row_version|record_version|opt_?lock|version_lock)$/i,
    type: whole,
    why: "a lock version: one more than either side",
  },
  {
    use: "counter",
    name: /(_(count|counter|cnt)|^(hits|views|likes|downloads|uses))$/i,
    type: /^(smallint|integer|bigint|numeric.*)$/,
    why: "a counter: both changes add up",
  },
  { use: "set-union", type: /\[\]$/, why: "an array: right where it is used as a set, as tags are" },
  { use: "json", type: /^jsonb?$/, why: "an object: a conflict only where both changed the same leaf" },
  {
    use: "text",
    name: /^(body|content|description|text|notes?|markdown|html)$/i,
    type: /^text$/,
    why: "long text: merged line by line",
  },
];

/** Columns of one name and one sign go together, whatever the number of tables. */
export function suggestStrategies(tables: readonly Table[]): readonly StrategySuggestion[] {
  const found = new Map<
    string,
    { readonly sign: Sign; readonly column: string; readonly tables: string[] }
  >();
  for (const table of tables) {
    for (const [at, column] of table.columns.entries()) {
      const sign = table.key.includes(at) ? undefined : signs.find((one) => means(one, column));
      if (sign === undefined) continue;
      const id = JSON.stringify([sign.use, column.name]);
      const entry = found.get(id) ?? { sign, column: column.name, tables: [] };
      found.set(id, entry);
      entry.tables.push(table.label);
    }
  }
  return [...found.values()]
    .sort((a, b) => signs.indexOf(a.sign) - signs.indexOf(b.sign))
    .map(({ sign, column, tables: labels }) => ({ use: sign.use, column, tables: labels, why: sign.why }));
}

function means({ name, type }: Sign, column: Column): boolean {
  return type.test(column.baseType) && (name === undefined || name.test(column.name));
}
