import type { Obstacles } from "../../merge/withhold.js";
import type { Constraints } from "../../model/constraint.js";
import type { ForeignKey } from "../../model/table.js";
import { checkChildren } from "./children.js";
import { clashesCheck } from "./clashes.js";
import { parentsCheck } from "./parents.js";
import { periodParentsCheck } from "./period-parents.js";
import { type Checking, leavesRow, plannedWrites, type RowsCheck } from "./planned-writes.js";
import { rowsCheck } from "./row-checks.js";

export interface ConstraintsToCheck extends Constraints {
  readonly foreignKeys: readonly ForeignKey[];
}

/**
 * Everything that stands in the way of planned rows. Each table is read once for all that its rows may break, however
 * many constraints it has.
 */
export async function findObstacles(checking: Checking, constraints: ConstraintsToCheck): Promise<Obstacles> {
  const written = await writtenTables(checking);
  const references = new Map<ForeignKey, Partial<Obstacles>>();
  const rows: Partial<Obstacles>[] = [];
  for (const [at, { label }] of checking.tables.entries()) {
    if (!written.has(label)) continue;
    const own = constraints.foreignKeys.filter(({ table }) => table === label);
    const checks = await checksOf(checking, at, own, constraints);
    const all = [...checks.references.values(), ...checks.rows];
    if (await mayBreak(checking, at, all))
      for await (const chunk of plannedWrites(checking, at, leavesRow))
        for (const check of all) await check.take(chunk);
    for (const [foreignKey, check] of checks.references) references.set(foreignKey, await check.finish());
    for (const check of checks.rows) rows.push(await check.finish());
  }
  const all: Partial<Obstacles>[] = [];
  // Of several rows in the way of one, the first that is found is told of: those of foreign keys, in their order.
  for (const foreignKey of constraints.foreignKeys) {
    all.push(references.get(foreignKey) ?? {});
    if (written.has(foreignKey.parent)) all.push(await checkChildren(checking, foreignKey));
  }
  all.push(...rows);
  return {
    bars: all.flatMap(({ bars = [] }) => bars),
    // A row that refers to itself comes and goes as one.
    needs: all.flatMap(({ needs = [] }) => needs).filter(({ row, needs: needed }) => row !== needed),
    rivalries: all.flatMap(({ rivalries = [] }) => rivalries),
  };
}

/** A migration mostly writes columns that no constraint speaks of: then none of its rows need be looked at. */
async function mayBreak(
  { store }: Checking,
  table: number,
  checks: readonly RowsCheck<unknown>[],
): Promise<boolean> {
  const tallies = await store.tallies({ table, anyChange: true });
  if (tallies.some(({ change }) => change === "insert")) return true;
  const shapes = await store.updateShapes(table);
  return shapes.some(({ columns }) =>
    checks.some(({ about }) => about === undefined || columns.some((at) => about.includes(at))),
  );
}

interface TableChecks {
  readonly references: ReadonlyMap<ForeignKey, RowsCheck<Partial<Obstacles>>>;
  readonly rows: readonly RowsCheck<Partial<Obstacles>>[];
}

async function checksOf(
  checking: Checking,
  at: number,
  foreignKeys: readonly ForeignKey[],
  { checks, unique }: ConstraintsToCheck,
): Promise<TableChecks> {
  const label = checking.tables[at]?.label;
  const references = new Map<ForeignKey, RowsCheck<Partial<Obstacles>>>();
  for (const foreignKey of foreignKeys) {
    const checkOf = foreignKey.period === true ? periodParentsCheck : parentsCheck;
    const check = await checkOf(checking, foreignKey);
    if (check !== undefined) references.set(foreignKey, check);
  }
  const ofTable = (rule: { readonly table: string }) => rule.table === label;
  const clashes = unique.filter(ofTable).flatMap((rule) => clashesCheck(checking, at, rule) ?? []);
  return { references, rows: [rowsCheck(checking, at, checks.filter(ofTable)), ...clashes] };
}

/** Only what is written can break a constraint. Of a thousand tables an incident meets a few. */
async function writtenTables({ store, tables }: Checking): Promise<ReadonlySet<string>> {
  const tallies = await store.tallies({ anyChange: true });
  return new Set(tallies.flatMap(({ table }) => tables[table]?.label ?? []));
}
