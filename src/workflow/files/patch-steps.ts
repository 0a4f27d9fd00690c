import { aside } from "../../merge/ordering/park.js";
import { type Change, invert, type RowWrite, writtenKey } from "../../model/change.js";
import type { Direction } from "../../model/journal.js";
import type { PlanHeader, Tally } from "../../model/plan.js";
import type { Table } from "../../model/table.js";
import type { Operation } from "../../model/value.js";
import type { KeyedChange, PatchStep } from "../../sql/patch/step.js";
import type { RowFilter, UpdateShape } from "../../store/plan-store.js";

export type { Direction };

/** What the rows of a patch are read from: a plan, or what is one tenant's of it. */
export interface PatchSource {
  writes(filter?: RowFilter): AsyncIterable<readonly RowWrite[]>;
  tallies(): Promise<readonly Pick<Tally, "table" | "change" | "rows">[]>;
  updateShapes(table: number): Promise<readonly UpdateShape[]>;
}

/**
 * The steps of a patch in an order that constraints allow: rows that are in the way of others step aside, then inserts
 * with parents first, then updates, then deletes with children first; at last inserted rows get what they waited for.
 * A few rows must wait against that order and follow in waves of their own. The rollback does the inverse of each
 * change, by the same order, with the last wave first.
 */
export async function patchSteps(
  store: PatchSource,
  { tables }: Pick<PlanHeader, "tables">,
  direction: Direction,
): Promise<readonly PatchStep[]> {
  const shapes = await shapesOf(store, tables);
  const moved = await movedShapes(store, direction);
  const bench = { store, tables, direction };
  const first = shapes.map((shape) => withoutMoved(shape, moved)).filter(({ rows }) => rows > 0);
  const later = [...new Set(moved.map(({ wave }) => wave))].filter((wave) => wave > 0).sort((a, b) => a - b);
  const waves = [
    waveSteps(bench, first, 0, moved),
    ...later.map((wave) => waveSteps(bench, mergedShapes(moved, wave), wave, moved)),
  ];
  const parked = moved.filter(({ park }) => park.length > 0);
  const kindOf = ({ change }: Shape) => plannedAs(change, direction);
  return [
    ...parked.filter((shape) => kindOf(shape) !== "insert").map((shape) => parkStep(bench, shape)),
    ...(direction === "patch" ? waves : waves.reverse()).flat(),
    ...parked.filter((shape) => kindOf(shape) === "insert").map((shape) => parkStep(bench, shape)),
  ];
}

interface Bench {
  readonly store: PatchSource;
  readonly tables: readonly Table[];
  readonly direction: Direction;
}

/** Rows that are written by one step, or would be but for those that move aside or wait. */
interface Shape {
  readonly table: number;
  /** As it was planned, whatever the direction. */
  readonly change: Operation;
  /** Positions that an update writes; undefined for inserts and deletes. */
  readonly written: readonly number[] | undefined;
  readonly rows: number;
}

async function shapesOf(store: PatchSource, tables: readonly Table[]): Promise<readonly Shape[]> {
  const counts = await countChanges(store);
  const shapes = await Promise.all(
    tables.map(async (_, table): Promise<readonly Shape[]> => {
      const whole = (change: "insert" | "delete") => {
        const rows = counts.get(`${table}/${change}`) ?? 0;
        return { table, change, written: undefined, rows };
      };
      // Of a thousand tables most have none, and each question takes its time.
      const updates = counts.has(`${table}/update`) ? await store.updateShapes(table) : [];
      return [
        whole("insert"),
        ...updates.map(({ columns, rows }) => ({ table, change: "update", written: columns, rows }) as const),
        whole("delete"),
      ];
    }),
  );
  return shapes.flat();
}

/** What is planned as this, so that this is done in the given direction. */
function plannedAs(kind: Operation, direction: Direction): Operation {
  return direction === "patch" ? kind : inverseKind[kind];
}

