import type { PagePlan } from "../src/report/html/page-data.js";
import { el } from "./dom.js";
import type { Entry } from "./entries.js";
import { comparator, type Filter, matcher, noFilter, type Sorting } from "./filter.js";
import { rowView } from "./row-view.js";
import { inSlices } from "./slices.js";
import { number } from "./text.js";

const pageLength = 50;
/** Rows that are printed: a wall of paper helps nobody. */
const printedRows = 500;

/** The rows that are asked for, a page of them at a time. */
export class List {
  readonly element = el("div", { class: "list" });
  readonly #plan: PagePlan;
  readonly #onChange: (list: List) => void;
  #entries: readonly Entry[] = [];
  #found: readonly Entry[] = [];
  #first = 0;
  #filter: Filter = noFilter;
  #sorting: Sorting = "open";
  /** Counts what was asked: an answer to an older question is thrown away. */
  #asked = 0;

  constructor(plan: PagePlan, onChange: (list: List) => void) {
    this.#plan = plan;
    this.#onChange = onChange;
  }

  get total(): number {
    return this.#entries.length;
  }

  get found(): number {
    return this.#found.length;
  }

  /** Which rows are on the page, counted from 1. */
  get range(): readonly [number, number] {
    return [this.#first + 1, Math.min(this.#first + pageLength, this.#found.length)];
  }

  async show(entries: readonly Entry[]): Promise<void> {
    this.#entries = entries;
    await this.ask(this.#filter, this.#sorting);
  }

  async ask(filter: Filter, sorting: Sorting): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    this.#filter = filter;
    this.#sorting = sorting;
    const matches = matcher(filter);
    const found: Entry[] = [];
    const work = (entry: Entry) => void (matches(entry) && found.push(entry));
    if (!(await inSlices(this.#entries, work, () => mine === this.#asked))) return;
    this.#found = found.sort(comparator(sorting));
    this.turnTo(0);
  }

  /** By pages: 1 is the next one, -1 the one before. */
  turn(pages: number): void {
    this.turnTo(this.#first + pages * pageLength);
  }

  turnTo(first: number): void {
    const last = Math.max(0, Math.floor((this.#found.length - 1) / pageLength) * pageLength);
    this.#first = Math.min(Math.max(0, first), last);
    this.#draw(this.#found.slice(this.#first, this.#first + pageLength));
    this.#onChange(this);
  }

  turnToEnd(): void {
    this.turnTo(Number.MAX_SAFE_INTEGER);
  }

  /** For paper: more than a page of them, each opened. */
  unfold(): void {
    this.#draw(this.#found.slice(0, printedRows));
    for (const row of this.element.querySelectorAll("details")) {
      row.open = true;
      row.dispatchEvent(new Event("toggle"));
    }
    if (this.#found.length > printedRows)
      this.element.append(
        el("p", { class: "note" }, `The first ${number(printedRows)} of ${number(this.#found.length)} rows.`),
      );
  }

  fold(): void {
    this.turnTo(this.#first);
  }

  #draw(entries: readonly Entry[]): void {
    const rows = entries.map(({ row }) => rowView(this.#plan, row));
    this.element.replaceChildren(...(rows.length > 0 ? rows : [this.#empty()]));
  }

  #empty(): HTMLElement {
    const words =
      this.#entries.length === 0
        ? "pre and post are the same: there is no row to show."
        : "No row is like that. Take back a filter to see more.";
    return el("p", { class: "empty" }, words);
  }
}
