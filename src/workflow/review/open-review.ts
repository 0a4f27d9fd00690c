import { conflictPattern, describePattern } from "../../model/conflict-pattern.js";
import type { Doer } from "../../model/decision.js";
import type { PlanHeader } from "../../model/plan.js";
import type { ConnectionTarget } from "../../model/settings.js";
import { columnNames, type Table } from "../../model/table.js";
import { mostGroups } from "../../store/decisions/conflict-groups.js";
import type { ConflictSelection, GroupCount, PlanStore } from "../../store/plan-store.js";
import { refuseWritten } from "../deciding/written-rows.js";
import { checkedValues, decisionsOn } from "./decisions-on.js";
import { collect, findRelatives } from "./find-relatives.js";
import { Kept } from "./kept.js";
import { LazyCurrent } from "./lazy-current.js";
import type {
  ConflictDetail,
  ConflictGroup,
  ConflictLine,
  Overview,
  Relatives,
  Review,
  Step,
  WantedResolution,
} from "./review.js";

export interface ReviewOptions {
  /** Open to write; the review closes it. */
  readonly store: PlanStore;
  /** The live database: it checks values, and tells of related rows. Undefined: neither is possible. */
  readonly current: ConnectionTarget | undefined;
  /** Who decides. */
  readonly by: string;
  /** The time, as ISO text. */
  readonly now: () => string;
}

/** @throws PlanError when the plan is unfinished */
export async function openReview(options: ReviewOptions): Promise<Review> {
  return new PlanReview(options, await options.store.readHeader());
}

class PlanReview implements Review {
  readonly header: PlanHeader;
  readonly #options: ReviewOptions;
  readonly store: PlanStore;
  /** What was listed last: whoever turns its pages need not search again. */
  #listed: { readonly key: string; readonly positions: readonly number[] } | undefined;
  readonly #current: LazyCurrent;
  /** Of all tables: each look at a row needs them, and only decisions change them. */
  readonly #groups = new Kept(() => this.store.conflictGroups());
  /** No decision changes them: rows are worked out anew in another plan. */
  readonly #tallies = new Kept(() => this.store.tallies());

  constructor(options: ReviewOptions, header: PlanHeader) {
    this.#options = options;
    this.store = options.store;
    this.header = header;
    this.#current = new LazyCurrent(header, options.current);
  }

  async overview(): Promise<Overview> {
    const [tallies, groups, notInPatch] = await Promise.all([
      this.#tallies.get(),
      this.#groups.get(),
      this.store.countDecidedSince(this.header.decidedUpTo),
    ]);
    return { tallies, conflicts: byTable(groups), notInPatch };
  }

