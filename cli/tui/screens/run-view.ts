import { number, plural } from "../../../src/index.js";
import type { AnyRunPlace, RunProgress } from "../state/recovery-places.js";
import { blank, type Line, line, lineText, span } from "../text/line.js";
import { shown, wrap } from "../text/measure.js";
import { bar, duration, percent } from "../text/numbers.js";
import { runHead, runLines } from "../text/run-lines.js";
import { windowOf } from "./list-window.js";
import type { Told, View } from "./screen.js";

/** How far it is; when it is over, how it ended, and what was found. @param doing in words, while nothing is told yet */
export function runBody(place: AnyRunPlace, doing: string, { columns, height }: View): readonly Line[] {
  if (place.ended === undefined) return progressLines(place, doing, columns);
  const head = runHead(place, columns);
  const lines = windowOf(runLines(place, columns), place.list, height - head.length);
  return [...head, ...lines.map(({ item, selected }) => ({ ...item, selected }))];
}

export function tellRun(place: AnyRunPlace, doing: string): Told {
  const endless = Number.MAX_SAFE_INTEGER;
  const lines =
    place.ended === undefined
      ? progressLines(place, doing, endless)
      : [...runHead(place, endless), ...runLines(place, endless)];
  return { lines: lines.map((item) => lineText(item).trim()).filter((text) => text !== ""), items: [] };
}

function progressLines({ progress, phase }: AnyRunPlace, doing: string, columns: number): readonly Line[] {
  const { wait, warnings } = progress;
  const said = (text: string) => wrap(shown(text), columns - 2).map((part) => line(span(part, "warning")));
  return [
    barLine(progress, phase === "stopping" ? "stopping after the batch at hand" : doing),
    rateLine(progress),
    leftLine(progress),
    blank,
    ...(wait === undefined ? [] : said(wait)),
    ...warnings.slice(-3).flatMap((text) => said(`warning: ${text}`)),
  ];
}

function barLine({ done, total, table, batch }: RunProgress, doing: string): Line {
  const share = total === undefined || total === 0 ? undefined : Math.min(1, done / total);
  const how = share === undefined ? [] : [span(bar(share, 24), "good"), ` ${percent(share)}  `];
  const where = table === "" ? "" : `: ${shown(table)}`;
  return line(
    ...how,
    span(`${doing}${where}`, "heading"),
    batch === undefined ? "" : `, batch ${number(batch)}`,
  );
}

/** Time that was spent waiting says nothing of how fast it goes. */
function rateLine({ done, total, now, startedAt, idle }: RunProgress): Line {
  const seconds = Math.max(0, now - startedAt - idle) / 1000;
  const rate = seconds > 0 ? done / seconds : 0;
  const left =
    total === undefined || rate === 0 || done >= total
      ? ""
      : `, about ${duration((total - done) / rate)} left`;
  const of = total === undefined ? "" : ` of ${number(total)}`;
  const rows = `${number(done)}${of} ${plural(total ?? done, "row")}, ${number(Math.round(rate))} rows/s${left}, `;
  return line(span(`${done === 0 ? "" : rows}${duration((now - startedAt) / 1000)} in all`, "dim"));
}

function leftLine({ gaveWay, left }: RunProgress): Line {
  const times = gaveWay === 1 ? "once" : `${number(gaveWay)} times`;
  return line(
    span(`gave way to others ${times}, `, gaveWay > 0 ? "warning" : "dim"),
    span(`${number(left)} ${plural(left, "row")} no longer as planned so far`, left > 0 ? "warning" : "dim"),
  );
}
