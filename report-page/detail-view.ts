import type { Table } from "../src/model/table.js";
import { visible } from "../src/model/visible.js";
import type { PagePlan, PageRow, PageValue, PageVersions, PageWrite } from "../src/report/html/page-data.js";
import { el } from "./dom.js";
import { statementOf } from "./statement.js";
import { lines, number, short } from "./text.js";
import { valueView } from "./values-view.js";

/** All there is to say of one row. */
export function detailView(plan: PagePlan, row: PageRow): HTMLElement {
  const table = plan.tables[row.table];
  const detail = el("div", { class: "detail" });
  if (table == null) return detail;
  detail.append(factsView(row), ...causesView(row));
  if (row.versions !== undefined) detail.append(versionsView(plan, table, row, row.versions));
  if (row.write !== undefined) detail.append(writeView(table, row.write));
  detail.append(...statementView(plan, row));
  return detail;
}

const kinds: Readonly<Record<string, string>> = {
  "update/update": "Current and incoming changed the same columns to different values.",
  "update/delete": "Current changed the row since; incoming deletes it.",
  "delete/update": "Current deleted the row since; incoming changes it.",
  "insert/insert": "Current and incoming each have a row under this key, and they differ.",
  "foreign-key": "Written, it would break a foreign key.",
  unique: "Written, it would break a unique constraint.",
  check: "Written, it would break a check.",
  "not-null": "Written, a column that must not be NULL would be.",
  exclusion: "Written, it would break an exclusion constraint.",
  "suspected-damage": "Its table lost most of its rows in the window: this may be the damage itself.",
};

function factsView({ conflict, reason, transaction, tenant, time, write }: PageRow): HTMLElement {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["conflict", conflict && (kinds[conflict.kind] ?? conflict.kind)],
    ["because", conflict?.cause],
    ["settled", conflict?.resolution && `${conflict.resolution}: ${conflict.reason ?? ""}`],
    ["why", reason],
    ["new key", write?.key?.join(", ")],
    ["tenant", tenant],
    ["transaction", transaction],
    ["written", time],
    ["conflict id", conflict?.id],
  ];
  const known = facts.filter(([, text]) => text !== undefined && text !== "");
  return el(
    "dl",
    { class: "facts" },
    ...known.map(([name, text = ""]) =>
      el("div", { class: "fact" }, el("dt", {}, name), el("dd", {}, lines(text))),
    ),
  );
}

/** What is in its way, what is in the way of that, and so on to the end. */
function causesView({ causes = [] }: PageRow): readonly HTMLElement[] {
  if (causes.length === 0) return [];
  const items = causes.map(({ table, key, outcome, kind, reason, omitted }) => {
    const name = Object.entries(key)
      .map(([column, value]) => `${visible(column)}=${short(value, 60)}`)
      .join(", ");
    const what = [kind ?? "", reason === undefined ? "" : lines(reason)]
      .filter((text) => text !== "")
      .join(": ");
    const left = omitted === undefined ? [] : [el("em", {}, `${number(omitted)} more in between; `)];
    return el(
      "li",
      {},
      ...left,
      `${visible(table)} `,
      el("span", { class: "key" }, name),
      " ",
      el("span", { class: `badge is-${outcome}` }, outcome),
      what === "" ? undefined : ` ${what}`,
    );
  });
  return [el("p", { class: "note" }, "In its way, link by link:"), el("ol", { class: "causes" }, ...items)];
}

type Version = "pre" | "post" | "current";

