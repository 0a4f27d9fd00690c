import type { Incident } from "./world.js";

/**
 * Leaves out rows, rules and strategies for as long as the incident still fails: halves first, then quarters, down
 * to single pieces until none can go. Columns and tables stay: a table without rows is small enough to read.
 * `without` makes the failing incident once more, without the named pieces.
 */
export async function shrink(
  failing: Incident,
  without: (pieces: ReadonlySet<string>) => Incident,
  stillFails: (incident: Incident) => Promise<boolean>,
): Promise<Incident> {
  let smallest = failing;
  let share = failing.pieces.length;
  for (;;) {
    share = Math.max(1, Math.ceil(share / 2));
    const smaller = await leaveOut(failing, smallest, share, without, stillFails);
    if (share === 1 && smaller === smallest) return smallest;
    smallest = smaller;
  }
}

/** One pass over the pieces, `share` of them at a time. */
async function leaveOut(
  failing: Incident,
  start: Incident,
  share: number,
  without: (pieces: ReadonlySet<string>) => Incident,
  stillFails: (incident: Incident) => Promise<boolean>,
): Promise<Incident> {
  let smallest = start;
  let place = 0;
  while (place < smallest.pieces.length) {
    const kept = smallest.pieces.toSpliced(place, share);
    const left = failing.pieces.filter((piece) => !kept.includes(piece));
    const smaller = without(new Set(left));
    if (await stillFails(smaller)) smallest = smaller;
    else place += share;
  }
  return smallest;
}
