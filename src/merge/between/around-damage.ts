import type { Sighting } from "../../model/between.js";
import type { Difference } from "../../model/change.js";
import type { Table } from "../../model/table.js";
import type { Mode, Operation, Row } from "../../model/value.js";
import { mergeUnits } from "../classify.js";
import { changedColumns, type Ruling } from "../rules/rules.js";
import { type Cells, type FoldedSteps, foldSteps, type JudgedStep } from "./fold-steps.js";

/** Which cells of an update a signature means, by its number; empty: whatever changed. */
export type SignatureCells = ReadonlyMap<number, ReadonlySet<number>>;

/** A row that differs between snapshots: each interval in which it changed is a difference of its own. */
export function stepsOf(
  table: Table,
  difference: Difference,
  signatures: SignatureCells,
): readonly Difference[] {
  const { seen = [], key } = difference;
  const steps = seen.slice(1).flatMap(({ row: post, transaction }, at): Difference[] => {
    const pre = seen[at]?.row;
    if (sameRow(pre, post)) return [];
    return [{ key, operation: operationOf(pre, post), pre, post, transaction, interval: at + 1 }];
  });
  return steps.map((step, at) => {
    const { signature } = difference;
    const isMeant =
      signature !== undefined && isLast(table, step, steps.slice(at + 1), signatures.get(signature));
    return isMeant ? { ...step, signature } : step;
  });
}

/**
 * A signature tells what `post` has otherwise than `pre`. So it speaks of the step that made it so, and of none before:
 * of an update, the last that changed any of its columns, touch columns aside.
 */
function isLast(
  table: Table,
  step: Difference,
  later: readonly Difference[],
  meant: ReadonlySet<number> = new Set(),
): boolean {
  if (step.operation !== "update") return later.every(({ operation }) => operation === "update");
  const changed = changedColumns(step).filter((at) => meant.size === 0 || meant.has(at));
  const tells = [...meant].some((at) => !table.touch.includes(at))
    ? changed.filter((at) => !table.touch.includes(at))
    : changed;
  return tells.some((at) =>
    later.every((other) => other.operation === "update" && other.pre?.[at] === other.post?.[at]),
  );
}

/** What the intervals make of one row: how it is judged from here on. */
export interface AroundDamage {
  /** With `pre` and `post` as they were around the damage; undefined: nothing of it is incoming. */
  readonly difference: Difference | undefined;
  readonly ruling: Ruling;
  /** Its people wrote over the damage: the row of `current` is needed to say what base is (`meetCurrent`). */
  readonly folded: FoldedSteps;
}

/** The rows of one difference around its damage, as the rulings of its steps say. */
export function aroundDamage(
  table: Table,
  difference: Difference,
  steps: readonly Difference[],
  rulings: readonly Ruling[],
  mode: Mode,
): AroundDamage {
  const first = difference.seen?.[0]?.row;
  const judged = steps.map((step, at): JudgedStep => {
    const { pre: before, post: after } = step;
    return { before, after, damage: damageIn(step, rulings[at] as Ruling, mode) };
  });
  const folded = foldSteps(cellsOf(table), first, judged);
  const [pre, post] =
    mode === "undo" ? [folded.wanted, folded.left] : [baseOfReplay(first, folded), folded.people];
  const ruling = rulingOf(rulings);
  if (sameRow(pre, post)) return { difference: undefined, ruling: notIncoming(rulings), folded };
  const around: Difference = { ...difference, operation: operationOf(pre, post), pre, post };
  return {
    difference: around,
    ruling: { kind: "incoming", columns: changedColumns(around), rule: ruling },
    folded,
  };
}

/** A row that the damage made, and people changed since, is no row of `pre`: what they changed is that row. */
function baseOfReplay(first: Row | undefined, { overwritten, left, wanted }: FoldedSteps): Row | undefined {
  return overwritten === "row" && first === undefined && wanted === undefined ? left : first;
}

function damageIn(step: Difference, ruling: Ruling, mode: Mode): JudgedStep["damage"] {
  const isWhole = step.operation !== "update";
  if (ruling.kind !== "incoming") return mode === "replay";
  if (isWhole) return mode === "undo";
  const columns = new Set(ruling.columns);
  if (mode === "undo") return columns;
  return new Set(changedColumns(step).filter((at) => !columns.has(at)));
}

/** The last rule that let anything through. */
function rulingOf(rulings: readonly Ruling[]): number | undefined {
  return rulings.findLast(({ kind }) => kind === "incoming")?.rule;
}

function notIncoming(rulings: readonly Ruling[]): Ruling {
  const kept = rulings.filter((ruling) => ruling.kind !== "incoming");
  return (
    kept.findLast(({ kind }) => kind === "excluded") ??
    kept.at(-1) ?? { kind: "kept", reason: "what the incident did to it was taken back in the window itself" }
  );
}

/**
 * The base of an undo, once it is known what `current` has. Where people wrote over the damage, `current` is not
 * untouched although it may say again what the damage had left: base is then what they wrote.
 */
export function meetCurrent(
  { left, over, overwritten }: FoldedSteps,
  current: Row | undefined,
): Row | undefined {
  if (overwritten === "row") return sameRow(current, left) ? over : left;
  if (left === undefined || over === undefined || current === undefined) return left;
  const again = overwritten.filter((at) => current[at] === left[at]);
  return again.length === 0
    ? left
    : left.map((value, at) => (again.includes(at) ? (over[at] ?? null) : value));
}

function cellsOf(table: Table): Cells {
  const known = cellsByTable.get(table);
  if (known !== undefined) return known;
  const touch = new Set(table.touch);
  const cells = { units: [...mergeUnits(table), ...table.touch.map((at) => [at])], touch };
  cellsByTable.set(table, cells);
  return cells;
}

const cellsByTable = new WeakMap<Table, Cells>();

export function operationOf(pre: Row | undefined, post: Row | undefined): Operation {
  return pre === undefined ? "insert" : post === undefined ? "delete" : "update";
}

export function sameRow(a: Row | undefined, b: Row | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.every((value, at) => value === b[at]);
}

/** Whether any two neighbouring snapshots have it otherwise. */
export function changesInWindow(seen: readonly Sighting[]): boolean {
  return seen.some(({ row }, at) => at > 0 && !sameRow(seen[at - 1]?.row, row));
}
