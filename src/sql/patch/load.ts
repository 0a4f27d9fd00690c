import { copyNumberOf, isBag } from "../../model/bag.js";
import { columnAt } from "../../model/table.js";
import type { Row, Value } from "../../model/value.js";
import type { StagingNames } from "./names.js";
import { mayBeAside, type StagingShape, stagingShape } from "./staging.js";
import type { KeyedChange, PatchStep } from "./step.js";

/** Fills a staging table over a connection: what a patch has as literals travels as one array of texts a column. */
export interface Load {
  readonly sql: string;
  readonly values: readonly (readonly (Value | number | boolean)[])[];
}

/** Rows are numbered by their positions in the plan. */
export function loadRows(step: PatchStep, names: StagingNames, changes: readonly KeyedChange[]): Load {
  const shape = stagingShape(step);
  const columns = columnsOf(step, names, shape);
  const targets = columns.map(({ name }) => name);
  const casts = columns.map(({ type }, at) => `u.c${at}::${type}`);
  const arrays = columns.map(({ array }, at) => `pg_catalog.unnest($${at + 1}::${array}[])`);
  return {
    sql: `INSERT INTO pg_temp.${names.table} (${targets.join(", ")})
SELECT ${casts.join(", ")} FROM ROWS FROM (${arrays.join(", ")}) AS u(${columns.map((_, at) => `c${at}`).join(", ")})`,
    values: columns.map(({ value }) => changes.map(value)),
  };
}

interface LoadedColumn {
  readonly name: string;
  readonly type: string;
  /** The type in which it travels. */
  readonly array: string;
  readonly value: (change: KeyedChange) => Value | number | boolean;
}

function columnsOf(step: PatchStep, names: StagingNames, shape: StagingShape): readonly LoadedColumn[] {
  const { table } = step;
  const text = (name: string, position: number, value: LoadedColumn["value"]): LoadedColumn => ({
    name,
    type: columnAt(table, position).baseType,
    array: "pg_catalog.text",
    value,
  });
  return [
    { name: "n", type: "bigint", array: "bigint", value: ({ position }) => position },
    { name: "done", type: "boolean", array: "boolean", value: () => false },
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
    ...shape.before.map((at) => text(names.before(at), at, ({ change }) => cell(change, "before", at))),
    ...shape.after.map((at) => text(names.after(at), at, ({ change }) => cell(change, "after", at))),
  ];
}

function cell(change: KeyedChange["change"], version: "before" | "after", at: number): Value {
  const row = (change as { readonly before?: Row; readonly after?: Row })[version];
  return row?.[at] ?? null;
}
