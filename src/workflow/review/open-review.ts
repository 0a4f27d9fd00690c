import type { PlannedConflict, PlannedRow } from "../../model/change.js";
import { conflictPattern, describePattern } from "../../model/conflict-pattern.js";
import type { Decision, Doer } from "../../model/decision.js";
import { UsageError } from "../../model/errors.js";
import type { PlanHeader } from "../../model/plan.js";
import type { ConnectionTarget } from "../../model/settings.js";
import { columnNames, type Table } from "../../model/table.js";
import type { Session } from "../../postgres/session.js";
import type { ConflictSelection, GroupCount, PlanStore } from "../../store/plan-store.js";
import { checkValues } from "../deciding/check-values.js";
import { type DecisionRequest, prepareDecisions, subjectOf } from "../deciding/take-decisions.js";
import { openCurrent } from "../resolve.js";
import { collect, findRelatives } from "./find-relatives.js";
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

/** Conflicts decided in one batch. */
const batchSize = 1000;
/** Up to here rows are read by their positions, beyond by going through all conflicts. */
const fewRows = 200;

/** @throws PlanError when the plan is unfinished */
export async function openReview(options: ReviewOptions): Promise<Review> {
  return new PlanReview(options, await options.store.readHeader());
}

class PlanReview implements Review {
  readonly header: PlanHeader;
  readonly #options: ReviewOptions;
  readonly #store: PlanStore;
  /** What was listed last: whoever turns its pages need not search again. */
  #listed: { readonly key: string; readonly positions: readonly number[] } | undefined;
  #current: Promise<Session> | undefined;

  constructor(options: ReviewOptions, header: PlanHeader) {
    this.#options = options;
    this.#store = options.store;
    this.header = header;
  }

  async overview(): Promise<Overview> {
    const [tallies, groups, notInPatch] = await Promise.all([
      this.#store.tallies(),
      this.#store.conflictGroups(),
      this.#store.countDecidedSince(this.header.decidedUpTo),
    ]);
    return { tallies, conflicts: byTable(groups), notInPatch };
  }

  async groups(table?: number): Promise<readonly ConflictGroup[]> {
    return (await this.#store.conflictGroups(table)).map((group) => this.#named(group));
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
    const rows = await collect(this.#store.rows({ positions }));
    const ids = rows.flatMap(({ conflict }) => (conflict === undefined ? [] : [conflict.id]));
    const decisions = await this.#store.decisionsOf(ids);
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
    const [row] = await collect(this.#store.rows({ positions: [position] }));
    if (row === undefined) throw new RangeError(`the plan has no row ${position}`);
    const { session, why } = await this.#askCurrent();
    const kin = {
      store: this.#store,
      header: this.header,
      table: this.#table(row.table),
      row,
      current: session,
    };
    return { ...(await findRelatives(kin)), withoutCurrent: why };
  }

  async decide(selection: ConflictSelection, wanted: WantedResolution): Promise<Step> {
    const all = await this.#store.conflictPositions(selection);
    const open = await this.#store.conflictPositions({ ...selection, decided: false });
    const meant = open.length > 0 ? open : all;
    const values = await this.#checked(selection, wanted);
    const who = { ...this.#who(), replace: selection.positions !== undefined };
    let rows = 0;
    const range = await this.#store.takeDecisions(
      this.#decisions(selection, meant, { ...wanted, values }, who, (count) => {
        rows += count;
      }),
    );
    return { ...range, rows, untouched: all.length - meant.length };
  }

  async withdraw(selection: ConflictSelection): Promise<Step> {
    const range = await this.#store.withdrawSelected(selection, this.#who());
    return { ...range, rows: range.last - range.first + 1, untouched: 0 };
  }

  async undo({ first, last }: Step): Promise<void> {
    await this.#store.restoreDecisions({ first, last }, first - 1, this.#who());
  }

  async redo({ first, last }: Step): Promise<void> {
    await this.#store.restoreDecisions({ first, last }, last, this.#who());
  }

  async close(): Promise<void> {
    await this.#current?.then(
      (session) => session.close(),
      () => undefined,
    );
    await this.#store.close();
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
    const positions = await this.#store.conflictPositions(selection);
    this.#listed = { key, positions };
    return positions;
  }

