import type { Row } from "../../model/value.js";

/** What became of a row in one interval, and what of that is damage. */
export interface JudgedStep {
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  /** Positions of the cells of an update; of an insert or a delete, whether the row as a whole is. */
  readonly damage: ReadonlySet<number> | boolean;
}

/** Which cells are merged together, and which never make a conflict. */
export interface Cells {
  /** Positions that are one unit: groups of columns, and every other column by itself. */
  readonly units: readonly (readonly number[])[];
  readonly touch: ReadonlySet<number>;
}

/** A row, with the damage told apart from what people did before and after it (docs/between.md). */
export interface FoldedSteps {
  /** The row as it would be, had there been people's changes only. What they wrote over damage is theirs. */
  readonly people: Row | undefined;
  /** What the damage left of the row: base of an undo. The same as `wanted` where nothing is left to undo. */
  readonly left: Row | undefined;
  /** What was there before the damage, with what people did to other cells: incoming of an undo. */
  readonly wanted: Row | undefined;
  /** What people made of it after the damage, where that is something else; `undefined` as well where that is no row. */
  readonly over: Row | undefined;
  /** Whether people wrote over the damage, and where. */
  readonly overwritten: "row" | readonly number[];
  /** Place of the step in which they did so last. */
  readonly overwrittenIn: number | undefined;
}

/** People wrote over damage: what it left, what was there before, and what they wrote. */
interface Contest<T> {
  readonly left: T;
  readonly wanted: T;
  readonly over: T;
}

interface CellContest extends Contest<Row> {
  readonly unit: readonly number[];
}

/**
 * Goes through the steps of one row in the order of time. Damage is left out of the row as people would have it; their
 * own steps are taken up. A person's change on top of damage to the same cells is theirs and a contest: an undo has to
 * ask about it. A later damage starts from what people had by then, and ends the contest.
 */
export function foldSteps(cells: Cells, first: Row | undefined, steps: readonly JudgedStep[]): FoldedSteps {
  const course = new Course(cells, first);
  for (const [at, step] of steps.entries()) course.take(step, at);
  return course.ending();
}

class Course {
  readonly #cells: Cells;
  #people: Row | undefined;
  #last: Row | undefined;
  #row: Contest<Row | undefined> | undefined;
  /** By the first position of the unit. */
  readonly #contests = new Map<number, CellContest>();
  #overwrittenIn: number | undefined;

  constructor(cells: Cells, first: Row | undefined) {
    this.#cells = cells;
    this.#people = first;
    this.#last = first;
  }

  take(step: JudgedStep, at: number): void {
    const { before, after, damage } = step;
    this.#last = after;
    if (before === undefined || after === undefined) this.#takeRow(step, damage === true, at);
    else this.#takeCells({ before, after, damage }, at);
  }

  /** A row that comes or goes. */
  #takeRow({ before, after }: JudgedStep, isDamage: boolean, at: number): void {
    const cells = new Map(this.#contests);
    this.#contests.clear();
    if (isDamage) {
      this.#row = undefined;
    } else if (this.#isSame(this.#people, before) && cells.size === 0) {
      this.#people = after;
      if (this.#row !== undefined && this.#isSame(this.#row.wanted, after)) this.#row = undefined;
    } else if (this.#isSame(this.#people, after)) {
      this.#row = undefined;
      this.#people = after;
    } else {
      const left = before && withContests(before, cells.values(), "left");
      this.#contestRow(left, withContests(this.#people, cells.values(), "wanted"), after, at);
    }
  }

  #takeCells(step: { before: Row; after: Row; damage: JudgedStep["damage"] }, at: number): void {
    const { before, after } = step;
    const isDamage = (position: number) =>
      typeof step.damage === "boolean" ? step.damage : step.damage.has(position);
    const changed = before.flatMap((value, position) => (value === after[position] ? [] : [position]));
    if (this.#people === undefined) {
      // Without the damage there would be no such row; whoever changed it meant it to be there.
      if (changed.some((position) => !isDamage(position) && !this.#cells.touch.has(position)))
        this.#contestRow(before, undefined, after, at);
      return;
    }
    const people = [...this.#people];
    for (const unit of this.#cells.units) {
      const moved = unit.filter((position) => before[position] !== after[position]);
      if (moved.length === 0) continue;
      if (moved.some(isDamage)) {
        this.#row = undefined;
        this.#contests.delete(unit[0] as number);
        for (const position of moved) if (!isDamage(position)) people[position] = after[position] ?? null;
      } else this.#takeUnit(unit, { before, after, people }, at);
    }
    this.#people = people;
    if (this.#row !== undefined && this.#isSame(this.#row.wanted, people)) this.#row = undefined;
  }

  /** A person's change of one unit. */
  #takeUnit(
    unit: readonly number[],
    { before, after, people }: { before: Row; after: Row; people: (string | null)[] },
    at: number,
  ): void {
    const same = (a: Row, b: Row) => unit.every((position) => a[position] === b[position]);
    const name = unit[0] as number;
    const contest = this.#contests.get(name);
    const isTouch = unit.every((position) => this.#cells.touch.has(position));
    if (same(people, before)) {
      if (contest !== undefined && same(after, contest.wanted)) this.#contests.delete(name);
    } else if (!isTouch && !same(people, after)) {
      this.#contests.set(name, { unit, left: before, wanted: [...people], over: after });
      this.#overwrittenIn = at;
    }
    for (const position of unit) people[position] = after[position] ?? null;
  }

  #contestRow(left: Row | undefined, wanted: Row | undefined, over: Row | undefined, at: number): void {
    this.#row = { left, wanted, over };
    this.#people = over;
    this.#overwrittenIn = at;
  }

  /** Whether two rows say the same but for a touch. */
  #isSame(a: Row | undefined, b: Row | undefined): boolean {
    if (a === undefined || b === undefined) return a === b;
    return a.every((value, position) => value === b[position] || this.#cells.touch.has(position));
  }

  ending(): FoldedSteps {
    const [people, last] = [this.#people, this.#last];
    if (this.#row !== undefined)
      return { people, ...this.#row, overwritten: "row", overwrittenIn: this.#overwrittenIn };
    const contests = [...this.#contests.values()];
    if (people === undefined || last === undefined || contests.length === 0)
      return { people, left: last, wanted: people, over: last, overwritten: [], overwrittenIn: undefined };
    return {
      people,
      left: withContests(last, contests, "left"),
      wanted: withContests(people, contests, "wanted"),
      over: withContests(last, contests, "over"),
      overwritten: contests.flatMap(({ unit }) => unit).sort((a, b) => a - b),
      overwrittenIn: this.#overwrittenIn,
    };
  }
}

/** A row with the cells that people wrote over, as one side of the contest has them. */
function withContests<T extends Row | undefined>(
  row: T,
  contests: Iterable<CellContest>,
  side: keyof Contest<Row>,
): T {
  if (row === undefined) return row;
  const cells = [...row];
  for (const contest of contests)
    for (const position of contest.unit) cells[position] = contest[side][position] ?? null;
  return cells as Row as T;
}
