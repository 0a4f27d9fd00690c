import type { Mistake, SnapshotTarget } from "../../src/index.js";
import { minuteOf } from "./snapshot-times.js";

/** A snapshot as it was asked for. */
export interface GivenSnapshot {
  readonly label: string;
  readonly url: string;
  /** Where it stands, for messages; without the URL, which may hold a password. */
  readonly where: string;
}

/** Snapshots in the order of time, each with the minute that its label says; what is wrong with the labels is told. */
export function checkTimes(
  flag: string,
  given: readonly GivenSnapshot[],
  mistakes: Mistake[],
): readonly SnapshotTarget[] {
  for (const [at, { label, where }] of given.entries())
    if (given.findIndex((other) => other.label === label) < at)
      mistakes.push({ where, what: `there are two snapshots called "${label}"` });
  const minutes = given.map(({ label }) => minuteOf(label));
  const kinds = new Set(minutes.map((minute) => minute?.kind ?? "name"));
  if (kinds.has("time") && kinds.has("date and time"))
    mistakes.push({
      where: flag,
      what: "some labels are times with a date and some without: give all the same way",
    });
  else if (!kinds.has("name"))
    checkRising(
      given,
      minutes.map((minute) => minute?.minute ?? 0),
      mistakes,
    );
  const areTimes = !kinds.has("name");
  return given.map(({ label, url }, at) => ({
    label,
    url,
    minute: areTimes ? minutes[at]?.minute : undefined,
  }));
}

function checkRising(given: readonly GivenSnapshot[], minutes: readonly number[], mistakes: Mistake[]): void {
  for (const [at, { label, where }] of given.entries()) {
    const before = given[at - 1];
    // Two that are called the same are told already.
    if (before === undefined || before.label === label || (minutes[at - 1] ?? 0) < (minutes[at] ?? 0))
      continue;
    const what = `${label} does not come after ${before.label}: give snapshots in the order of their times`;
    mistakes.push({ where, what: `${what}, and past midnight with the date (2019-09-24T00:02)` });
  }
}
