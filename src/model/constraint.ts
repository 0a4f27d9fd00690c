/** What a database does not allow, as the catalog of `current` tells it. Names are those of the catalog. */
export interface Constraints {
  readonly unique: readonly UniqueRule[];
  readonly checks: readonly CheckRule[];
}

/** A unique index or an exclusion constraint: no two rows may agree on all of its parts. */
export interface UniqueRule {
  readonly kind: "unique" | "exclusion";
  readonly name: string;
  /** Label of the table. */
  readonly table: string;
  /** The parts as SQL over the bare column names of the table: a column, or an expression. */
  readonly parts: readonly string[];
  /** For each part, the operator under which two values clash, as SQL writes it. */
  readonly operators: readonly string[];
  /** Only rows for which it holds are looked at. */
  readonly predicate: string | undefined;
  /** NULLS NOT DISTINCT: two NULLs clash as well. */
  readonly nullsClash: boolean;
  /** Columns the parts and the predicate read. */
  readonly columns: readonly string[];
  /** Columns the parts read, in their order. */
  readonly partColumns: readonly string[];
  /** Checked at the end of the transaction when asked to be. */
  readonly deferrable: boolean;
}

/** A CHECK of a table, or of a domain that a column has. */
export interface CheckRule {
  readonly name: string;
  readonly table: string;
  /** SQL over the bare column names; false is a violation, NULL is not. */
  readonly expression: string;
  readonly columns: readonly string[];
}
