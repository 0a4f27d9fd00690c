/**
 * Numbers that need each other, however far round: strongly connected components, needed ones first (Tarjan's
 * algorithm). With a stack of its own: a chain of a million rows, each needing the one before, is deeper than the stack
 * of the machine.
 */
export function components(needs: readonly (readonly number[])[]): readonly (readonly number[])[] {
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
    const component = path.splice(path.lastIndexOf(at));
    for (const member of component) open[member] = false;
    found.push(component);
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
