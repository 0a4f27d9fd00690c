import { type BetweenSettings, endsOf, type IntervalRange, type Mistake } from "../../src/index.js";
import { urlComplaint } from "./connection-url.js";
import type { ReadConfig } from "./read-config.js";
import { checkTimes, type GivenSnapshot } from "./snapshot-order.js";

export interface BetweenFlags {
  /** Each a URL, or `label=url`. */
  readonly between?: readonly string[];
  /** Each `from..to`. */
  readonly damageInterval?: readonly string[];
}

const interval = "expected the labels of two snapshots, the earlier first: 22:12..22:16";

/** Snapshots from inside the window, and the intervals of the damage. Flags stand in the place of the config. */
export function betweenSettings(
  flags: BetweenFlags,
  file: ReadConfig,
  mistakes: Mistake[],
): BetweenSettings | undefined {
  const given = flags.between === undefined ? fromConfig(file) : fromFlags(flags.between);
  for (const { label, url, where } of given) {
    const what = urlComplaint(url);
    if (what !== undefined) mistakes.push({ where, what });
    if (["pre", "post", "current"].includes(label))
      mistakes.push({ where, what: `${label} is the name of another database: give another label` });
  }
  const snapshots = checkTimes("--between", given, mistakes);
  const settings = { snapshots, damage: damageIntervals(flags, file, { snapshots }, mistakes) };
  return snapshots.length === 0 ? undefined : settings;
}

/** The intervals between two snapshots, or what is wrong with their names. */
export function intervalsBetween(
  [from = "", to = ""]: readonly string[],
  between: Parameters<typeof endsOf>[0],
): IntervalRange | string {
  const ends = endsOf(between);
  if (ends.length === 2) return "there is no snapshot between pre and post: give some with --between";
  const [first, last] = [ends.indexOf(from), ends.indexOf(to)];
  const unknown = [from, to].filter((label) => !ends.includes(label));
  if (unknown.length > 0)
    return `there is no snapshot ${unknown.map((label) => `"${label}"`).join(", ")}; they are ${ends.join(", ")}`;
  if (first >= last) return `${to} does not come after ${from}`;
  return { first: first + 1, last };
}

function fromConfig({ config, where }: ReadConfig): readonly GivenSnapshot[] {
  return (config.connections?.between ?? []).map((one, at) => {
    const { label, url } = typeof one === "string" ? { label: undefined, url: one } : one;
    return { label: String(label ?? `s${at + 1}`), url, where: where(["connections", "between", at]) };
  });
}

function fromFlags(words: readonly string[]): readonly GivenSnapshot[] {
  return words.map((word, at) => {
    const equals = word.indexOf("=");
    const isUrl = equals === -1 || word.slice(0, equals).includes("://");
    const label = isUrl ? `s${at + 1}` : word.slice(0, equals).trim();
    return { label, url: isUrl ? word : word.slice(equals + 1), where: `--between ${label}` };
  });
}

function damageIntervals(
  { damageInterval }: BetweenFlags,
  { config, where }: ReadConfig,
  between: Pick<BetweenSettings, "snapshots">,
  mistakes: Mistake[],
): readonly IntervalRange[] {
  const given =
    damageInterval === undefined
      ? (config.damageIntervals ?? []).map((ends, at) => ({
          where: where(["damageIntervals", at]),
          ends: ends.map(String),
        }))
      : damageInterval.map((word) => ({ where: `--damage-interval ${word}`, ends: word.split("..") }));
  return given.flatMap(({ where, ends }) => {
    const found = ends.length === 2 ? intervalsBetween(ends, between) : interval;
    if (typeof found !== "string") return [found];
    mistakes.push({ where, what: found });
    return [];
  });
}
