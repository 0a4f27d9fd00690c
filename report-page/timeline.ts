import type { PageRow } from "../src/report/html/page-data.js";

/** Rows that were written in one stretch of time, by outcome. */
export interface Bin {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly rows: number;
}

/** Lengths of a bin that people think in, in minutes. */
const lengths = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440, 10_080, 43_200].map(
  (minutes) => minutes * 60_000,
);
const mostBins = 60;

/** Bins of one length from the first to the last time, empty ones too; none where too few times are known. */
export function timeline(rows: Iterable<Pick<PageRow, "time" | "outcome">>, fewest = 10): readonly Bin[] {
  const times: { at: number; outcome: string }[] = [];
  for (const { time, outcome } of rows) {
    const at = time === undefined ? Number.NaN : moment(time);
    if (!Number.isNaN(at)) times.push({ at, outcome });
  }
  if (times.length < fewest) return [];
  const first = times.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, { at }) => Math.max(most, at), Number.NEGATIVE_INFINITY);
  const length =
    lengths.find((candidate) => (last - first) / candidate < mostBins) ?? (last - first) / (mostBins - 1);
  const start = Math.floor(first / length) * length;
  const bins = Array.from({ length: Math.floor((last - start) / length) + 1 }, (_, at) => ({
    from: start + at * length,
    counts: new Map<string, number>(),
    rows: 0,
  }));
  for (const { at, outcome } of times) {
    const bin = bins[Math.floor((at - start) / length)];
    if (bin === undefined) continue;
    bin.rows += 1;
    bin.counts.set(outcome, (bin.counts.get(outcome) ?? 0) + 1);
  }
  return bins.length < 2 ? [] : bins;
}

/** Of a time as PostgreSQL prints it in UTC; NaN where it is none that a clock has (infinity, BC). */
export function moment(text: string): number {
  const [, date, time = "00:00:00", zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d+)?))?([+-]\d\d(?::\d\d)?)?$/.exec(text) ?? [];
  if (date === undefined) return Number.NaN;
  return Date.parse(`${date}T${time.slice(0, 12)}${/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone}`);
}
