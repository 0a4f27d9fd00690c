import { type Mistake, type SnapshotTarget, type TimelineSettings, UsageError } from "../../src/index.js";
import { checkJobs, placeOf, urlComplaint } from "./parse-settings.js";
import type { ReadConfig } from "./read-config.js";
import { minuteOf } from "./snapshot-times.js";

export interface TimelineFlags {
  /** Each `label=url`. */
  readonly snapshot?: readonly string[];
  readonly tables?: readonly string[];
  readonly excludeTables?: readonly string[];
  readonly redact?: readonly string[];
  readonly jobs?: string;
}

interface GivenSnapshot {
  readonly label: string;
  readonly url: string;
  /** Where it stands, for messages; without the URL, which may hold a password. */
  readonly where: string;
}

/**
 * Makes checked settings of what was asked. Snapshots on the command line stand in the place of the config's.
 *
 * @throws UsageError with all mistakes of flags and config together
 */
export function parseTimelineSettings(flags: TimelineFlags, file: ReadConfig): TimelineSettings {
  const { config } = file;
  const mistakes: Mistake[] = [...(file.mistakes ?? [])];
  const given = flags.snapshot === undefined ? fromConfig(file) : fromFlags(flags.snapshot, mistakes);
  const snapshots = checkSnapshots(given, mistakes, file.mistakes !== undefined);
  const settings: TimelineSettings = {
    snapshots,
    tables: flags.tables ?? config.tables ?? [],
    excludeTables: [...(flags.excludeTables ?? []), ...(config.excludeTables ?? [])],
    keys: config.keys ?? {},
    touch: { columns: config.touch?.columns, write: config.touch?.write ?? "restore" },
    redact: [...(flags.redact ?? []), ...(config.redact ?? [])],
    jobs: checkJobs(flags.jobs, mistakes),
    placeOf: (setting, name) => placeOf({ flags, file }, setting, name),
  };
  if (mistakes.length > 0)
    throw new UsageError(mistakes, "pgmend timeline --help shows every flag with examples");
  return settings;
}

function fromConfig({ config, where }: ReadConfig): readonly GivenSnapshot[] {
  return (config.snapshots ?? []).map(({ label, url }, at) => ({
    label: String(label),
    url,
    where: where(["snapshots", at]),
  }));
}

function fromFlags(words: readonly string[], mistakes: Mistake[]): readonly GivenSnapshot[] {
  return words.flatMap((word, at) => {
    const equals = word.indexOf("=");
    const label = word.slice(0, equals).trim();
    if (equals !== -1 && label !== "" && !label.includes("://"))
      return [{ label, url: word.slice(equals + 1), where: `--snapshot ${label}` }];
    mistakes.push({
      where: `--snapshot (number ${at + 1})`,
      what: "expected a label, = and a URL: 22:08=postgresql://user@host:5432/database",
    });
    return [];
  });
}

function checkSnapshots(
  given: readonly GivenSnapshot[],
  mistakes: Mistake[],
  maybeElsewhere: boolean,
): readonly SnapshotTarget[] {
  const before = mistakes.length;
  for (const [at, { label, url, where }] of given.entries()) {
    const what = urlComplaint(url);
    if (what !== undefined) mistakes.push({ where, what });
    if (given.findIndex((other) => other.label === label) < at)
      mistakes.push({ where, what: `there are two snapshots called "${label}"` });
  }
  // One that was not understood may be the one that is missing.
  if (given.length < 2 && before === mistakes.length && !maybeElsewhere) {
    const what = `a timeline needs two snapshots at least, here ${given.length === 0 ? "is none" : "is one"}`;
    mistakes.push({
      where: "--snapshot",
      what: `${what}; give each as --snapshot LABEL=URL, or under snapshots: in the config`,
    });
  }
  const minutes = given.map(({ label }) => minuteOf(label));
  const kinds = new Set(minutes.map((minute) => minute?.kind ?? "name"));
  if (kinds.has("time") && kinds.has("date and time"))
    mistakes.push({
      where: "--snapshot",
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
