/** The row can be written only after the other one. */
export interface Wait {
  readonly row: number;
  readonly needs: number;
  /** The usual order of the steps sees to it already: inserts, updates, deletes, by table. */
  readonly inOrder: boolean;
}

export interface Waves {
  /** In which wave a row is written, if not in the first one (0). */
  readonly waves: ReadonlyMap<number, number>;
  /** Rows that wait for themselves by way of others, and what waits for those: no order lets them be written. */
  readonly stuck: ReadonlySet<number>;
}

/**
 * Nearly all rows are written in one wave. A row that must wait for another against the usual order goes one wave
 * later, and what waits for it goes no earlier. The rollback takes the waves from the last to the first.
 */
export function wavesOf(waits: readonly Wait[]): Waves {
  const waiting = new Map<number, Wait[]>();
  for (const wait of waits) {
    const known = waiting.get(wait.needs);
    if (known === undefined) waiting.set(wait.needs, [wait]);
    else known.push(wait);
  }
  const against = waits.filter(({ inOrder }) => !inOrder);
  const waves = new Map<number, number>();
  const stuck = new Set<number>();
  const queue = against.flatMap((wait) => later(waves, wait));
  // A queue that grows while it is walked is walked to its end.
  for (const row of queue) {
    if (stuck.has(row)) continue;
    // More waves than there are waits against the order: it has come round.
    if ((waves.get(row) ?? 0) > against.length) addAll(stuck, row, waiting);
    else for (const wait of waiting.get(row) ?? []) queue.push(...later(waves, wait));
  }
  return { waves, stuck };
}

/** The row, and all that waits for it: the whole ring. */
function addAll(stuck: Set<number>, first: number, waiting: ReadonlyMap<number, readonly Wait[]>): void {
  const found = new Set([first]);
  // A set that grows while it is walked is walked to its end.
  for (const row of found) {
    stuck.add(row);
    for (const wait of waiting.get(row) ?? []) if (!stuck.has(wait.row)) found.add(wait.row);
  }
}

function later(waves: Map<number, number>, { row, needs, inOrder }: Wait): readonly number[] {
  const wave = (waves.get(needs) ?? 0) + (inOrder ? 0 : 1);
  if (wave <= (waves.get(row) ?? 0)) return [];
  waves.set(row, wave);
  return [row];
}
