import { visible } from "../src/model/visible.js";
import type { PagePlan, PageRow } from "../src/report/html/page-data.js";
import { detailView } from "./detail-view.js";
import { el } from "./dom.js";
import { kindOf } from "./filter.js";
import { short } from "./text.js";

/** One row of the list: a line that opens. What is inside is made when it is opened. */
export function rowView(plan: PagePlan, row: PageRow): HTMLDetailsElement {
  const table = plan.tables[row.table];
  const line = el(
    "summary",
    {},
    el("span", { class: `badge is-${row.outcome}` }, row.outcome),
    el("span", { class: "kind" }, kindOf(row)),
    el(
      "span",
      { class: "where" },
      visible(table?.label ?? ""),
      " ",
      el("span", { class: "key" }, keyText(plan, row)),
    ),
    el("span", { class: "what" }, whatText(plan, row)),
  );
  const view = el("details", { class: "row" }, line);
  view.addEventListener("toggle", () => {
    if (view.open && view.childElementCount === 1) view.append(detailView(plan, row));
  });
  return view;
}

function keyText(plan: PagePlan, row: PageRow): string {
  const { table, key, write, versions } = row;
  if (plan.tables[table]?.keySource === "bag") {
    const { columns = [] } = write ?? versions ?? {};
    const values = write?.from ?? write?.to ?? versions?.pre ?? versions?.post ?? [];
    const cells = columns.slice(0, 6).map((at, i) => {
      return `${visible(plan.tables[table]?.columns[at]?.name ?? "")}=${short(values[i], 24)}`;
    });
    return [...cells, ...(columns.length > cells.length ? ["…"] : [])].join(", ");
  }
  const columns = plan.tables[table]?.key.map((at) => plan.tables[table]?.columns[at]?.name ?? "") ?? [];
  return columns.map((name, at) => `${visible(name)}=${short(key[at], 60)}`).join(", ");
}

/** In one line, what is written, in dispute, or why nothing is. */
function whatText(plan: PagePlan, row: PageRow): string {
  const name = (position: number) => visible(plan.tables[row.table]?.columns[position]?.name ?? "");
  const { conflict, write, versions } = row;
  if (write?.kind === "update" && row.outcome !== "conflict")
    return write.columns
      .map((at, i) => `${name(at)}: ${short(write.from?.[i], 24)} → ${short(write.to?.[i], 24)}`)
      .join("; ");
  if (conflict !== undefined)
    return conflict.cause === undefined
      ? (conflict.columns.length > 0 ? conflict.columns : changedColumns(versions)).map(name).join(", ")
      : short(conflict.cause, 120);
  if (row.reason !== undefined) return short(row.reason, 120);
  if (row.did === "update") return versions?.columns.map(name).join(", ") ?? "";
  return "";
}

/** What the incident changed of a row that is in conflict as a whole. */
function changedColumns(versions: PageRow["versions"]): readonly number[] {
  const { pre, post, columns = [] } = versions ?? {};
  if (pre == null || post == null) return [];
  return columns.filter((_, at) => JSON.stringify(pre[at]) !== JSON.stringify(post[at]));
}
