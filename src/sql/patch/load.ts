import { copyNumberOf, isBag } from "../../model/bag.js";
import { columnAt } from "../../model/table.js";
import type { Row, Value } from "../../model/value.js";
import { arrayText } from "../composite.js";
import { readText } from "../read-text.js";
import type { StagingNames } from "./names.js";
import { fold, mayBeAside, type StagingShape, stagingShape } from "./staging.js";
import type { KeyedChange, PatchStep } from "./step.js";

/** Fills a staging table over a connection: what a patch has as literals travels as one array of texts a column. */
export interface Load {
  readonly sql: string;
  /** Each an array, as PostgreSQL reads it. */
  readonly values: readonly string[];
}

/** Rows are numbered by their positions in the plan. */
export function loadRows(step: PatchStep, names: StagingNames, changes: readonly KeyedChange[]): Load {
  const { own, before, after } = columnsOf(step, names, stagingShape(step));
  const columns = [...own, ...before, ...after];
  const values = columns.map(({ value }) => arrayText(changes.map(value)));
  const first = relation("u", 0, [...own, ...before]);
  const second = relation("v", own.length + before.length, after);
  const [texts, toWrite] = [first.casts, second.casts];
  const { folded } = names;
  const targets =
    folded === undefined
      ? columns.map(({ name }) => name)
      : [...own.map(({ name }) => name), "was", "becomes"];
  const selected =
    folded === undefined
      ? [...texts, ...toWrite]
      : [...texts.slice(0, own.length), ...fold(folded, [texts.slice(own.length), toWrite])];
  return {
    sql: `INSERT INTO pg_temp.${names.table} (${targets.join(", ")})
SELECT ${selected.join(", ")} FROM ${first.sql}${after.length === 0 ? "" : ` JOIN ${second.sql} ON v.ord = u.ord`}`,
    values,
  };
}

/** Two, as no relation has columns enough for all values of a wide table twice. */
function relation(alias: string, from: number, columns: readonly LoadedColumn[]) {
  const arrays = columns.map(({ array }, at) => `pg_catalog.unnest($${from + at + 1}::${array}[])`);
  const names = columns.map((_, at) => `c${at}`);
  return {
    sql: `ROWS FROM (${arrays.join(", ")}) WITH ORDINALITY AS ${alias}(${[...names, "ord"].join(", ")})`,
    casts: columns.map(({ type }, at) => readText(`${alias}.c${at}`, type)),
  };
}

interface LoadedColumn {
  readonly name: string;
  readonly type: string;
  /** The type in which it travels. */
  readonly array: string;
  readonly value: (change: KeyedChange) => Value | number | boolean;
}

interface LoadedColumns {
  readonly own: readonly LoadedColumn[];
  readonly before: readonly LoadedColumn[];
  readonly after: readonly LoadedColumn[];
}

function columnsOf(step: PatchStep, names: StagingNames, shape: StagingShape): LoadedColumns {
  const { table } = step;
  const text = (name: string, position: number, value: LoadedColumn["value"]): LoadedColumn => ({
    name,
    type: columnAt(table, position).baseType,
    array: "pg_catalog.text",
    value,
  });
  const own: readonly LoadedColumn[] = [
    { name: "n", type: "bigint", array: "bigint", value: ({ position }) => position },
    ...(mayBeAside(step)
      ? [
          {
            name: "aside",
            type: "boolean",
            array: "boolean",
            value: ({ aside }: KeyedChange) => aside === true,
          },
        ]
      : []),
    ...(isBag(table)
      ? [
          {
            name: "copy",
            type: "bigint",
            array: "bigint",
            value: ({ key }: KeyedChange) => copyNumberOf(key),
          },
        ]
      : []),
    ...table.key.map((position, at) => text(names.key(position), position, ({ key }) => key[at] ?? null)),
  ];
  return {
    own,
    before: shape.before.map((at) => text(names.before(at), at, ({ change }) => cell(change, "before", at))),
    after: shape.after.map((at) => text(names.after(at), at, ({ change }) => cell(change, "after", at))),
  };
}

function cell(change: KeyedChange["change"], version: "before" | "after", at: number): Value {
  const row = (change as { readonly before?: Row; readonly after?: Row })[version];
  return row?.[at] ?? null;
}
