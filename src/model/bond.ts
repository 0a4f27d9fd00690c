/**
 * What one written row needs of another, as far as it decides what may be committed before what. `patch.sql` needs no
 * bonds, for it is one transaction; `apply` writes in many.
 *
 * - `usual`: the order of the steps sees to it (inserts, updates, deletes, by table).
 * - `level`: both are rows of one step, as a reply and its comment: the needed row first, or both at once.
 * - `against`: the needed row must be written first, against the order of the steps.
 * - `together`: only one transaction can write both: they exchange a unique value, or refer to each other.
 */
export const bondKinds = ["usual", "level", "against", "together"] as const;
export type BondKind = (typeof bondKinds)[number];

export interface Bond {
  /** Positions in the plan. */
  readonly row: number;
  readonly needs: number;
  readonly kind: BondKind;
}
