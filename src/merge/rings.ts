import type { Wait } from "./waves.js";

/**
 * Which rows wait for themselves by way of others: for each of them the number of its ring. Rows share a ring where
 * each waits for the other, however far round (the strongly connected components, by Tarjan's algorithm, without
 * recursion: a chain of comments may be as long as it likes).
 */
export function ringsOf(waits: readonly Wait[]): ReadonlyMap<number, number> {
  const needed = new Map<number, number[]>();
  for (const { row, needs } of waits) {
    const known = needed.get(row);
    if (known === undefined) needed.set(row, [needs]);
    else known.push(needs);
  }
  const rings = new Map<number, number>();
  const order = new Map<number, number>();
  const lowest = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  for (const first of needed.keys()) {
    if (order.has(first)) continue;
    const path: { readonly row: number; next: number }[] = [];
    const enter = (row: number) => {
      order.set(row, order.size);
      lowest.set(row, order.size - 1);
      open.push(row);
      isOpen.add(row);
      path.push({ row, next: 0 });
    };
    const lower = (row: number, to: number) => lowest.set(row, Math.min(lowest.get(row) ?? to, to));
    enter(first);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { row } = step;
      const next = needed.get(row)?.[step.next++];
      if (next !== undefined) {
        if (!order.has(next)) enter(next);
        else if (isOpen.has(next)) lower(row, order.get(next) as number);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) lower(above.row, lowest.get(row) as number);
      if (lowest.get(row) === order.get(row)) close(row, open, isOpen, rings);
    }
  }
  return rings;
}

/** Everything that was entered since the row came round to it; a row by itself is no ring. */
function close(row: number, open: number[], isOpen: Set<number>, rings: Map<number, number>): void {
  const members = open.splice(open.lastIndexOf(row));
  for (const member of members) {
    isOpen.delete(member);
    if (members.length > 1) rings.set(member, row);
  }
}
