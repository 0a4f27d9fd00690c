import type { Constraints } from "./constraint.js";
import type { ForeignKey, KeyOrder, OwnNames, Trigger } from "./table.js";

/** What one database says of itself; read in a fixed number of queries, whatever its size. */
export interface Catalog {
  readonly tables: readonly CatalogTable[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly constraints: Constraints;
  readonly triggers: readonly Trigger[];
  /** Views, foreign tables, materialized views…: nothing that can be merged, but never left out in silence. */
  readonly others: readonly CatalogOther[];
}

export interface CatalogTable {
  readonly label: string;
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  readonly columns: readonly CatalogColumn[];
  /** Names of the primary key's columns, in key order. */
  readonly primaryKey: readonly string[] | undefined;
  /** The smallest unique index over NOT NULL columns that is neither partial nor over expressions. */
  readonly uniqueKey: readonly string[] | undefined;
  /** The planner's estimate, for progress only; undefined where the table was never analyzed. */
  readonly estimatedRows: number | undefined;
  readonly canSelect: boolean;
  /** Set where names are `current`'s, and this database has others. */
  readonly own?: OwnNames | undefined;
}

export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly baseType: string;
  readonly notNull: boolean;
  /** Undefined unless the column is generated. */
  readonly generated: string | undefined;
  readonly identityAlways: boolean;
  readonly equals: string | undefined;
  readonly equalityIsExact: boolean;
  readonly textIsExact: boolean;
  readonly keyOrder: KeyOrder;
  readonly isTime: boolean;
}

export interface CatalogOther {
  readonly label: string;
  /** "view", "foreign table", … */
  readonly kind: string;
}