const inverseKind: Readonly<Record<Operation, Operation>> = {
  insert: "delete",
  update: "update",
  delete: "insert",
};

async function countChanges(store: PatchSource): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, change, rows } of await store.tallies()) {
    if (change === undefined) continue;
    counts.set(`${table}/${change}`, (counts.get(`${table}/${change}`) ?? 0) + rows);
  }
  return counts;
}

/** Rows that step aside in the same columns, or wait for the same wave. */
interface MovedShape extends Shape {
  /** Positions that step aside. */
  readonly park: readonly number[];
  readonly wave: number;
  /** Stepping aside is all that is done with them: no step of its own is left for the change. */
  readonly complete: boolean;
}

async function movedShapes(store: PatchSource, direction: Direction): Promise<readonly MovedShape[]> {
  const shapes = new Map<string, MovedShape>();
  for await (const batch of store.writes({ parked: true, anyChange: true })) {
    for (const row of batch) {
      const shape = movedShapeOf(row, direction);
      if (shape === undefined) continue;
      const name = shapeName(shape);
      shapes.set(name, { ...shape, rows: (shapes.get(name)?.rows ?? 0) + 1 });
    }
  }
  return [...shapes.values()];
}

function movedShapeOf(row: RowWrite, direction: Direction): MovedShape | undefined {
  const { table, change, park = [], wave = 0 } = row;
  if (change === undefined) return undefined;
  const written = change.kind === "update" ? sorted(change.columns) : undefined;
  const columns = park.map(({ column }) => column);
  const complete = isComplete(row, direction);
  return { table, change: change.kind, written, rows: 0, park: columns, wave, complete };
}

/** An update to the very values that the row holds while it stands aside. Done twice, it would be written twice. */
function isComplete({ change, park = [] }: RowWrite, direction: Direction): boolean {
  if (change?.kind !== "update" || park.length === 0) return false;
  const goal = direction === "patch" ? change.after : change.before;
  return change.columns.every((at) => park.some(({ column, value }) => column === at && value === goal[at]));
}

const sorted = (columns: readonly number[]): readonly number[] => [...columns].sort((a, b) => a - b);

function shapeName({ table, change, written, park, wave, complete }: MovedShape): string {
  return JSON.stringify([table, change, written, park, wave, complete]);
}

const isSameShape = (a: Shape, b: Shape): boolean =>
  a.table === b.table && a.change === b.change && String(a.written) === String(b.written);

/** Without the rows that other steps write. */
function withoutMoved(shape: Shape, moved: readonly MovedShape[]): Shape {
  const gone = moved.filter((other) => isSameShape(shape, other) && (other.wave > 0 || other.complete));
  return { ...shape, rows: shape.rows - gone.reduce((sum, { rows }) => sum + rows, 0) };
}

/** What one wave writes. */
function mergedShapes(moved: readonly MovedShape[], wave: number): readonly Shape[] {
  const merged: Shape[] = [];
  for (const shape of moved.filter((other) => other.wave === wave && !other.complete)) {
    const known = merged.findIndex((other) => isSameShape(shape, other));
    if (known === -1) merged.push(shape);
    else merged[known] = { ...shape, rows: shape.rows + (merged[known]?.rows ?? 0) };
  }
  return merged.sort((a, b) => a.table - b.table);
}

function waveSteps(
  bench: Bench,
  shapes: readonly Shape[],
  wave: number,
  moved: readonly MovedShape[],
): readonly PatchStep[] {
  const steps = (kind: Operation) =>
    shapes
      .filter(({ change }) => plannedAs(change, bench.direction) === kind)
      .map((shape) => changeStep(bench, shape, wave, moved));
  return [...steps("insert"), ...steps("update"), ...steps("delete").reverse()];
}

