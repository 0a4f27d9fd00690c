import type { Bond } from "../model/bond.js";

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
  for (const ring of rings(needs)) {
    for (const at of ring) groupOf.set(rows[at] as number, list.length);
    list.push(ring.map((at) => rows[at] as number).sort((a, b) => a - b));
  }
  return { list, of: (row) => groupOf.get(row) as number };
}

/**
 * Strongly connected components, needed ones first (Tarjan's algorithm). With a stack of its own: a chain of a million
 * rows, each needing the one before, is deeper than the stack of the machine.
 */
function rings(needs: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const number: number[] = new Array(needs.length).fill(-1);
  const lowest: number[] = new Array(needs.length).fill(0);
  const open: boolean[] = new Array(needs.length).fill(false);
  const path: number[] = [];
  const found: number[][] = [];
  let count = 0;
  const enter = (at: number) => {
    number[at] = lowest[at] = count++;
    open[at] = true;
    path.push(at);
    return { at, next: 0 };
  };
  const leave = (at: number) => {
    if (lowest[at] !== number[at]) return;
    const ring = path.splice(path.lastIndexOf(at));
    for (const member of ring) open[member] = false;
    found.push(ring);
  };
  for (let start = 0; start < needs.length; start += 1) {
    if (number[start] !== -1) continue;
    const visits = [enter(start)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { at } = visit;
      const needed = needs[at]?.[visit.next];
      if (needed === undefined) {
        leave(at);
        visits.pop();
        const caller = visits.at(-1)?.at;
        if (caller !== undefined) lowest[caller] = Math.min(lowest[caller] as number, lowest[at] as number);
      } else {
        visit.next += 1;
        if (number[needed] === -1) visits.push(enter(needed));
        else if (open[needed]) lowest[at] = Math.min(lowest[at] as number, number[needed] as number);
      }
    }
  }
  return found;
}