/** pre, post and current side by side; what a version has otherwise than the base is marked. */
function versionsView(
  plan: PagePlan,
  table: Table,
  { conflict }: PageRow,
  versions: PageVersions,
): HTMLElement {
  const base: Version = plan.mode === "undo" ? "post" : "pre";
  const shown: readonly Version[] =
    versions.current === undefined ? ["pre", "post"] : ["pre", "post", "current"];
  const role = (version: Version) => (version === "current" ? "" : version === base ? "base" : "incoming");
  const present = shown.filter((version) => versions[version] != null);
  const cell = (version: Version, at: number): PageValue | undefined => versions[version]?.[at];
  const lineOf = (position: number, at: number) =>
    el(
      "tr",
      { class: conflict?.columns.includes(position) === true ? "contested" : undefined },
      el("th", { scope: "row" }, lines(table.columns[position]?.name ?? "")),
      ...shown.map((version) =>
        el("td", {}, valueView(cell(version, at), version === base ? undefined : cell(base, at))),
      ),
    );
  const places = versions.columns.map((position, at) => ({ position, at }));
  const differs = ({ at }: { at: number }) =>
    present.length < 2 || new Set(present.map((version) => JSON.stringify(cell(version, at)))).size > 1;
  const first = places.filter(
    (place) => conflict?.columns.includes(place.position) === true || differs(place),
  );
  const others = places.filter((place) => !first.includes(place));
  const heads = shown.map((version) =>
    el(
      "th",
      { scope: "col" },
      `${version} `,
      el("span", { class: "role" }, conflict === undefined ? plan.databases[version] : role(version)),
    ),
  );
  const lineViews = (some: typeof places) => some.map(({ position, at }) => lineOf(position, at));
  return el(
    "div",
    { class: "wide", tabindex: 0, role: "region", "aria-label": "versions of the row" },
    el(
      "table",
      { class: "versions" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "column"), ...heads)),
      el("tbody", {}, ...lineViews(first)),
      ...(others.length === 0 ? [] : [sameView(lineViews(others), shown.length + 1, first.length === 0)]),
    ),
  );
}

/** Columns that are the same everywhere: there when asked for. */
function sameView(rows: readonly HTMLElement[], width: number, open: boolean): HTMLElement {
  const body = el("tbody", { class: "same" });
  if (open) {
    body.append(...rows);
    return body;
  }
  const show = () => body.replaceChildren(...rows);
  const words = `${rows.length} ${rows.length === 1 ? "column is" : "columns are"} the same: show`;
  body.append(
    el(
      "tr",
      {},
      el("td", { colspan: width }, el("button", { type: "button", class: "quiet", onclick: show }, words)),
    ),
  );
  return body;
}

const writes = {
  insert: "The patch inserts",
  update: "The patch updates",
  delete: "The patch deletes",
} as const;

function writeView(table: Table, { kind, columns, from, to }: PageWrite): HTMLElement {
  const rows = columns.map((position, at) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, lines(table.columns[position]?.name ?? "")),
      ...(from === undefined ? [] : [el("td", {}, valueView(from[at], to?.[at]))]),
      ...(to === undefined ? [] : [el("td", {}, valueView(to[at], from?.[at]))]),
    ),
  );
  const heads = [...(from === undefined ? [] : ["from"]), ...(to === undefined ? [] : ["to"])];
  return el(
    "div",
    { class: "wide", tabindex: 0, role: "region", "aria-label": writes[kind] },
    el(
      "table",
      { class: "versions" },
      el("caption", {}, writes[kind]),
      el("thead", {}, el("tr", {}, ...["column", ...heads].map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ...rows),
    ),
  );
}

function statementView(plan: PagePlan, row: PageRow): readonly HTMLElement[] {
  const statement = statementOf(plan, row);
  if (statement === undefined) return [];
  if ("why" in statement) return [el("p", { class: "note" }, statement.why)];
  const code = el("code", {}, statement.sql);
  const told = el("span", { role: "status", class: "note" });
  const copy = async () => {
    told.textContent = (await copied(statement.sql, code)) ? "copied" : "selected: copy it with Ctrl+C";
  };
  const note = plan.redacted
    ? "Redacted values are marks: this cannot be run."
    : "As the patch does it, guarded the same way.";
  return [
    el(
      "div",
      { class: "sql" },
      el(
        "p",
        { class: "note" },
        `${note} `,
        el("button", { type: "button", class: "quiet", onclick: () => void copy() }, "Copy SQL"),
        " ",
        told,
      ),
      el("pre", { tabindex: 0, role: "region", "aria-label": "SQL" }, code),
    ),
  ];
}

/** Where the browser gives no clipboard, the text is at least selected. */
async function copied(text: string, element: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    return false;
  }
}
