import type { Bond } from "../../model/bond.js";
import { components } from "./components.js";

export interface Groups {
  /** Each with its rows in rising order; a group comes after all groups that its rows need. */
  readonly list: readonly (readonly number[])[];
  /** The place in the list of the group that a row is in. */
  of(row: number): number;
}

/** Rows that are tied to each other, or need each other in a ring, are one group. */
export function groupsOf(bonds: readonly Bond[]): Groups {
  const rows = [...new Set(bonds.flatMap(({ row, needs }) => [row, needs]))].sort((a, b) => a - b);
  const places = new Map(rows.map((row, at) => [row, at]));
  const needs: number[][] = rows.map(() => []);
  for (const bond of bonds) {
    const [row, needed] = [places.get(bond.row) as number, places.get(bond.needs) as number];
    needs[row]?.push(needed);
    // What is tied needs each other.
    if (bond.kind === "together") needs[needed]?.push(row);
  }
  const list: number[][] = [];
  const groupOf = new Map<number, number>();
  for (const ring of components(needs)) {
    for (const at of ring) groupOf.set(rows[at] as number, list.length);
    list.push(ring.map((at) => rows[at] as number).sort((a, b) => a - b));
  }
  return { list, of: (row) => groupOf.get(row) as number };
}
