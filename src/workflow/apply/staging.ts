import type { Rows, Writer } from "../../postgres/writing/writer.js";
import { dropStaging, type StagingNames, stagingNames } from "../../sql/patch/names.js";
import { driftTable } from "../../sql/patch/preamble.js";
import { stagingTable } from "../../sql/patch/staging.js";
import type { PatchStep } from "../../sql/patch/step.js";

/** How many staging tables a session keeps: the server empties all of them at each commit. */
const kept = 16;

/**
 * The staging tables of one session. They are made once and used for batch after batch: making one for each would write
 * thousands of rows to the catalog of a live database.
 */
export class Staging {
  readonly #writer: Writer;
  readonly #tables = new Map<string, StagingNames>();
  readonly #numbers = new Map<StagingNames, number>();
  #made = 0;
  /** Filled since the transaction began. */
  readonly #used = new Set<StagingNames>();

  private constructor(writer: Writer) {
    this.#writer = writer;
  }

  static async open(writer: Writer): Promise<Staging> {
    await writer.script(driftTable("DELETE ROWS"));
    return new Staging(writer);
  }

  /** What `forgetSince` takes: how many tables were made by now. */
  get made(): number {
    return this.#made;
  }

  /** What was made since was rolled back. */
  forgetSince(made: number): void {
    for (const [shape, names] of this.#tables)
      if ((this.#numbers.get(names) ?? 0) > made) this.#tables.delete(shape);
  }

  /**
   * Tables for these steps, whether they are there already or are just being made.
   * @returns the tables, and what the server was asked to do for them
   */
  tablesFor(steps: readonly PatchStep[]): {
    readonly tables: readonly StagingNames[];
    readonly made: readonly Promise<readonly Rows[]>[];
  } {
    const wanted = steps.map((step, at) => {
      // Two steps of one batch never share a table, however alike they are.
      const twins = steps.slice(0, at).filter((other) => shapeOf(other) === shapeOf(step)).length;
      return { step, shape: `${shapeOf(step)} ${twins}` };
    });
    const made: Promise<readonly Rows[]>[] = [];
    const tables = wanted.map(({ step, shape }) => {
      const known = this.#tables.get(shape);
      if (known !== undefined) return known;
      const { names, making } = this.#make(step, shape);
      made.push(making);
      return names;
    });
    made.push(...this.#makeRoom(new Set(wanted.map(({ shape }) => shape))));
    return { tables, made };
  }

  /** At the end of a transaction, however it ended, the server empties all of them. */
  transactionEnds(): void {
    this.#used.clear();
  }

  /** Whether rows of the same transaction may be left in it; asked whenever it is about to be filled. */
  mayHoldRows(names: StagingNames): boolean {
    const used = this.#used.has(names);
    this.#used.add(names);
    return used;
  }

  #make(step: PatchStep, shape: string) {
    this.#made += 1;
    const names = stagingNames(this.#made, step.table);
    this.#tables.set(shape, names);
    this.#numbers.set(names, this.#made);
    const making = this.#writer.script(stagingTable(step, names, "DELETE ROWS"));
    making.catch(() => this.#tables.delete(shape));
    return { names, making };
  }

  /** What was not dropped after all is in nobody's way. */
  #makeRoom(wanted: ReadonlySet<string>): Promise<readonly Rows[]>[] {
    const dropping: Promise<readonly Rows[]>[] = [];
    for (const [shape, names] of this.#tables) {
      if (this.#tables.size <= kept) break;
      if (wanted.has(shape)) continue;
      dropping.push(this.#writer.script(dropStaging(names, { ifExists: true })));
      this.#tables.delete(shape);
    }
    return dropping;
  }
}

function shapeOf({ table, kind, columns, guarded, held }: PatchStep): string {
  return JSON.stringify([table.label, kind, columns, guarded, held]);
}
