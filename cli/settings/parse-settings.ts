import {
  contradictionsIn,
  type Mistake,
  type Mode,
  type NamingSetting,
  type Operation,
  operations,
  type PlanSettings,
  type PostLogSource,
  type Rule,
  type Strategy,
  type StrategyEntry,
  UsageError,
} from "../../src/index.js";
import { type BetweenFlags, betweenSettings, intervalsBetween } from "./between-settings.js";
import type { Config } from "./config-schema.js";
import { urlComplaint } from "./connection-url.js";
import { isStrategyPath, type LoadedStrategies, type StrategyModules } from "./load-strategy.js";
import type { ReadConfig } from "./read-config.js";
import { type DamageFlags, signatureRules } from "./signature-rules.js";
import { parseStrategyFlag } from "./strategy-flag.js";
import { actorSettings, type TenantFlags, tenantSettings } from "./tenant-settings.js";

/** Flags as commander hands them over; unset ones are undefined. */
export interface PlanFlags extends TenantFlags, DamageFlags, BetweenFlags {
  readonly pre?: string;
  readonly post?: string;
  readonly current?: string;
  readonly mode?: string;
  readonly tables?: readonly string[];
  readonly excludeTables?: readonly string[];
  readonly strategy?: readonly string[];
  readonly granularity?: string;
  readonly triggers?: string;
  readonly jobs?: string;
  readonly currentJobs?: string;
  /** Commander knows it as true where nobody gave its negative. */
  readonly lineage?: boolean;
  readonly redact?: readonly string[];
}

/** Where settings come from; the earlier wins: flags, then the environment, then the config file. */
export interface SettingSources {
  readonly flags: PlanFlags;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: ReadConfig;
  readonly strategies: readonly Strategy[];
  /** The user's own strategies, loaded beforehand (`loadStrategies`); without them a path is a mistake. */
  readonly modules?: StrategyModules;
  /** A change log that is read in the place of `post`. */
  readonly postLog?: PostLogSource | undefined;
}

/**
 * Makes checked settings of what was asked, once, at the door.
 *
 * @throws UsageError with all mistakes of flags, environment and config together
 */
export function parseSettings(sources: SettingSources): PlanSettings {
  const { flags, file } = sources;
  const { config } = file;
  const mistakes: Mistake[] = [...(file.mistakes ?? [])];
  const strategies = strategyEntries(sources, mistakes);
  const between = betweenSettings(flags, file, mistakes);
  const settings: PlanSettings = {
    between,
    mode: choice("--mode", flags.mode, config.mode, ["undo", "replay"], "undo" satisfies Mode, mistakes),
    connections: connections(sources, mistakes),
    postLog: sources.postLog,
    tables: flags.tables ?? config.tables ?? [],
    excludeTables: [...(flags.excludeTables ?? []), ...(config.excludeTables ?? [])],
    keys: config.keys ?? {},
    renames: config.renames?.map((entry, at) => ({ ...entry, where: file.where(["renames", at]) })),
    rules: [...signatureRules(flags, file, mistakes), ...rules(file, between, mistakes)],
    damage: flags.damageSignature === undefined ? damage(flags.damage, config.damage, mistakes) : [],
    strategies,
    touch: { columns: config.touch?.columns, write: config.touch?.write ?? "restore" },
    groups: config.groups ?? {},
    granularity: choice(
      "--granularity",
      flags.granularity,
      config.granularity,
      ["row", "cell"],
      "row",
      mistakes,
    ),
    triggers: choice("--triggers", flags.triggers, config.triggers, ["fire", "disable"], "fire", mistakes),
    invariants: config.invariants ?? [],
    warnings: idleFlags(sources),
    jobs: checkJobs("--jobs", flags.jobs, mistakes),
    currentJobs: checkJobs("--current-jobs", flags.currentJobs, mistakes),
    lineage: flags.lineage === false ? false : undefined,
    placeOf: (setting, name) => placeOf(sources, setting, name),
    redact: [...(flags.redact ?? []), ...(config.redact ?? [])],
    tenant: tenantSettings(flags, file, mistakes),
    actor: actorSettings(file),
    guard: { massDelete: { share: 0.5, rows: 100, ...present(config.guard?.massDelete) } },
  };
  mistakes.push(...contradictionsIn(settings), ...postLogMistakes(sources, settings));
  // The help says nothing of what the file alone has wrong.
  const isOfFile = mistakes.length === file.mistakes?.length;
  if (mistakes.length > 0)
    throw new UsageError(
      mistakes,
      isOfFile ? undefined : "pgmend plan --help shows every flag with examples",
    );
  return settings;
}