function changeStep(
  { store, tables, direction }: Bench,
  shape: Shape,
  wave: number,
  moved: readonly MovedShape[],
): PatchStep {
  const table = tables[shape.table] as Table;
  const kind = plannedAs(shape.change, direction);
  const held = moved
    .filter((other) => isSameShape(shape, other) && other.wave === wave)
    .flatMap(({ park }) => park);
  const isHere: Movement = (row, change) =>
    (row.wave ?? 0) === wave && !isComplete(row, direction) ? fromAside(row, change) : undefined;
  return {
    ...{ table, kind, rows: shape.rows, role: "change" },
    columns: shape.written ?? table.columns.map((_, position) => position),
    ...(kind === "insert" ? { held: [...new Set(held)] } : {}),
    changes: () => changesOf({ store, table, direction }, filterOf(shape, wave > 0), isHere),
  };
}

function filterOf({ table, change, written }: Shape, parked: boolean): RowFilter {
  return {
    ...{ table, changes: [change] },
    ...(written === undefined ? {} : { columns: written }),
    ...(parked ? { parked } : {}),
  };
}

/** Rows step aside before the others are written; inserted ones are there by then, and get what they waited for. */
function parkStep({ store, tables, direction }: Bench, shape: MovedShape): PatchStep {
  const table = tables[shape.table] as Table;
  const { park: columns, written, rows } = shape;
  const role =
    plannedAs(shape.change, direction) === "insert" ? "unpark" : shape.complete ? "change" : "park";
  const name = shapeName({ ...shape, rows: 0 });
  const isOfShape = (row: RowWrite) => {
    const own = movedShapeOf(row, direction);
    return own !== undefined && shapeName(own) === name;
  };
  const move = { park: toAside, unpark: fromInserted, change: asPlanned }[role];
  return {
    ...{ table, kind: "update", role, rows },
    columns: role === "change" ? (written ?? []) : columns,
    // Only a row that its own change will find as expected may step aside: nobody would bring it back.
    ...(role === "park" ? { guarded: written ?? table.columns.map((_, at) => at) } : {}),
    changes: () =>
      changesOf({ store, table, direction }, filterOf(shape, true), (row, change) =>
        isOfShape(row) ? move(row, change) : undefined,
      ),
  };
}

type Movement = (row: RowWrite, change: Change) => Omit<KeyedChange, "position"> | undefined;

/** The change of a row that may have stepped aside before: from where it stands now. */
const fromAside: Movement = ({ key, park }, change) => {
  if (park === undefined || park.length === 0) return { key, change };
  if (change.kind === "insert")
    return { key, change: { kind: "insert", after: aside(change.after, park) }, aside: true };
  return { key, change: { ...change, before: aside(change.before, park) } };
};

const asPlanned: Movement = ({ key }, change) => ({ key, change });

/** Stepping aside. */
const toAside: Movement = ({ key, park = [] }, change) => {
  if (change.kind === "insert") return undefined;
  const { before } = change;
  return {
    key,
    change: { kind: "update", before, after: aside(before, park), columns: park.map((cell) => cell.column) },
  };
};

/** What an inserted row had to wait for. */
const fromInserted: Movement = ({ key, park = [] }, change) => {
  if (change.kind !== "insert") return undefined;
  const { after } = change;
  return {
    key,
    change: { kind: "update", before: aside(after, park), after, columns: park.map((cell) => cell.column) },
  };
};

async function* changesOf(
  { store, table, direction }: { readonly table: Table } & Pick<Bench, "store" | "direction">,
  filter: RowFilter,
  movement: Movement,
): AsyncGenerator<readonly KeyedChange[]> {
  for await (const batch of store.writes(filter)) {
    const changes: KeyedChange[] = [];
    for (const row of batch) {
      if (row.change === undefined) continue;
      const change = direction === "patch" ? row.change : invert(row.change);
      const key = writtenKey(table, row);
      const moved = movement(key === row.key ? row : { ...row, key }, change);
      if (moved !== undefined) changes.push({ position: row.position, ...moved });
    }
    yield changes;
  }
}
