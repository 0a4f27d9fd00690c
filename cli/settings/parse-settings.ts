import {
  type Mistake,
  type Mode,
  type Operation,
  operations,
  type PlanSettings,
  type Rule,
  type Strategy,
  type StrategyEntry,
  UsageError,
} from "../../src/index.js";
import type { Config } from "./config-schema.js";
import type { ReadConfig } from "./read-config.js";
import { parseStrategyFlag } from "./strategy-flag.js";

/** Flags as commander hands them over; unset ones are undefined. */
export interface PlanFlags {
  readonly pre?: string;
  readonly post?: string;
  readonly current?: string;
  readonly mode?: string;
  readonly tables?: readonly string[];
  readonly excludeTables?: readonly string[];
  readonly damage?: string;
  readonly strategy?: readonly string[];
  readonly granularity?: string;
  readonly triggers?: string;
}

/** Where settings come from; the earlier wins: flags, then the environment, then the config file. */
export interface SettingSources {
  readonly flags: PlanFlags;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: ReadConfig;
  readonly strategies: readonly Strategy[];
}

/**
 * Makes checked settings of what was asked, once, at the door.
 *
 * @throws UsageError with all mistakes of flags, environment and config together
 */
export function parseSettings(sources: SettingSources): PlanSettings {
  const { flags, file } = sources;
  const { config } = file;
  const mistakes: Mistake[] = [];
  const strategies = strategyEntries(sources, mistakes);
  const settings: PlanSettings = {
    mode: choice("--mode", flags.mode, config.mode, ["undo", "replay"], "undo" satisfies Mode, mistakes),
    connections: connections(sources, mistakes),
    tables: flags.tables ?? config.tables ?? [],
    excludeTables: [...(flags.excludeTables ?? []), ...(config.excludeTables ?? [])],
    keys: config.keys ?? {},
    rules: rules(file),
    damage: damage(flags.damage, config.damage, mistakes),
    strategies,
    touch: { columns: config.touch?.columns, write: config.touch?.write ?? "restore" },
    groups: config.groups ?? {},
    granularity: choice("--granularity", flags.granularity, config.granularity, ["row", "cell"], "row", mistakes),
    triggers: choice("--triggers", flags.triggers, config.triggers, ["fire", "disable"], "fire", mistakes),
    invariants: config.invariants ?? [],
  };
  if (mistakes.length > 0) throw new UsageError(mistakes, "pgmend plan --help shows every flag with examples");
  return settings;
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

type Role = "pre" | "post" | "current";

/** The URL of one database; where a mistake is, it is named without the URL, which may hold a password. */
export function connectionUrl({ flags, env, file }: Omit<SettingSources, "strategies">, role: Role): string | undefined {
  return flags[role] ?? env[`PGMEND_${role.toUpperCase()}`] ?? file.config.connections?.[role];
}

export function checkUrl(role: Role, url: string | undefined, mistakes: Mistake[]): { readonly url: string } {
  if (url === undefined || url === "") {
    const variable = `PGMEND_${role.toUpperCase()}`;
    mistakes.push({
      where: `--${role}`,
      what: `no connection; give --${role} URL, ${variable}, or connections.${role} in the config`,
    });
  } else if (!/^postgres(ql)?:\/\//.test(url)) {
    mistakes.push({ where: `--${role}`, what: "expected a URL like postgresql://user@host:5432/database" });
  }
  return { url: url ?? "" };
}

function connections(sources: SettingSources, mistakes: Mistake[]): PlanSettings["connections"] {
  const post = connectionUrl(sources, "post");
  return {
    pre: checkUrl("pre", connectionUrl(sources, "pre"), mistakes),
    current: checkUrl("current", connectionUrl(sources, "current"), mistakes),
    ...(post === undefined ? {} : { post: checkUrl("post", post, mistakes) }),
  };
}

function rules({ config, where }: ReadConfig): readonly Rule[] {
  return (config.rules ?? []).map(({ match, is }, at) => ({
    where: where(["rules", at]),
    match: { ...match, transactions: match.transactions?.map(String) },
    is,
  }));
}

function damage(flag: string | undefined, configured: Config["damage"], mistakes: Mistake[]): readonly Operation[] {
  if (flag === undefined) return configured ?? ["update", "delete"];
  return flag.split(",").flatMap((word) => {
    const found = operations.find((operation) => operation === word.trim());
    if (found === undefined) {
      mistakes.push({ where: "--damage", what: `"${word}" is none of ${operations.join(", ")}` });
    }
    return found ?? [];
  });
}

/** What is given on the command line is asked before what the config says. */
function strategyEntries({ flags, file, strategies }: SettingSources, mistakes: Mistake[]): readonly StrategyEntry[] {
  const known = (name: string, where: string): Strategy | undefined => {
    const found = strategies.find((strategy) => strategy.name === name);
    if (found === undefined) {
      const names = strategies.map((strategy) => strategy.name).join(", ");
      mistakes.push({ where, what: `there is no strategy "${name}"; known are ${names}` });
    }
    return found;
  };
  const fromFlags = (flags.strategy ?? []).flatMap((text) => {
    const parsed = parseStrategyFlag(text);
    if (typeof parsed === "string") {
      mistakes.push({ where: `--strategy ${text}`, what: parsed });
      return [];
    }
    const strategy = known(parsed.use, `--strategy ${text}`);
    return strategy === undefined ? [] : [{ where: `--strategy ${text}`, match: parsed.match, strategy, options: {} }];
  });
  const fromConfig = (file.config.strategies ?? []).flatMap(({ match = {}, use, ...options }, at) => {
    const where = file.where(["strategies", at]);
    const strategy = known(use, where);
    return strategy === undefined ? [] : [{ where, match, strategy, options }];
  });
  return [...fromFlags, ...fromConfig];
}
