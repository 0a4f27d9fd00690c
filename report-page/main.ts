/** The program of `report.html`: it reads the data of the page block by block, and lists, filters and explains it. */
import { byId, el } from "./dom.js";
import { type Entry, entryOf } from "./entries.js";
import { listenToKeys } from "./keys.js";
import { List } from "./list.js";
import { readEnd, readPlan, rowBlocks } from "./read-data.js";
import { inSlices } from "./slices.js";
import { number } from "./text.js";
import { timeline } from "./timeline.js";
import { showTimeline } from "./timeline-view.js";
import { type Toolbar, toolbar } from "./toolbar.js";

async function start(): Promise<void> {
  const plan = readPlan(document);
  const end = readEnd(document);
  const place = byId("list");
  const progress = el("p", { class: "empty", role: "status" }, `Reading ${number(end.rows)} rows…`);
  place.append(progress);
  const entries: Entry[] = [];
  let bar: Toolbar | undefined;
  const list = new List(plan, (shown) => bar?.tell(shown));
  await inSlices(rowBlocks(document), (rows) => {
    for (const row of rows) entries.push(entryOf(row, plan));
    // What is open comes first: its reader need not wait for the rest.
    if (entries.length === rows.length) void list.show(entries.slice());
    place.append(list.element);
  });
  bar = toolbar(plan, entries, list);
  await list.show(entries);
  listenToKeys(list, bar);
  if (end.rows < end.of) place.prepend(missingView(end.rows, end.of));
  showTimeline(timeline(rowsOf(entries)));
  addEventListener("beforeprint", () => list.unfold());
  addEventListener("afterprint", () => list.fold());
  document.documentElement.dataset["ready"] = "true";
}

function* rowsOf(entries: readonly Entry[]) {
  for (const { row } of entries) yield row;
}

function missingView(rows: number, of: number): HTMLElement {
  return el(
    "p",
    { class: "note" },
    `Too many for a page: here are ${number(rows)} of ${number(of)} rows, what is open and what is written first. All of them are in plan.duckdb.`,
  );
}

void start();
