import { isBag } from "../../model/bag.js";
import type { Keyless } from "../../model/config-draft.js";
import type { UniqueRule } from "../../model/constraint.js";
import type { Table } from "../../model/table.js";
import type { Catalogs } from "../align-schemas.js";

/** Tables of `current` that pre and post have, too, and that have no key in common: with the best there is to go by. */
export function suggestKeys(
  { pre, post, current }: Catalogs,
  compared: readonly Table[],
): readonly Keyless[] {
  const labels = new Set(compared.filter((table) => !isBag(table)).map(({ label }) => label));
  const everywhere = current.tables.filter(({ label }) =>
    [pre, post].every(({ tables }) => tables.some((table) => table.label === label)),
  );
  const found = everywhere.flatMap((table): readonly Keyless[] => {
    if (labels.has(table.label) || !table.canSelect) return [];
    const key = table.primaryKey ?? table.uniqueKey;
    if (key !== undefined)
      return [{ table: table.label, key, why: "its key in current; pre or post has another, or none" }];
    const unique = current.constraints.unique.find((rule) => rule.table === table.label && isPlain(rule));
    if (unique !== undefined) {
      const why = `unique index ${unique.name}: right if none of them is NULL`;
      return [{ table: table.label, key: unique.columns, why }];
    }
    const id = table.columns.find(({ name }) => /^(id|uuid|guid|key)$/i.test(name));
    if (id !== undefined)
      return [{ table: table.label, key: [id.name], why: "by its name: right if it is unique" }];
    return [{ table: table.label, key: undefined, why: "nothing tells its rows apart" }];
  });
  return found.sort((a, b) => (a.table < b.table ? -1 : 1));
}

/** Over columns alone, and over all rows. */
function isPlain({ kind, parts, columns, predicate }: UniqueRule): boolean {
  return kind === "unique" && predicate === undefined && parts.length === columns.length;
}
