import { conflictId } from "../merge/conflict-id.js";
import type { ResolutionWord } from "../model/decision.js";
import { InterruptedError, type Mistake, UsageError } from "../model/errors.js";
import type { PlanHeader } from "../model/plan.js";
import type { ConnectionTarget } from "../model/settings.js";
import type { Value } from "../model/value.js";
import type { Session } from "../postgres/session/session.js";
import { readConflictsCsv } from "../report/csv/read-conflicts-csv.js";
import type { PlanStore } from "../store/plan-store.js";
import { checkValues } from "./deciding/check-values.js";
import { type ConflictFilter, type FoundConflict, findConflicts } from "./deciding/find-conflicts.js";
import { requestsOf } from "./deciding/from-lines.js";
import { reopenable } from "./deciding/reopen.js";
import {
  type Deciding,
  type DecisionRequest,
  prepareDecisions,
  subjectOf,
} from "./deciding/take-decisions.js";
import { refuseWritten } from "./deciding/written-rows.js";
import { openCurrent } from "./resolve.js";

/** What is to be decided about which conflicts. */
export type Wish =
  | {
      readonly kind: "take";
      readonly filter: ConflictFilter;
      readonly resolution: ResolutionWord;
      /** By column name, as a person wrote them. */
      readonly values?: Readonly<Record<string, Value>> | undefined;
      readonly reason: string | undefined;
      /** The flag that says so, for messages. */
      readonly where: string;
    }
  | {
      readonly kind: "lines";
      /** An edited `conflicts.csv`, and its name for messages. */
      readonly bytes: Uint8Array;
      readonly file: string;
      /** For lines without one. */
      readonly reason: string | undefined;
    }
  | { readonly kind: "reopen"; readonly filter: ConflictFilter };

