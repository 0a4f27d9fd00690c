/**
 * Columns whose values the files for people and programs do not show (`--redact`). Each value stands there as a mark
 * that tells nothing of it, and equal values have equal marks. NULL and rows that are not there stay visible. The plan
 * store keeps the values, and so do the statements of a patch, which must write them.
 */
export interface Redaction {
  /** Positions in `Table.columns`, by table label. */
  readonly columns: Readonly<Record<string, readonly number[]>>;
  /** Makes the marks: random for each plan, and kept in the plan store alone. */
  readonly secret: string;
  /** Tenants, or actors, are values of such a column. */
  readonly tenants: boolean;
  readonly actors: boolean;
}

/** The mark of a value. */
export type Mark = (value: string) => string;
