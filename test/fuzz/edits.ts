import type { Random } from "./random.js";
import {
  copyCells,
  differing,
  drawCell,
  drawRow,
  type KeyBag,
  redraw,
  respell,
  sayingColumns,
  writeTouch,
} from "./rows.js";
import type { DraftRow } from "./statements.js";
import type { ColumnSpec, TableSpec } from "./table.js";

export type Mode = "undo" | "replay";

/** One key of one table, and the row it has in each of the three databases, if any. */
export interface Story {
  readonly pre: DraftRow | undefined;
  readonly post: DraftRow | undefined;
  readonly current: DraftRow | undefined;
}

/** What hits many rows of a table alike: the migration without WHERE, the cascade, the bad import. */
type Blow =
  | { readonly kind: "none" | "delete" | "insert"; readonly share: number }
  | { readonly kind: "overwrite"; readonly share: number; readonly cells: DraftRow };

export function drawBlow(random: Random, table: TableSpec): Blow {
  const kind = random.weighted({ overwrite: 60, delete: 14, insert: 10, none: 16 });
  const share = random.integer(2, 9) / 10;
  if (kind !== "overwrite") return { kind, share };
  const columns = random.sample(sayingColumns(table), random.integer(1, 3));
  return { kind, share, cells: new Map(columns.map((column) => [column.name, blowValue(random, column)])) };
}

const blowValue = (random: Random, column: ColumnSpec): string | null =>
  column.nullable && random.chance(0.5) ? null : drawCell(random, column);

/** Usually one story; a row whose key was changed is two. None when the table has no key left to give. */
export function drawStories(random: Random, table: TableSpec, mode: Mode, blow: Blow, keys: KeyBag): Story[] {
  const key = keys.take();
  if (key === undefined) return [];
  const arriving = blow.kind === "insert" ? 45 : 10;
  const kind = random.weighted({ existing: 78, moved: 5, arriving, later: 6 });
  const row = drawRow(random, table, key);
  const tell = (pre: DraftRow | undefined, post: DraftRow | undefined): Story => {
    const [base, incoming] = mode === "undo" ? [post, pre] : [pre, post];
    return { pre, post, current: sinceThen(random, table, base, incoming) };
  };
  if (kind === "arriving") return [tell(undefined, row)];
  if (kind === "later") return [{ pre: undefined, post: undefined, current: row }];
  if (kind === "existing") return [tell(row, inTheWindow(random, table, blow, row))];
  const newKey = keys.take();
  const moved = newKey && new Map([...row, ...newKey]);
  return moved ? [tell(row, undefined), tell(undefined, moved)] : [tell(row, undefined)];
}

/** pre → post: the blow, or people at work, or both. */
function inTheWindow(random: Random, table: TableSpec, blow: Blow, row: DraftRow): DraftRow | undefined {
  const hit = random.chance(blow.share);
  if (hit && blow.kind === "delete") return undefined;
  const struck = hit && blow.kind === "overwrite" ? new Map([...row, ...blow.cells]) : row;
  const after = random.chance(0.4) ? peopleAtWork(random, table, struck) : struck;
  return after && after !== row && random.chance(0.6) ? writeTouch(random, table, after) : after;
}

function peopleAtWork(random: Random, table: TableSpec, row: DraftRow): DraftRow | undefined {
  const columns = random.sample(sayingColumns(table), random.integer(1, 3));
  switch (random.weighted({ update: 60, delete: 15, respell: 15, touch: 10 })) {
    case "update":
      return redraw(random, row, columns);
    case "delete":
      return undefined;
    case "respell":
      return respell(row, sayingColumns(table));
    case "touch":
      return writeTouch(random, table, row);
  }
}

/** base → current: some of it blind to the incoming change, some of it the same, some against it. */
function sinceThen(
  random: Random,
  table: TableSpec,
  base: DraftRow | undefined,
  incoming: DraftRow | undefined,
): DraftRow | undefined {
  if (base && incoming) return afterUpdate(random, table, base, incoming);
  if (base) return afterDelete(random, table, base);
  if (incoming) return afterInsert(random, table, incoming);
  return undefined;
}

function afterUpdate(
  random: Random,
  table: TableSpec,
  base: DraftRow,
  incoming: DraftRow,
): DraftRow | undefined {
  if (random.chance(0.25)) return base;
  if (random.chance(0.12)) return undefined;
  let row = react(random, table, base, incoming);
  // A second reaction, beside what the first one changed.
  if (random.chance(0.25))
    row = copyCells(react(random, table, row, incoming), row, differing(table, base, row));
  if (random.chance(0.05)) row = copyCells(row, incoming, table.columns);
  return random.chance(0.4) ? writeTouch(random, table, row) : row;
}

function react(random: Random, table: TableSpec, row: DraftRow, incoming: DraftRow): DraftRow {
  const all = sayingColumns(table);
  const changed = differing(table, row, incoming);
  const some = random.sample(changed, random.integer(1, Math.max(1, changed.length)));
  const rest = all.filter((column) => !changed.includes(column));
  switch (
    random.weighted({ same: 20, respelled: 14, against: 38, elsewhere: 16, ownSpelling: 6, touch: 6 })
  ) {
    case "same":
      return copyCells(row, incoming, some);
    case "respelled":
      return copyCells(row, respell(incoming, all), some);
    case "against":
      return redraw(random, row, some);
    case "elsewhere":
      return redraw(random, row, random.sample(rest, random.integer(1, 2)));
    case "ownSpelling":
      return respell(row, all);
    case "touch":
      return writeTouch(random, table, row);
  }
}

function afterDelete(random: Random, table: TableSpec, base: DraftRow): DraftRow | undefined {
  const columns = sayingColumns(table);
  switch (random.weighted({ untouched: 45, touch: 12, update: 22, respell: 6, delete: 15 })) {
    case "untouched":
      return base;
    case "touch":
      return writeTouch(random, table, base);
    case "update":
      return writeTouch(random, table, redraw(random, base, random.sample(columns, random.integer(1, 2))));
    case "respell":
      return respell(base, columns);
    case "delete":
      return undefined;
  }
}

function afterInsert(random: Random, table: TableSpec, incoming: DraftRow): DraftRow | undefined {
  const columns = sayingColumns(table);
  switch (random.weighted({ absent: 50, same: 12, touch: 6, respell: 10, similar: 14, different: 8 })) {
    case "absent":
      return undefined;
    case "same":
      return incoming;
    case "touch":
      return writeTouch(random, table, incoming);
    case "respell":
      return respell(incoming, columns);
    case "similar":
      return redraw(random, incoming, random.sample(columns, random.integer(1, 2)));
    case "different":
      return writeTouch(random, table, redraw(random, incoming, columns));
  }
}
