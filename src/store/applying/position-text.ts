/** Positions as text: `1-1000 1005`. Batches mostly are stretches of the plan, and the journal is waited for. */
export function positionText(positions: readonly number[]): string {
  const stretches: string[] = [];
  let [from, to] = [-2, -2];
  const close = () => {
    if (from >= 0) stretches.push(from === to ? `${from}` : `${from}-${to}`);
  };
  for (const position of [...positions].sort((a, b) => a - b)) {
    if (position === to + 1) to = position;
    else {
      close();
      [from, to] = [position, position];
    }
  }
  close();
  return stretches.join(" ");
}

export function positionsOf(text: string): readonly number[] {
  if (text === "") return [];
  return text.split(" ").flatMap((stretch) => {
    const [from = 0, to = from] = stretch.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
}
