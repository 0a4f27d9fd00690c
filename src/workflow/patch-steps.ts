import { type Change, invert, type ParkedCell, type PlannedRow } from "../model/change.js";
import type { PlanHeader } from "../model/plan.js";
import type { Table } from "../model/table.js";
import type { Operation, Row } from "../model/value.js";
import type { KeyedChange, PatchStep } from "../sql/patch/step.js";
import type { PlanStore, RowFilter } from "../store/plan-store.js";

export type Direction = "patch" | "rollback";

/**
 * The steps of a patch in an order that constraints allow: rows that are in the way of others step aside, then inserts
 * with parents first, then updates, then deletes with children first. The rollback does the inverse of each change, by
 * the same order.
 */
export async function patchSteps(
  store: PlanStore,
  { tables }: Pick<PlanHeader, "tables">,
  direction: Direction,
): Promise<readonly PatchStep[]> {
  const counts = await countChanges(store);
  const parking = await parkedShapes(store, direction);
  const whole = (kind: "insert" | "delete") => (table: Table, at: number) => {
    const rows = counts.get(`${at}/${plannedAs(kind, direction)}`) ?? 0;
    const held = parking.flatMap((shape) => (shape.table === at && shape.kind === kind ? shape.columns : []));
    return rows === 0 ? [] : [wholeRows({ store, table, at, kind, rows, direction, held })];
  };
  const updates = await Promise.all(tables.map((table, at) => updateSteps(store, table, at, direction)));
  const shapes = (kinds: readonly Operation[], role: "park" | "unpark") =>
    parking
      .filter((shape) => kinds.includes(shape.kind))
      .map((shape) => parkStep(store, tables[shape.table] as Table, shape, role, direction));
  return [
    ...shapes(["update", "delete"], "park"),
    ...tables.flatMap(whole("insert")),
    ...shapes(["insert"], "unpark"),
    ...updates.flat(),
    ...tables.flatMap(whole("delete")).reverse(),
  ];
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

async function countChanges(store: PlanStore): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, change, rows } of await store.tallies()) {
    if (change === undefined) continue;
    counts.set(`${table}/${change}`, (counts.get(`${table}/${change}`) ?? 0) + rows);
  }
  return counts;
}

interface WholeRows {
  readonly store: PlanStore;
  readonly table: Table;
  readonly at: number;
  readonly kind: "insert" | "delete";
  readonly rows: number;
  readonly direction: Direction;
  readonly held: readonly number[];
}

function wholeRows({ store, table, at, kind, rows, direction, held }: WholeRows): PatchStep {
  const filter = { table: at, changes: [plannedAs(kind, direction)] };
  return {
    ...{ table, kind, rows, role: "change" },
    columns: table.columns.map((_, position) => position),
    ...(kind === "insert" ? { held: [...new Set(held)] } : {}),
    changes: () => changesOf(store, filter, direction, fromAside),
  };
}

async function updateSteps(
  store: PlanStore,
  table: Table,
  at: number,
  direction: Direction,
): Promise<readonly PatchStep[]> {
  const shapes = await store.updateShapes(at);
  return shapes.map(({ columns, rows }) => ({
    ...{ table, kind: "update", role: "change", columns, rows },
    changes: () => changesOf(store, { table: at, changes: ["update"], columns }, direction, fromAside),
  }));
}

/** Rows that step aside in the same columns. */
interface ParkedShape {
  readonly table: number;
  /** What is done with them in the end, in this direction. */
  readonly kind: Operation;
  /** Positions that step aside. */
  readonly columns: readonly number[];
  /** Positions that the change itself writes. */
  readonly written: readonly number[] | undefined;
  readonly rows: number;
}

async function parkedShapes(store: PlanStore, direction: Direction): Promise<readonly ParkedShape[]> {
  const shapes = new Map<string, ParkedShape>();
  for await (const batch of store.rows({ parked: true, anyChange: true })) {
    for (const { table, change, park = [] } of batch) {
      if (change === undefined) continue;
      const kind = plannedAs(change.kind, direction);
      const columns = park.map(({ column }) => column);
      const written = change.kind === "update" ? change.columns : undefined;
      const name = JSON.stringify([table, kind, columns, written]);
      shapes.set(name, { table, kind, columns, written, rows: (shapes.get(name)?.rows ?? 0) + 1 });
    }
  }
  return [...shapes.values()];
}

function parkStep(
  store: PlanStore,
  table: Table,
  shape: ParkedShape,
  role: "park" | "unpark",
  direction: Direction,
): PatchStep {
  const { columns, written, rows, kind } = shape;
  const filter: RowFilter = {
    table: shape.table,
    changes: [plannedAs(kind, direction)],
    parked: true,
    ...(written === undefined ? {} : { columns: written }),
  };
  const isOfShape = ({ park = [] }: PlannedRow) =>
    park.length === columns.length && park.every(({ column }, at) => column === columns[at]);
  const move = role === "park" ? toAside : fromInserted;
  return {
    ...{ table, kind: "update", role, columns, rows },
    // Only a row that its own change will find as expected may step aside: nobody would bring it back.
    ...(role === "park" ? { guarded: written ?? table.columns.map((_, at) => at) } : {}),
    changes: () =>
      changesOf(store, filter, direction, (row, change) => (isOfShape(row) ? move(row, change) : undefined)),
  };
}

type Movement = (row: PlannedRow, change: Change) => KeyedChange | undefined;

/** The change of a row that may have stepped aside before: from where it stands now. */
const fromAside: Movement = ({ key, park }, change) => {
  if (park === undefined) return { key, change };
  if (change.kind === "insert")
    return { key, change: { kind: "insert", after: aside(change.after, park) }, aside: true };
  return { key, change: { ...change, before: aside(change.before, park) } };
};

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

function aside(row: Row, park: readonly ParkedCell[]): Row {
  const moved = [...row];
  for (const { column, value } of park) moved[column] = value;
  return moved;
}

async function* changesOf(
  store: PlanStore,
  filter: RowFilter,
  direction: Direction,
  movement: Movement,
): AsyncGenerator<readonly KeyedChange[]> {
  for await (const batch of store.rows(filter)) {
    yield batch.flatMap((row) => {
      if (row.change === undefined) return [];
      const moved = movement(row, direction === "patch" ? row.change : invert(row.change));
      return moved === undefined ? [] : [moved];
    });
  }
}
