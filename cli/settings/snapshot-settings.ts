import { type Mistake, type SnapshotTarget, type TimelineSettings, UsageError } from "../../src/index.js";
import { urlComplaint } from "./connection-url.js";
import { checkJobs, placeOf } from "./parse-settings.js";
import type { ReadConfig } from "./read-config.js";
import { checkTimes, type GivenSnapshot } from "./snapshot-order.js";

export interface TimelineFlags {
  /** Each `label=url`. */
  readonly snapshot?: readonly string[];
  readonly tables?: readonly string[];
  readonly excludeTables?: readonly string[];
  readonly redact?: readonly string[];
  readonly jobs?: string;
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
    jobs: checkJobs("--jobs", flags.jobs, mistakes),
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
  for (const { url, where } of given) {
    const what = urlComplaint(url);
    if (what !== undefined) mistakes.push({ where, what });
  }
  // One that was not understood may be the one that is missing.
  if (given.length < 2 && before === mistakes.length && !maybeElsewhere) {
    const what = `a timeline needs two snapshots at least, here ${given.length === 0 ? "is none" : "is one"}`;
    mistakes.push({
      where: "--snapshot",
      what: `${what}; give each as --snapshot LABEL=URL, or under snapshots: in the config`,
    });
  }
  return checkTimes("--snapshot", given, mistakes);
}