export interface DecideOptions {
  readonly store: PlanStore;
  /** Reads values as PostgreSQL does, and answers a `where`. */
  readonly current: ConnectionTarget;
  readonly wish: Wish;
  readonly deciding: Deciding;
  /** Checks everything and saves nothing. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How many conflicts, by what became of them. */
export interface Decided {
  readonly decided: number;
  /** They were decided like that before. */
  readonly unchanged: number;
  readonly withdrawn: number;
}

/**
 * Checks and saves decisions, all of them in one transaction or none. What they make of the plan and its files is
 * `resolve`'s work; they are safe before that.
 *
 * @throws UsageError with everything that is wrong, ConnectionError, QueryError
 */
export async function decide(options: DecideOptions): Promise<Decided> {
  const { store, current, wish, deciding, dryRun = false, signal } = options;
  const header = await store.readHeader();
  const session = await openCurrent(header, current, signal);
  try {
    if (wish.kind === "reopen") {
      const meant = await conflictsMeant(store, header, wish.filter, session);
      const withdrawn = await reopenable(store, meant, deciding);
      await refuseWritten(store, header, await positionsOf(store, withdrawn));
      if (!dryRun && withdrawn.length > 0) await store.withdrawDecisions(withdrawn, deciding);
      return { decided: 0, unchanged: 0, withdrawn: withdrawn.length };
    }
    const asked = await requestsFor(options, header, wish, session);
    const { requests, mistakes: noValues } = await checkValues(asked.requests, session);
    const { decisions, mistakes: illegal } = await prepareDecisions(
      store,
      requests,
      deciding,
      await store.journal.statesAnywhere(),
    );
    refuse([...asked.mistakes, ...noValues, ...illegal], wish);
    if (!dryRun && decisions.length > 0) await store.saveDecisions(decisions);
    const same = asked.unchanged + requests.length - decisions.length;
    return { decided: decisions.length, unchanged: same, withdrawn: 0 };
  } catch (error) {
    throw signal?.aborted === true ? new InterruptedError() : error;
  } finally {
    await session.close();
  }
}

/** Everything that is wrong at once; that of a file by its lines. */
function refuse(mistakes: readonly Mistake[], { kind }: Wish): void {
  if (mistakes.length === 0) return;
  if (kind !== "lines") throw new UsageError(mistakes, "nothing was decided");
  const line = ({ where }: Mistake) => Number(/\d+$/.exec(where)?.[0] ?? 0);
  const hint = "nothing was decided; lines are counted as a spreadsheet does, headings included";
  throw new UsageError(
    [...mistakes].sort((a, b) => line(a) - line(b)),
    hint,
  );
}

interface Requested {
  readonly requests: readonly DecisionRequest[];
  readonly unchanged: number;
  readonly mistakes: readonly Mistake[];
}

async function requestsFor(
  { store, deciding }: DecideOptions,
  header: PlanHeader,
  wish: Exclude<Wish, { kind: "reopen" }>,
  session: Session,
): Promise<Requested> {
  if (wish.kind === "lines") return requestsInFile(store, header, wish);
  const { filter, resolution, values, reason, where } = wish;
  const requests: DecisionRequest[] = [];
  for await (const batch of conflictsOf(store, header, filter, session)) {
    for (const found of batch) {
      // What is decided is only decided again where it is asked for by name.
      const isMeant = found.row.outcome === "conflict" || filter.conflicts !== undefined || deciding.replace;
      if (isMeant)
        requests.push({ subject: subjectOf(header.mode, found), resolution, values, reason, where });
    }
  }
  return { requests, unchanged: 0, mistakes: [] };
}

async function requestsInFile(
  store: PlanStore,
  header: PlanHeader,
  { bytes, file, reason }: Wish & { kind: "lines" },
): Promise<Requested> {
  const read = await readConflictsCsv(bytes);
  const asked = await requestsOf(store, read.lines, { header, file, reason });
  const mistakes = [...read.mistakes, ...asked.mistakes].map(
    ({ line, what }): Mistake => ({ where: `${file} line ${line}`, what }),
  );
  return { ...asked, mistakes };
}

/** As `findConflicts`; an id that is not there is a mistake. */
async function* conflictsOf(
  store: PlanStore,
  header: PlanHeader,
  filter: ConflictFilter,
  session: Session,
): AsyncGenerator<readonly FoundConflict[]> {
  await checkIds(store, filter.conflicts ?? []);
  yield* findConflicts(store, header, filter, session);
}

async function checkIds(store: PlanStore, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const known = new Set((await store.decisionsOf(ids)).keys());
  for await (const batch of store.rows({ conflicts: ids }))
    for (const { conflict } of batch) if (conflict !== undefined) known.add(conflict.id);
  const mistakes = ids
    .filter((id) => !known.has(id))
    .map((id) => ({ where: `--conflict ${id}`, what: "there is no such conflict in the plan" }));
  if (mistakes.length > 0) throw new UsageError(mistakes, "conflicts.csv lists them; so does --list");
}

async function positionsOf(store: PlanStore, conflicts: readonly string[]): Promise<readonly number[]> {
  const positions: number[] = [];
  for (let from = 0; from < conflicts.length; from += 1000)
    for await (const batch of store.rows({ conflicts: conflicts.slice(from, from + 1000) }))
      for (const { position } of batch) positions.push(position);
  return positions;
}

async function conflictsMeant(
  store: PlanStore,
  header: PlanHeader,
  filter: ConflictFilter,
  session: Session,
): Promise<readonly string[]> {
  const ids = new Set(filter.conflicts);
  const kinds = await store.decidedKinds();
  for await (const batch of conflictsOf(store, header, filter, session)) {
    for (const { table, row } of batch) {
      ids.add(row.conflict.id);
      if (filter.conflicts !== undefined) continue;
      // A row shows one conflict, and decisions may stand on others that it had on the way there.
      for (const kind of kinds.get(table.label) ?? []) ids.add(conflictId(table.label, row.key, kind));
    }
  }
  return [...ids];
}
