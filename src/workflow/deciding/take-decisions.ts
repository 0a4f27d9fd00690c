import { fingerprintOf } from "../../merge/conflict-id.js";
import { illegalDecision } from "../../merge/legal-decision.js";
import { type PlannedConflict, versionsOf } from "../../model/change.js";
import { type ConflictKind, isRowConflict } from "../../model/conflict.js";
import type { Decision, Doer, ResolutionWord } from "../../model/decision.js";
import type { Mistake } from "../../model/errors.js";
import type { RowStates } from "../../model/journal.js";
import { keyObject, type Table } from "../../model/table.js";
import type { Key, Mode, Value } from "../../model/value.js";
import type { PlanStore } from "../../store/plan-store.js";
import type { FoundConflict } from "./find-conflicts.js";
import { isWritten, writtenBefore } from "./written-rows.js";

/** What a decision needs to know of a conflict: without its rows, for many may be decided at once. */
export interface Subject {
  readonly table: Table;
  readonly position: number;
  readonly key: Key;
  readonly conflict: Pick<PlannedConflict, "id" | "kind" | "columns">;
  readonly isOpen: boolean;
  /** A strategy gave the row a new key, which other rows follow. */
  readonly isRekeyed: boolean;
  readonly fingerprint: string;
}

export function subjectOf(mode: Mode, { table, row }: FoundConflict): Subject {
  const { id, kind, columns } = row.conflict;
  return {
    table,
    position: row.position,
    key: row.key,
    conflict: { id, kind, columns },
    isOpen: row.outcome === "conflict",
    isRekeyed: row.conflict.kind === "insert/insert" && row.rekeyed !== undefined,
    fingerprint: fingerprintOf(table, versionsOf(mode, row)),
  };
}

/** What somebody wants to be done about a conflict. */
export interface DecisionRequest {
  readonly subject: Subject;
  readonly resolution: ResolutionWord;
  /** By column name, as PostgreSQL prints them (`checkValues`). */
  readonly values?: Readonly<Record<string, Value>> | undefined;
  readonly reason: string | undefined;
  /** Where it was asked for, for messages: `--take`, `conflicts.csv line 7`. */
  readonly where: string;
}

/** Who decides, and whether what others decided may be replaced. */
export interface Deciding extends Doer {
  readonly replace: boolean;
}

/** Conflicts looked at in one query. */
const chunkSize = 1000;

/**
 * The decisions that are to be saved; those that stand already are left out.
 *
 * @param states what `apply` has written anywhere: that is decided for good
 * @returns also everything that is wrong: what cannot be decided like that, and what others decided before
 */
export async function prepareDecisions(
  store: PlanStore,
  requests: readonly DecisionRequest[],
  deciding: Deciding,
  states: RowStates,
): Promise<{ readonly decisions: readonly Decision[]; readonly mistakes: readonly Mistake[] }> {
  const mistakes = new Mistakes();
  const decisions: Decision[] = [];
  for (let from = 0; from < requests.length; from += chunkSize) {
    const some = requests.slice(from, from + chunkSize);
    const standing = await store.decisionsOf(some.map(({ subject }) => subject.conflict.id));
    for (const request of some) {
      const { subject } = request;
      const decision = decisionOf(request, deciding);
      const before = standing.get(decision.conflict);
      const wrong = illegalDecision(subject.table, subject.conflict, decision);
      if (wrong !== undefined) mistakes.add(request.where, wrong);
      else if (subject.isRekeyed) mistakes.add(request.where, rekeyedBefore(subject));
      else if (before !== undefined && sameDecision(before, decision)) continue;
      else if (isWritten(states, subject.position)) mistakes.addWritten(request);
      else if (before === undefined) decisions.push(decision);
      else {
        const others = before.by !== deciding.by && !deciding.replace;
        if (others) mistakes.addOthers(request.where, before);
        else decisions.push(together(subject, before, decision));
      }
    }
  }
  return { decisions, mistakes: mistakes.all() };
}

function rekeyedBefore({ table, conflict }: Subject): string {
  return `${conflict.id}: the row of ${table.label} comes back under a new key, and other rows refer to it by that; plan again without rekey for it`;
}

/** The same mistake in a thousand conflicts is told once for each place where it was made. */
class Mistakes {
  readonly #found = new Map<string, Mistake>();
  readonly #written = new Map<string, { readonly first: DecisionRequest; count: number }>();
  readonly #others = new Map<string, { readonly where: string; readonly first: Decision; count: number }>();

  add(where: string, what: string): void {
    this.#found.set(`${where}\n${what}`, { where, what });
  }

  addOthers(where: string, decision: Decision): void {
    const key = `${where}\n${decision.by}`;
    const known = this.#others.get(key) ?? { where, first: decision, count: 0 };
    known.count += 1;
    this.#others.set(key, known);
  }

  addWritten(request: DecisionRequest): void {
    const known = this.#written.get(request.where) ?? { first: request, count: 0 };
    known.count += 1;
    this.#written.set(request.where, known);
  }

  all(): readonly Mistake[] {
    const written = [...this.#written].map(([where, { first, count }]) => {
      const { table, key } = first.subject;
      return { where, what: writtenBefore(table, JSON.stringify(keyObject(table, key)), count) };
    });
    const others = [...this.#others.values()].map(({ where, first, count }) => ({
      where,
      what: takenBefore(first, count),
    }));
    return [...this.#found.values(), ...written, ...others];
  }
}

/** @param count how many that person decided; this is the first of them */
export function takenBefore({ conflict, resolution, by, at, reason }: Decision, count: number): string {
  const why = reason === undefined ? "" : `: ${reason}`;
  const more = count === 1 ? "" : `, and ${count - 1} more like it`;
  return `${conflict} was decided by ${by} at ${at} (${resolution}${why})${more}; --replace decides anew`;
}

function decisionOf({ subject, resolution, values, reason }: DecisionRequest, { by, at }: Doer): Decision {
  const { table, key, conflict, fingerprint } = subject;
  return {
    conflict: conflict.id,
    table: table.label,
    key: keyObject(table, key),
    kind: conflict.kind as ConflictKind,
    resolution,
    ...(values === undefined ? {} : { values }),
    ...{ reason, by, at, fingerprint },
  };
}

function sameDecision(a: Decision, b: Decision): boolean {
  const told = ({ resolution, values, reason, fingerprint }: Decision) =>
    JSON.stringify([resolution, reason, fingerprint, Object.entries(values ?? {}).sort()]);
  return told(a) === told(b);
}

/** A row may break one constraint after the other: what was given for the first is not lost with the second. */
function together({ isOpen, conflict }: Subject, before: Decision, decision: Decision): Decision {
  const goesOn = isOpen && !isRowConflict(conflict.kind);
  const values = before.resolution === "value" && decision.resolution === "value";
  return goesOn && values ? { ...decision, values: { ...before.values, ...decision.values } } : decision;
}