/** A log goes on from `pre`: undoing needs what the live database went on from. */
function postLogMistakes(
  { flags, postLog }: SettingSources,
  { mode, between }: PlanSettings,
): readonly Mistake[] {
  if (postLog === undefined) return [];
  const where = "--post-log";
  return [
    ...(between === undefined
      ? []
      : [{ where, what: "says itself what happened when: snapshots between have no place beside it" }]),
    ...(flags.post === undefined ? [] : [{ where, what: "stands in the place of --post: give one of them" }]),
    ...(mode === "replay"
      ? []
      : [
          {
            where,
            what: "only mode replay goes by a change log; in mode undo leave --post out, and current is read",
          },
        ]),
  ];
}

/** Without what was left out: that must not hide a default. */
function present<T extends object>(given: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)) as never;
}

function choice<T extends string>(
  flag: string,
  asked: string | undefined,
  configured: T | undefined,
  known: readonly T[],
  fallback: T,
  mistakes: Mistake[],
): T {
  if (asked === undefined) return configured ?? fallback;
  const found = known.find((value) => value === asked);
  if (found === undefined) mistakes.push({ where: flag, what: `"${asked}" is none of ${known.join(", ")}` });
  return found ?? fallback;
}

export function checkJobs(
  where: "--jobs" | "--current-jobs",
  flag: string | undefined,
  mistakes: Mistake[],
): number | undefined {
  if (flag === undefined) return undefined;
  if (!/^[1-9]\d?$/.test(flag)) mistakes.push({ where, what: `"${flag}" is no number from 1 to 99` });
  return Number(flag);
}

type Role = "pre" | "post" | "current";

/** The URL of one database; where a mistake is, it is named without the URL, which may hold a password. */
export function connectionUrl(
  { flags, env, file }: Omit<SettingSources, "strategies">,
  role: Role,
): string | undefined {
  const places = [flags[role], env[`PGMEND_${role.toUpperCase()}`], file.config.connections?.[role]];
  // A variable set to nothing is as good as none.
  return places.find((url) => url !== undefined && url !== "");
}

/** @param maybeElsewhere it may be in the part of the config that cannot be read: then it is not missed */
export function checkUrl(
  role: Role,
  url: string | undefined,
  mistakes: Mistake[],
  maybeElsewhere = false,
): { readonly url: string } {
  if (url === undefined || url === "") {
    if (maybeElsewhere) return { url: "" };
    const variable = `PGMEND_${role.toUpperCase()}`;
    mistakes.push({
      where: `--${role}`,
      what: `no connection; give --${role} URL, ${variable}, or connections.${role} in the config`,
    });
    return { url: "" };
  }
  const what = urlComplaint(url);
  if (what !== undefined) mistakes.push({ where: `--${role}`, what });
  return { url };
}

function connections(sources: SettingSources, mistakes: Mistake[]): PlanSettings["connections"] {
  const post = sources.postLog === undefined ? connectionUrl(sources, "post") : undefined;
  const isPart = sources.file.mistakes !== undefined;
  return {
    pre: checkUrl("pre", connectionUrl(sources, "pre"), mistakes, isPart),
    current: checkUrl("current", connectionUrl(sources, "current"), mistakes, isPart),
    ...(post === undefined ? {} : { post: checkUrl("post", post, mistakes) }),
  };
}

/** Where the config has it; what a flag says is the flag's, though the config says so, too. */
export function placeOf(
  { flags, file }: Pick<SettingSources, "flags" | "file">,
  setting: NamingSetting,
  name: string,
): string | undefined {
  const configured = setting === "touch" ? file.config.touch?.columns : file.config[setting];
  if (setting === "keys" || setting === "groups") {
    return configured === undefined ? undefined : file.where([setting, name]);
  }
  const at = Array.isArray(configured) ? configured.indexOf(name) : -1;
  if (at === -1) return undefined;
  if (setting === "touch") return file.where([setting, "columns", at]);
  return flags[setting]?.includes(name) === true ? undefined : file.where([setting, at]);
}

function rules(
  { config, where }: ReadConfig,
  between: PlanSettings["between"],
  mistakes: Mistake[],
): readonly Rule[] {
  return (config.rules ?? []).map(({ match: { during: ends, ...match }, is }, at) => {
    const during = ends && intervalsBetween(ends.map(String), between ?? { snapshots: [] });
    if (typeof during === "string")
      mistakes.push({ where: where(["rules", at, "match", "during"]), what: during });
    return {
      where: where(["rules", at]),
      match: {
        ...match,
        transactions: match.transactions?.map(String),
        ...(typeof during === "object" ? { during } : {}),
      },
      is,
    };
  });
}

