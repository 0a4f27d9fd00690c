/** The three databases in which things happen. `lost` ends as `post`. */
export type World = "lost" | "current" | "truth";

/**
 * A key that a sequence hands out. It is not known before the story is in order, and `lost` and `current` hand out
 * the same numbers for different things: that is the point of this story.
 */
export class GeneratedKey {
  readonly table: "issue" | "notification";
  /** Where it is handed out for the first time. */
  readonly home: "lost" | "current";
  readonly #numbers = new Map<World, number>();

  constructor(table: GeneratedKey["table"], home: GeneratedKey["home"]) {
    this.table = table;
    this.home = home;
  }

  in(world: World): number {
    const number = this.#numbers.get(world);
    if (number === undefined) throw new Error(`no ${this.table} of this key in ${world}`);
    return number;
  }

  hand(world: World, number: number): void {
    this.#numbers.set(world, number);
  }

  /** How snapshots name it. */
  toString(): string {
    return String(this.in(this.home));
  }
}