  async groups(table?: number): Promise<readonly ConflictGroup[]> {
    return (await this.#groupsOf(table)).map((group) => this.#named(group));
  }

  async count(selection: ConflictSelection): Promise<number> {
    return (await this.#positions(selection)).length;
  }

  async conflicts(
    selection: ConflictSelection,
    from: number,
    count: number,
  ): Promise<readonly ConflictLine[]> {
    const positions = (await this.#positions(selection)).slice(from, from + count);
    const rows = await collect(this.store.rows({ positions }));
    const ids = rows.flatMap(({ conflict }) => (conflict === undefined ? [] : [conflict.id]));
    const decisions = await this.store.decisionsOf(ids);
    return rows.map((row) => ({ row, decision: decisions.get(row.conflict?.id ?? "") }));
  }

  async conflict(selection: ConflictSelection, at: number): Promise<ConflictDetail> {
    const [line] = await this.conflicts(selection, at, 1);
    if (line === undefined) throw new RangeError(`there is no conflict number ${at}`);
    const { row } = line;
    const own = alike(row.conflict?.kind, row.conflict?.columns, conflictPattern(row));
    const groups = await this.groups(row.table);
    return {
      ...line,
      group: groups.find(({ kind, positions, pattern }) => alike(kind, positions, pattern) === own),
    };
  }

  async relatives(position: number): Promise<Relatives> {
    const [row] = await collect(this.store.rows({ positions: [position] }));
    if (row === undefined) throw new RangeError(`the plan has no row ${position}`);
    const { session, why } = await this.#current.ask();
    const kin = {
      store: this.store,
      header: this.header,
      table: this.#table(row.table),
      row,
      current: session,
    };
    return { ...(await findRelatives(kin)), withoutCurrent: why };
  }

  async decide(selection: ConflictSelection, wanted: WantedResolution): Promise<Step> {
    const all = await this.store.conflictPositions(selection);
    const open = await this.store.conflictPositions({ ...selection, decided: false });
    const meant = open.length > 0 ? open : all;
    const values = await checkedValues(this, selection, wanted, this.#current);
    const who = { ...this.#who(), replace: selection.positions !== undefined };
    const decisions = decisionsOn(this, meant, { ...wanted, values }, who);
    const range = await this.#changing(() => this.store.takeDecisions(decisions));
    const rows = range.last - range.first + 1;
    return { ...range, rows, untouched: all.length - meant.length };
  }

  async withdraw(selection: ConflictSelection): Promise<Step> {
    const decided = await this.store.conflictPositions({ ...selection, decided: true });
    await refuseWritten(this.store, this.header, decided);
    const range = await this.#changing(() => this.store.withdrawSelected(selection, this.#who()));
    return { ...range, rows: range.last - range.first + 1, untouched: 0 };
  }

  async undo({ first, last }: Step): Promise<void> {
    await refuseWritten(this.store, this.header, await this.store.positionsOfStep({ first, last }));
    await this.#changing(() => this.store.restoreDecisions({ first, last }, first - 1, this.#who()));
  }

  async redo({ first, last }: Step): Promise<void> {
    await refuseWritten(this.store, this.header, await this.store.positionsOfStep({ first, last }));
    await this.#changing(() => this.store.restoreDecisions({ first, last }, last, this.#who()));
  }

  async close(): Promise<void> {
    await this.#current.close();
    await this.store.close();
  }

  async #changing<T>(change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } finally {
      this.#groups.changed();
    }
  }

  async #groupsOf(table: number | undefined): Promise<readonly GroupCount[]> {
    const all = await this.#groups.get();
    if (table === undefined) return all;
    // More than are counted: those of one table may not be among them.
    if (all.length >= mostGroups) return this.store.conflictGroups(table);
    return all.filter((group) => group.table === table);
  }

  #who(): Doer {
    return { by: this.#options.by, at: this.#options.now() };
  }

  #table(at: number): Table {
    const table = this.header.tables[at];
    if (table === undefined) throw new RangeError(`the plan has no table ${at}`);
    return table;
  }

  #named(group: GroupCount): ConflictGroup {
    const table = this.#table(group.table);
    return {
      ...group,
      label: table.label,
      columns: columnNames(table, group.positions),
      described: describePattern(table, group.pattern),
      open: group.rows - group.decided,
    };
  }

  async #positions(selection: ConflictSelection): Promise<readonly number[]> {
    const key = JSON.stringify(selection);
    if (this.#listed?.key === key) return this.#listed.positions;
    const positions = await this.store.conflictPositions(selection);
    this.#listed = { key, positions };
    return positions;
  }
}

const alike = (
  kind: string | undefined,
  columns: readonly number[] | undefined,
  pattern: string | undefined,
) => JSON.stringify([kind, columns, pattern ?? ""]);

function byTable(groups: readonly GroupCount[]): Overview["conflicts"] {
  const counts = new Map<number, { open: number; decided: number }>();
  for (const { table, rows, decided } of groups) {
    const count = counts.get(table) ?? { open: 0, decided: 0 };
    counts.set(table, { open: count.open + rows - decided, decided: count.decided + decided });
  }
  return [...counts].map(([table, count]) => ({ table, ...count }));
}
