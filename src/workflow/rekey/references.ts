import { followReferences, type NewReferences } from "../../merge/follow-references.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Row, Value } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import { positionsOf } from "../constraints/planned-writes.js";

/** A foreign key between two compared tables, with what became of the values it refers to. */
interface Reference extends NewReferences {
  readonly child: number;
  readonly parent: number;
  /** Positions of the referred columns. */
  readonly parentColumns: readonly number[];
  readonly to: Map<string, readonly Value[]>;
}

/** Which references of incoming rows lead elsewhere now, by table. Grows while keys are handed out. */
export class References {
  readonly #references: readonly Reference[];
  /** How often what the references of a table lead to has changed. */
  readonly #versions: number[];

  constructor(tables: readonly Table[], foreignKeys: readonly ForeignKey[]) {
    this.#references = foreignKeys.flatMap((key) => referenceOf(tables, key));
    this.#versions = tables.map(() => 0);
  }

  /** The row as it refers to what it means; undefined where nothing changes. */
  follow(table: number, row: Row, incoming: readonly number[]): Row | undefined {
    if (this.#versions[table] === 0) return undefined;
    const own = this.#references.filter(({ child }) => child === table);
    return followReferences(row, incoming, own);
  }

  /** A row that arrives is not as `post` has it: what refers to it there follows. */
  moved(table: number, post: Row, arriving: Row): void {
    for (const { child, parent, parentColumns, to } of this.#references) {
      if (parent !== table) continue;
      const [before, after] = [post, arriving].map((row) => parentColumns.map((at) => row[at] ?? null));
      if (before === undefined || after === undefined) continue;
      const name = valuesKey(before);
      const known = to.get(name) ?? before;
      if (valuesKey(known) === valuesKey(after)) continue;
      to.set(name, after);
      this.#versions[child] = this.version(child) + 1;
    }
  }

  /** Rows of a table that were followed at an earlier version may have to be followed again. */
  version(table: number): number {
    return this.#versions[table] ?? 0;
  }
}

function referenceOf(tables: readonly Table[], key: ForeignKey): readonly Reference[] {
  const [child, parent] = [key.table, key.parent].map((label) =>
    tables.findIndex((table) => table.label === label),
  ) as [number, number];
  const columns = positionsOf(tables[child], key.columns);
  const parentColumns = positionsOf(tables[parent], key.parentColumns);
  if (columns === undefined || parentColumns === undefined) return [];
  return [{ child, parent, columns, parentColumns, to: new Map() }];
}
