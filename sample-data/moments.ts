/** Microseconds since 1970, UTC. PostgreSQL keeps microseconds and a Date does not, so a Moment is no Date. */
export type Moment = number;

export interface Span {
  readonly from: Moment;
  readonly to: Moment;
}

const second = 1_000_000;
export const day = 24 * 60 * 60 * second;

/** Reads "22:16" or "22:16:04" as a time of one day. Months count from 1. */
export function clock(year: number, month: number, dayOfMonth: number): (time: string) => Moment {
  const midnight = Date.UTC(year, month - 1, dayOfMonth) * 1000;
  return (time) => {
    const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
    return midnight + ((hours * 60 + minutes) * 60 + seconds) * second;
  };
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
