export interface LabelTime {
  readonly kind: "time" | "date and time";
  /** Since midnight, or since 1970. */
  readonly minute: number;
}

const time = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?$/;
const dateAndTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * The time that the label of a snapshot is: `22:08`, `22:08:30`, `2019-09-23 22:08`, `2019-09-23T22:08:30.5+02`; UTC
 * where no zone is given. Undefined: it is a name.
 */
export function minuteOf(label: string): LabelTime | undefined {
  const clock = time.exec(label);
  if (clock !== null) {
    const [, hours, minutes, seconds = "0"] = clock;
    return { kind: "time", minute: Number(hours) * 60 + Number(minutes) + Number(seconds) / 60 };
  }
  const [, date, ofDay, zone = "Z"] = dateAndTime.exec(label) ?? [];
  if (date === undefined) return undefined;
  const offset = zone.replace(/^([+-]\d\d)$/, "$1:00").replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const moment = Date.parse(`${date}T${ofDay}${offset}`);
  return Number.isNaN(moment) ? undefined : { kind: "date and time", minute: moment / 60_000 };
}
