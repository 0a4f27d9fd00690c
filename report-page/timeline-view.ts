import { byId, el, svg } from "./dom.js";
import { number } from "./text.js";
import type { Bin } from "./timeline.js";

const [width, height] = [960, 160];
const order = ["apply", "conflict", "already", "kept", "skipped", "excluded"];

/** Rows by the time at which the window wrote them: columns to look at, and the same as a table. */
export function showTimeline(bins: readonly Bin[]): void {
  if (bins.length === 0) return;
  const place = byId("timeline");
  const most = Math.max(...bins.map(({ rows }) => rows));
  const step = width / bins.length;
  const columns = bins.map((bin, at) => {
    let top = height;
    const parts = order.flatMap((outcome) => {
      const rows = bin.counts.get(outcome) ?? 0;
      if (rows === 0) return [];
      const tall = Math.max((rows / most) * (height - 4), 1.5);
      top -= tall;
      return [
        svg("rect", {
          class: `fill-${outcome}`,
          x: at * step + 1,
          y: top,
          width: Math.max(step - 2, 1),
          height: tall,
        }),
      ];
    });
    return svg("g", {}, svg("title", {}, `${label(bin.from)}: ${number(bin.rows)} rows`), ...parts);
  });
  const base = svg("line", { class: "axis", x1: 0, x2: width, y1: height, y2: height });
  const first = bins[0]?.from ?? 0;
  const last = bins.at(-1)?.from ?? 0;
  const words = `Columns of rows written from ${label(first)} to ${label(last)}; ${number(most)} in the highest. The table below has all figures.`;
  place.append(
    el(
      "p",
      { class: "note" },
      `By the time stamp that the window left in them, in UTC. The highest column is ${number(most)} rows.`,
    ),
    svg(
      "svg",
      {
        class: "columns-chart",
        viewBox: `0 0 ${width} ${height + 1}`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": words,
      },
      base,
      ...columns,
    ),
    el("p", { class: "scale" }, el("span", {}, label(first)), el("span", {}, label(last))),
    tableView(bins),
  );
  place.hidden = false;
}

function tableView(bins: readonly Bin[]): HTMLElement {
  const used = order.filter((outcome) => bins.some(({ counts }) => counts.has(outcome)));
  const rows = bins
    .filter((bin) => bin.rows > 0)
    .map((bin) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, label(bin.from)),
        ...used.map((outcome) => el("td", { class: "n" }, number(bin.counts.get(outcome) ?? 0))),
      ),
    );
  return el(
    "details",
    { class: "as-table" },
    el("summary", { class: "as-table-words" }, "The same as a table"),
    el(
      "div",
      { class: "wide" },
      el(
        "table",
        { class: "figures" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "from"),
            ...used.map((outcome) => el("th", { scope: "col", class: "n" }, outcome)),
          ),
        ),
        el("tbody", {}, ...rows),
      ),
    ),
  );
}

/** `2019-09-23 22:10` */
function label(moment: number): string {
  return new Date(moment).toISOString().slice(0, 16).replace("T", " ");
}
