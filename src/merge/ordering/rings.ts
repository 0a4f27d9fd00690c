import { components } from "./components.js";
import type { Wait } from "./waves.js";

/**
 * Which rows wait for themselves by way of others: for each of them the number of its ring. Rows share a ring where
 * each waits for the other, however far round. A row by itself is no ring.
 */
export function ringsOf(waits: readonly Wait[]): ReadonlyMap<number, number> {
  const rows = [...new Set(waits.flatMap(({ row, needs }) => [row, needs]))];
  const places = new Map(rows.map((row, at) => [row, at]));
  const needs: number[][] = rows.map(() => []);
  for (const wait of waits) needs[places.get(wait.row) as number]?.push(places.get(wait.needs) as number);
  const rings = new Map<number, number>();
  for (const [ring, members] of components(needs).entries())
    if (members.length > 1) for (const at of members) rings.set(rows[at] as number, ring);
  return rings;
}
