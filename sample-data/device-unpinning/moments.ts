import { clock, day, type Moment, type Span } from "../moments.js";

const onThatDay = clock(2019, 9, 23);

/** "22:16" or "22:16:04". The story runs past midnight: a time before noon is the next morning's. */
export function at(time: string): Moment {
  return Number.parseInt(time, 10) < 12 ? onThatDay(time) + day : onThatDay(time);
}

/** The night, minute by minute. */
export const night = {
  pre: at("22:12"),
  migrationStarts: at("22:12:04"),
  migrationEnds: at("22:14"),
  rollbackStarts: at("22:16"),
  rollbackEnds: at("22:18"),
  post: at("22:40"),
  found: at("00:42"),
} as const;

/** Ordinary life before the night; only series of snapshots begin that early. */
export const evening: Span = { from: at("22:00"), to: at("22:11:59") };

/** Between `pre` and `post`: what people do here is in the same difference as the damage. */
export const window: Span = { from: at("22:12:01"), to: at("22:39:59") };

/** The part of the window in which people and agents update device rows. The README says why not all of it. */
export const afterRollback: Span = { from: at("22:18:05"), to: window.to };

/** Between `post` and the moment the damage was understood. */
export const since: Span = { from: at("22:40:01"), to: at("00:41:59") };
