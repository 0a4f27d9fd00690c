/** What one run took. */
export interface Cost {
  readonly seconds: number;
  /** Processor time of the server, and of our process; on a busy machine the truer measure. */
  readonly cpuSeconds: number;
  readonly ourCpuSeconds: number;
  readonly peakMb: number | undefined;
}

export interface Result {
  readonly case: string;
  readonly rows: number;
  readonly seconds: number;
  readonly floorSeconds: number;
  /** Without the second that is allowed for start-up. */
  readonly ratio: number;
  readonly atMost: number;
  readonly cpuSeconds: number;
  /** Of these, of our process. */
  readonly ourCpuSeconds: number;
  readonly floorCpuSeconds: number;
  readonly cpuRatio: number;
  /** The most of all turns; undefined where the system does not tell. */
  readonly peakMb: number | undefined;
}

interface Measured {
  readonly name: string;
  readonly rows: number;
  readonly atMost: number;
  /** Seconds that are allowed for it. */
  readonly startUp: number;
}

/** The least of each: whatever else the machine does only ever adds. */
export function resultOf(
  { name, rows, atMost, startUp }: Measured,
  floors: readonly Cost[],
  plans: readonly Cost[],
): Result {
  const least = (costs: readonly Cost[], of: (cost: Cost) => number) => Math.min(...costs.map(of));
  const [seconds, floorSeconds] = [
    least(plans, (cost) => cost.seconds),
    least(floors, (cost) => cost.seconds),
  ];
  const cpuSeconds = least(plans, (cost) => cost.cpuSeconds);
  const floorCpuSeconds = least(floors, (cost) => cost.cpuSeconds);
  const peaks = plans.flatMap(({ peakMb }) => peakMb ?? []);
  return {
    ...{ case: name, rows, seconds, floorSeconds, atMost, cpuSeconds, floorCpuSeconds },
    ratio: Math.max(0, seconds - startUp) / floorSeconds,
    ourCpuSeconds: least(plans, (cost) => cost.ourCpuSeconds),
    cpuRatio: Math.max(0, cpuSeconds - startUp) / floorCpuSeconds,
    peakMb: peaks.length === 0 ? undefined : Math.max(...peaks),
  };
}

export function printTable(results: readonly Result[], say: (line: string) => void): void {
  say("pgmend plan, whole process; ratio: (seconds - 1 for start-up) / floor, floor and plan by turns");
  say(
    "| case | rows | seconds | floor | ratio | CPU s (ours) | floor CPU s | CPU ratio | at most | peak MB |",
  );
  say("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
  for (const result of results) {
    const { seconds, floorSeconds, ratio, cpuSeconds, ourCpuSeconds, floorCpuSeconds, cpuRatio } = result;
    const cells = [
      ...[result.case, result.rows, seconds.toFixed(1), floorSeconds.toFixed(1), ratio.toFixed(2)],
      ...[`${cpuSeconds.toFixed(1)} (${ourCpuSeconds.toFixed(1)})`, floorCpuSeconds.toFixed(1)],
      ...[cpuRatio.toFixed(2), result.atMost],
      result.peakMb === undefined ? "unknown" : Math.round(result.peakMb),
    ];
    say(`| ${cells.join(" | ")} |`);
  }
}