  /** A batch at a time, in the order of the plan. */
  async *#decisions(
    selection: ConflictSelection,
    positions: readonly number[],
    wanted: WantedResolution,
    who: Doer & { readonly replace: boolean },
    onDecided: (count: number) => void,
  ): AsyncGenerator<readonly Decision[]> {
    const meant = new Set(positions);
    const rows =
      positions.length <= fewRows
        ? this.#store.rows({ positions }, batchSize)
        : this.#store.rows({ inConflict: true, ...tableOf(selection) }, batchSize);
    for await (const batch of rows) {
      const requests = batch
        .filter(({ position }) => meant.has(position))
        .flatMap((row) => this.#request(row, wanted));
      const { decisions, mistakes } = await prepareDecisions(this.#store, requests, who);
      if (mistakes.length > 0) throw new UsageError(mistakes, "nothing was decided");
      onDecided(decisions.length);
      yield decisions;
    }
  }

  #request(row: PlannedRow, { resolution, values, reason }: WantedResolution): readonly DecisionRequest[] {
    const { conflict } = row;
    if (conflict === undefined) return [];
    const found = { table: this.#table(row.table), row: row as PlannedRow & { conflict: PlannedConflict } };
    const subject = subjectOf(this.header.mode, found);
    return [
      {
        subject,
        resolution,
        ...(values === undefined ? {} : { values }),
        reason,
        where: subject.table.label,
      },
    ];
  }

  /** The values as PostgreSQL prints them. @throws UsageError when one is none of its column's type */
  async #checked(
    selection: ConflictSelection,
    wanted: WantedResolution,
  ): Promise<WantedResolution["values"]> {
    if (wanted.values === undefined) return undefined;
    const { session, why } = await this.#askCurrent();
    if (session === undefined)
      throw new UsageError([{ where: "value", what: `it cannot be checked: ${why}` }]);
    const [row] = await collect(this.#store.rows({ positions: selection.positions ?? [] }));
    const [request] = row === undefined ? [] : this.#request(row, wanted);
    if (request === undefined) return wanted.values;
    const { requests, mistakes } = await checkValues([request], session);
    if (mistakes.length > 0) throw new UsageError(mistakes, "nothing was decided");
    return requests[0]?.values;
  }

  /** The live database, connected to when it is first needed; or why it cannot be asked. */
  async #askCurrent(): Promise<{ readonly session: Session | undefined; readonly why: string | undefined }> {
    const { current } = this.#options;
    if (current === undefined) {
      return {
        session: undefined,
        why: "no connection to current is known; give --current URL or PGMEND_CURRENT",
      };
    }
    this.#current ??= openCurrent(this.header, current);
    try {
      return { session: await this.#current, why: undefined };
    } catch (error) {
      this.#current = undefined;
      return { session: undefined, why: error instanceof Error ? error.message : String(error) };
    }
  }
}

const alike = (
  kind: string | undefined,
  columns: readonly number[] | undefined,
  pattern: string | undefined,
) => JSON.stringify([kind, columns, pattern ?? ""]);

const tableOf = ({ table, groups }: ConflictSelection): { readonly table?: number } => {
  const tables = new Set(groups?.map((group) => group.table) ?? [table]);
  const [only] = tables;
  return tables.size === 1 && only !== undefined ? { table: only } : {};
};

function byTable(groups: readonly GroupCount[]): Overview["conflicts"] {
  const counts = new Map<number, { open: number; decided: number }>();
  for (const { table, rows, decided } of groups) {
    const count = counts.get(table) ?? { open: 0, decided: 0 };
    counts.set(table, { open: count.open + rows - decided, decided: count.decided + decided });
  }
  return [...counts].map(([table, count]) => ({ table, ...count }));
}
