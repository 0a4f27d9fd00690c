/** Microseconds since 1970, UTC. PostgreSQL keeps microseconds and a Date does not, so a Moment is no Date. */
export type Moment = number;

const second = 1_000_000;
const day = 24 * 60 * 60 * second;
const midnight = Date.UTC(2019, 8, 23) * 1000;

/** "22:16" or "22:16:04". The story runs past midnight: a time before noon is the next morning's. */
export function at(time: string): Moment {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
  const moment = midnight + ((hours * 60 + minutes) * 60 + seconds) * second;
  return hours < 12 ? moment + day : moment;
}

export function daysBefore(days: number, moment: Moment): Moment {
  return moment - days * day;
}

/** As PostgreSQL reads it: `2019-09-23 22:16:04.250113+00`. */
export function timestamp(moment: Moment): string {
  const micros = moment % second;
  const text = new Date((moment - micros) / 1000).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)}.${String(micros).padStart(6, "0")}+00`;
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

export interface Span {
  readonly from: Moment;
  readonly to: Moment;
}

/** Between `pre` and `post`: what people do here is in the same difference as the damage. */
export const window: Span = { from: at("22:12:01"), to: at("22:39:59") };

/** The part of the window in which people and agents update device rows. The README says why not all of it. */
export const afterRollback: Span = { from: at("22:18:05"), to: window.to };

/** Between `post` and the moment the damage was understood. */
export const since: Span = { from: at("22:40:01"), to: at("00:41:59") };
