import { clock, day, type Span } from "../moments.js";

const at = clock(2024, 1, 24);

/** The day, as the report tells it. UTC. */
export const morning = {
  backup: at("04:47"),
  truncate: at("07:01:20"),
  refillDrafts: at("07:10"),
  refillEntries: at("07:20"),
  maintenance: at("09:56"),
  restored: at("10:48"),
  recovery: at("17:49") + day,
} as const;

/** Before the migration. What is written to the truncated tables here is in no snapshot. */
export const early: Span = { from: at("04:47:30"), to: at("07:01") };

/** After the migration, on a database without descriptions, comments, notifications, favorites and reactions. */
export const late: Span = { from: at("07:21"), to: at("09:55") };

/** Everything that was lost by the restore. */
export const window: Span = { from: early.from, to: late.to };

/**
 * Who creates issues when. The restored database hands out as many ids as the damaged one did up to `second`: issues
 * of `first` and `second` meet another issue under their id, issues of `third` do not. Those that cannot come back
 * are none of `first`, so that the new keys do not depend on whether a row that stays away is given one, too.
 */
export const first: Span = { from: early.from, to: at("07:50") };
export const second: Span = { from: at("07:50"), to: at("08:30") };
export const third: Span = { from: at("08:30"), to: late.to };

/** On the restored database. */
export const since: Span = { from: at("10:49"), to: morning.recovery - 60_000_000 };
