import type { Bond } from "../../model/bond.js";
import { groupsOf } from "./groups.js";

/** In which order rows may be committed, if not all at once. */
export interface WriteOrder {
  /** One after the other. Rows that no phase names are part of the first one, at level 0. */
  readonly phases: readonly Phase[];
  /** Positions of all rows that a phase names. */
  readonly placed: ReadonlySet<number>;
}

/** First its rows, in the order of the steps and within a step by level; then its units, one after the other. */
export interface Phase {
  /** By level, then by position. */
  readonly rows: readonly PlacedRow[];
  /** Rows that only one transaction can write, in plan order. */
  readonly units: readonly (readonly number[])[];
}

export interface PlacedRow {
  readonly position: number;
  readonly level: number;
}

/**
 * Rows that must be written together become units: those tied to each other, and those that wait for themselves by way
 * of others. What a unit needs is committed before it, what needs the unit after it. All other rows keep the order of
 * the steps, which is right for nearly all of them. The rollback goes the same way backwards.
 */
export function writeOrder(bonds: readonly Bond[]): WriteOrder {
  const groups = groupsOf(bonds);
  const between = bonds.filter(({ row, needs }) => groups.of(row) !== groups.of(needs));
  const needsOf = byGroup(between, groups.of);
  const ranks: number[] = [];
  const levels: number[] = [];
  // Needed groups come first: each is placed once all that it needs is.
  for (const [group, members] of groups.list.entries()) {
    const isUnit = members.length > 1;
    const needed = needsOf.get(group) ?? [];
    const rank = needed.reduce(
      (least, bond) => Math.max(least, rankAfter(bond, isUnit, ranks[groups.of(bond.needs)] ?? 0)),
      isUnit ? 1 : 0,
    );
    ranks.push(rank);
    const beside = needed.filter(
      ({ kind, needs }) => kind === "level" && ranks[groups.of(needs)] === rank && !isUnit,
    );
    levels.push(beside.reduce((least, { needs }) => Math.max(least, (levels[groups.of(needs)] ?? 0) + 1), 0));
  }
  return arrange(groups.list, ranks, levels);
}

/** Rows have even ranks and units odd ones: rows, then units, then rows that need those… */
function rankAfter({ kind }: Bond, isUnit: boolean, needed: number): number {
  const neededIsUnit = needed % 2 === 1;
  // Units of one rank come in an order that is right for them, too.
  if (isUnit) return neededIsUnit ? needed : needed + 1;
  if (neededIsUnit) return needed + 1;
  return kind === "usual" || kind === "level" ? needed : needed + 2;
}

function byGroup(bonds: readonly Bond[], groupOf: (row: number) => number): ReadonlyMap<number, Bond[]> {
  const found = new Map<number, Bond[]>();
  for (const bond of bonds) {
    const group = groupOf(bond.row);
    const known = found.get(group);
    if (known === undefined) found.set(group, [bond]);
    else known.push(bond);
  }
  return found;
}

function arrange(
  groups: readonly (readonly number[])[],
  ranks: readonly number[],
  levels: readonly number[],
): WriteOrder {
  const phases: { rows: PlacedRow[]; units: (readonly number[])[] }[] = [{ rows: [], units: [] }];
  const placed = new Set<number>();
  for (const [group, members] of groups.entries()) {
    const [rank, level] = [ranks[group] ?? 0, levels[group] ?? 0];
    if (rank === 0 && level === 0) continue;
    const number = Math.floor(rank / 2);
    while (phases.length <= number) phases.push({ rows: [], units: [] });
    if (members.length > 1) phases[number]?.units.push(members);
    else phases[number]?.rows.push({ position: members[0] as number, level });
    for (const position of members) placed.add(position);
  }
  for (const { rows } of phases) rows.sort((a, b) => a.level - b.level || a.position - b.position);
  return { phases, placed };
}
