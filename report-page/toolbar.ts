import { visible } from "../src/model/visible.js";
import type { PagePlan } from "../src/report/html/page-data.js";
import { byId, el } from "./dom.js";
import type { Entry } from "./entries.js";
import { type Filter, kindOf, noFilter, noTenant, type Sorting, sortings } from "./filter.js";
import type { List } from "./list.js";
import { number } from "./text.js";

type Choice = readonly [value: string, words: string];

/** What the list can be asked, and where in it one is. */
export interface Toolbar {
  readonly search: HTMLInputElement;
  tell(list: List): void;
  reset(): void;
}

export function toolbar(plan: PagePlan, entries: readonly Entry[], list: List): Toolbar {
  const search = el("input", {
    id: "search",
    type: "search",
    placeholder: "Search keys, values, reasons",
    "aria-keyshortcuts": "/",
    autocomplete: "off",
    spellcheck: "false",
  });
  const fields = {
    outcome: select(
      "outcome",
      "every outcome",
      countsOf(entries, ({ row }) => row.outcome),
    ),
    kind: select(
      "kind",
      "every change and conflict",
      countsOf(entries, ({ row }) => kindOf(row)),
    ),
    table: select(
      "table",
      "every table",
      countsOf(
        entries,
        ({ row }) => String(row.table),
        (at) => plan.tables[Number(at)]?.label ?? "",
      ),
    ),
    tenant: select(
      "tenant",
      "every tenant",
      countsOf(
        entries,
        ({ row }) => row.tenant ?? noTenant,
        (name) => (name === noTenant ? "no tenant" : name),
      ),
    ),
  };
  const sorting = el(
    "select",
    { id: "sorting" },
    ...Object.entries(sortings).map(([value, words]) => el("option", { value }, words)),
  );
  const count = el("p", { class: "count", role: "status" });
  const pager = pagerView(list);
  const reset = el("button", { type: "button", class: "quiet" }, "Reset");
  const hasTenants = entries.some(({ row }) => row.tenant !== undefined);

  const ask = () => {
    const filter: Filter = {
      text: search.value,
      table: fields.table.value,
      outcome: fields.outcome.value,
      kind: fields.kind.value,
      tenant: fields.tenant.value,
    };
    reset.hidden = Object.keys(noFilter).every((name) => filter[name as keyof Filter] === "");
    void list.ask(filter, sorting.value as Sorting);
  };
  const clear = () => {
    search.value = "";
    for (const field of Object.values(fields)) field.value = "";
    ask();
  };
  search.addEventListener("input", ask);
  for (const field of [...Object.values(fields), sorting]) field.addEventListener("change", ask);
  reset.addEventListener("click", clear);
  reset.hidden = true;

  byId("list").replaceChildren(
    el(
      "div",
      { class: "toolbar", role: "search", "aria-label": "Filter the rows" },
      el(
        "div",
        { class: "fields" },
        labelled("Search", search),
        labelled("Outcome", fields.outcome),
        labelled("Kind", fields.kind),
        labelled("Table", fields.table),
        ...(hasTenants ? [labelled("Tenant", fields.tenant)] : []),
        labelled("Sort", sorting),
      ),
      el("div", { class: "position" }, count, reset, pager.element),
    ),
    list.element,
  );
  return {
    search,
    reset: clear,
    tell(shown) {
      const [first, last] = shown.range;
      const of = shown.found === shown.total ? "" : ` of ${number(shown.total)}`;
      count.textContent =
        shown.found === 0
          ? `0 rows${of}`
          : `${number(first)}–${number(last)} of ${number(shown.found)} rows${of && ` (${number(shown.total)} in all)`}`;
      pager.tell(first > 1, last < shown.found);
    },
  };
}

function pagerView(list: List) {
  const button = (words: string, label: string, turn: () => void) =>
    el("button", { type: "button", "aria-label": label, title: label, onclick: turn }, words);
  const back = [
    button("«", "first page", () => list.turnTo(0)),
    button("‹", "page before", () => list.turn(-1)),
  ];
  const on = [button("›", "next page", () => list.turn(1)), button("»", "last page", () => list.turnToEnd())];
  return {
    element: el("div", { class: "pager", role: "group", "aria-label": "pages" }, ...back, ...on),
    tell(canBack: boolean, canOn: boolean) {
      for (const one of back) one.disabled = !canBack;
      for (const one of on) one.disabled = !canOn;
    },
  };
}

function labelled(words: string, field: HTMLElement): HTMLElement {
  return el("label", { class: `field field-${field.id}` }, el("span", {}, words), field);
}

function select(id: string, everything: string, choices: readonly Choice[]): HTMLSelectElement {
  return el(
    "select",
    { id },
    el("option", { value: "" }, everything),
    ...choices.map(([value, words]) => el("option", { value }, words)),
  );
}

/** Names in a list to choose from: beyond that, searching is quicker. */
const mostChoices = 500;

function countsOf(
  entries: readonly Entry[],
  read: (entry: Entry) => string,
  name: (value: string) => string = (value) => value,
): readonly Choice[] {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const value = read(entry);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostChoices)
    .map(([value, count]) => [value, `${visible(name(value))} (${number(count)})`]);
}
