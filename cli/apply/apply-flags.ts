import type { ApplyLimits, Mistake } from "../../src/index.js";

/** Flags of `apply` as commander hands them over. */
export interface ApplyFlags {
  readonly current?: string;
  readonly rollback?: boolean;
  readonly onDrift?: string;
  readonly tables?: readonly string[];
  readonly tenant?: readonly string[];
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly requireApproval?: boolean;
  readonly allowOtherDatabase?: boolean;
  readonly batchRows?: string;
  readonly lockTimeout?: string;
  readonly reconnectFor?: string;
  readonly maxReplicationLag?: string;
  readonly maxActive?: string;
  readonly pauseFile?: string;
  readonly profile?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

export interface ApplySettings {
  readonly onDrift: "stop" | "skip";
  readonly limits: Partial<ApplyLimits>;
  /** In seconds. */
  readonly maxReplicationLag: number | undefined;
  readonly maxActive: number | undefined;
}

export function parseApplyFlags(flags: ApplyFlags, mistakes: Mistake[]): ApplySettings {
  const { onDrift = "stop" } = flags;
  if (onDrift !== "stop" && onDrift !== "skip")
    mistakes.push({ where: "--on-drift", what: `"${onDrift}" is none of stop, skip` });
  const batchRows = wholeNumber("--batch-rows", flags.batchRows, 1, mistakes);
  const lockTimeoutMs = milliseconds("--lock-timeout", flags.lockTimeout, mistakes);
  const reconnectMs = milliseconds("--reconnect-for", flags.reconnectFor, mistakes);
  const lag = milliseconds("--max-replication-lag", flags.maxReplicationLag, mistakes);
  return {
    onDrift: onDrift === "skip" ? "skip" : "stop",
    limits: {
      ...(batchRows === undefined ? {} : { batchRows }),
      ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs: Math.max(1, lockTimeoutMs) }),
      ...(reconnectMs === undefined ? {} : { reconnectMs }),
    },
    maxReplicationLag: lag === undefined ? undefined : lag / 1000,
    maxActive: wholeNumber("--max-active", flags.maxActive, 0, mistakes),
  };
}

function wholeNumber(
  flag: string,
  text: string | undefined,
  least: number,
  mistakes: Mistake[],
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least) return value;
  mistakes.push({ where: flag, what: `"${text}" is not a whole number from ${least} on` });
  return undefined;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };

/** `100ms`, `10s`, `2min`. */
function milliseconds(flag: string, text: string | undefined, mistakes: Mistake[]): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|min)$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * (units[unit] ?? 1);
  mistakes.push({ where: flag, what: `"${text}" is not a time like 100ms, 10s or 2min` });
  return undefined;
}
