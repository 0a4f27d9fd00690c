import { isBag } from "../../model/bag.js";
import { type Change, type PlannedRow, writtenKey } from "../../model/change.js";
import { columnAt, type Table } from "../../model/table.js";
import type { Row, Value } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import type { PageRow, PageValue, PageVersions, PageWrite } from "./page-data.js";

/** Longer values are cut in the page: it is for reading, and all of them are in the plan and in changes.jsonl. */
const longestValue = 2000;

/** A row of the plan as the page gets it: only what it shows. */
export function pageRow(table: Table, row: PlannedRow): PageRow {
  const { change, conflict } = row;
  const time = writtenAt(table, row);
  return {
    at: row.position,
    table: row.table,
    did: row.operation,
    outcome: row.outcome,
    key: isBag(table) ? ["", ...row.key.slice(1)] : row.key,
    ...(change === undefined ? {} : { write: pageWrite(table, row, change) }),
    ...(conflict === undefined ? {} : { conflict: withoutUndefined(conflict) }),
    ...(change === undefined || conflict !== undefined ? { versions: pageVersions(table, row) } : {}),
    ...(row.reason === undefined ? {} : { reason: row.reason }),
    ...(row.causes === undefined ? {} : { causes: row.causes }),
    ...(row.decided ? { decided: true } : {}),
    ...(row.tenant === undefined ? {} : { tenant: row.tenant }),
    ...(row.transaction === undefined ? {} : { transaction: row.transaction }),
    ...(time === undefined ? {} : { time }),
  };
}

function pageWrite(table: Table, row: PlannedRow, change: Change): PageWrite {
  const own = writtenKey(table, row);
  const key = own === row.key || valuesKey(own) === valuesKey(row.key) ? {} : { key: own };
  const all = table.columns.map((_, at) => at);
  switch (change.kind) {
    case "insert":
      return { kind: change.kind, ...key, columns: all, to: cells(change.after, all) };
    case "delete":
      return { kind: change.kind, ...key, columns: all, from: cells(change.before, all) };
    case "update": {
      const { columns, before, after } = change;
      return { kind: change.kind, ...key, columns, from: cells(before, columns), to: cells(after, columns) };
    }
  }
}

/** Of a conflict the whole rows, to judge it by; of other rows what the incident did to them. */
function pageVersions(table: Table, { pre, post, current, conflict }: PlannedRow): PageVersions {
  const all = table.columns.map((_, at) => at);
  const isUpdate = pre !== undefined && post !== undefined;
  const columns =
    conflict === undefined && isUpdate ? all.filter((at) => (pre[at] ?? null) !== (post[at] ?? null)) : all;
  const version = (row: Row | undefined) => (row === undefined ? null : cells(row, columns));
  const versions = { columns, pre: version(pre), post: version(post) };
  return conflict === undefined ? versions : { ...versions, current: version(current) };
}

function cells(row: Row, columns: readonly number[]): readonly PageValue[] {
  return columns.map((at) => pageValue(row[at] ?? null));
}

function pageValue(value: Value): PageValue {
  if (value === null || value.length <= longestValue) return value;
  return { start: value.slice(0, longestValue), length: value.length };
}

/**
 * When the row was written in the window: the stamp that the window left, in a touch column or in one that every new
 * row has. A stamp that was there before tells nothing of it.
 */
function writtenAt(table: Table, { pre, post }: PlannedRow): string | undefined {
  if (post === undefined) return undefined;
  const times = table.columns.flatMap(({ isTime }, at) => (isTime ? [at] : []));
  const touches = table.touch.filter((at) => columnAt(table, at).isTime);
  const stamp = [...touches, ...times].find((at) => {
    const value = post[at] ?? null;
    return value !== null && value !== pre?.[at];
  });
  return stamp === undefined ? undefined : (post[stamp] ?? undefined);
}

function withoutUndefined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