function damage(
  flag: string | undefined,
  configured: Config["damage"],
  mistakes: Mistake[],
): readonly Operation[] {
  if (flag === undefined) return configured ?? ["update", "delete"];
  return flag.split(",").flatMap((word) => {
    const found = operations.find((operation) => operation === word.trim());
    if (found === undefined) {
      mistakes.push({ where: "--damage", what: `"${word}" is none of ${operations.join(", ")}` });
    }
    return found ?? [];
  });
}

/** What was asked and cannot be heard. */
function idleFlags({ flags, file }: SettingSources): readonly string[] {
  const isReplay = (flags.mode ?? file.config.mode) === "replay";
  const hasIntervals = (flags.damageInterval ?? file.config.damageIntervals ?? []).length > 0;
  if (!isReplay || hasIntervals || (flags.damage ?? file.config.damage) === undefined) return [];
  const where = flags.damage === undefined ? file.where(["damage"]) : "--damage";
  return [`${where}: has no effect in mode replay, where everything comes back that no rule calls damage`];
}

/** What is given on the command line is asked before what the config says. */
function strategyEntries(sources: SettingSources, mistakes: Mistake[]): readonly StrategyEntry[] {
  const { flags, file, strategies, modules } = sources;
  const fromFlags = (flags.strategy ?? []).flatMap((text) => {
    const where = `--strategy ${text}`;
    const parsed = parseStrategyFlag(text);
    if (typeof parsed === "string") {
      mistakes.push({ where, what: parsed });
      return [];
    }
    const strategy = known(parsed.use, strategies, modules?.flags);
    if (typeof strategy === "string") {
      mistakes.push({ where, what: strategy });
      return [];
    }
    const lacking = optionMistakes(strategy, {}, () => where);
    mistakes.push(
      ...lacking.map(({ what }) => ({ where, what: `${what} (only the config can give options)` })),
    );
    return [{ where, match: parsed.match, strategy, options: {} }];
  });
  const fromConfig = (file.config.strategies ?? []).flatMap(({ match = {}, use, ...options }, at) => {
    const where = file.where(["strategies", at]);
    const strategy = known(use, strategies, modules?.config);
    if (typeof strategy === "string") {
      mistakes.push({ where: file.where(["strategies", at, "use"]), what: strategy });
      return [];
    }
    mistakes.push(...optionMistakes(strategy, options, (name) => file.where(["strategies", at, name])));
    return [{ where, match, strategy, options }];
  });
  return [...fromFlags, ...fromConfig];
}

/** The strategy that is meant by a name or a path, or what is wrong with it. */
function known(
  use: string,
  strategies: readonly Strategy[],
  loaded: LoadedStrategies | undefined,
): Strategy | string {
  if (isStrategyPath(use)) return loaded?.get(use) ?? "files of strategies are not loaded here";
  const names = strategies.map((strategy) => strategy.name).join(", ");
  return (
    strategies.find((strategy) => strategy.name === use) ??
    `there is no strategy "${use}"; known are ${names}, and paths of your own (./mine.js)`
  );
}

/** Options that the strategy does not take, and what it says of those it does. */
function optionMistakes(
  { name, options: taken = {} }: Strategy,
  given: Readonly<Record<string, unknown>>,
  where: (option: string) => string,
): readonly Mistake[] {
  const takes = Object.keys(taken).join(", ") || "none";
  const unknown = Object.keys(given)
    .filter((option) => !Object.hasOwn(taken, option))
    .map((option) => ({ where: where(option), what: `${name} has no such option; it takes ${takes}` }));
  const wrong = Object.entries(taken).flatMap(([option, check]) => {
    const what = complaint(check, Object.hasOwn(given, option) ? given[option] : undefined);
    return what === undefined ? [] : [{ where: where(option), what: `option ${option} of ${name}: ${what}` }];
  });
  return [...unknown, ...wrong];
}

/** The check may be a stranger's: whatever it does is about this option, and no reason to fail. */
function complaint(check: (value: unknown) => unknown, value: unknown): string | undefined {
  try {
    const what = check(value);
    return what === undefined ? undefined : String(what);
  } catch (cause) {
    return `it cannot be checked: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
