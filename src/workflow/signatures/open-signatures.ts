import { type Outcome, outcomes, type PlannedRow } from "../../model/change.js";
import type { Doer } from "../../model/decision.js";
import { UsageError } from "../../model/errors.js";
import type { PlanHeader } from "../../model/plan.js";
import { type Call, type Signature, signatureNumber } from "../../model/signature.js";
import { type SignatureSummary, summarizeSignatures } from "../../report/signatures.js";
import type { PlanStore } from "../../store/plan-store.js";
import type { SignatureTally } from "../../store/signatures/signature-rows.js";
import { redactorOf } from "../redaction.js";
import { plannedCalls, rulesBeforeCalls } from "./calls.js";

/** A signature of a plan, with what became of its rows. */
export interface PlannedSignature extends SignatureSummary {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** The same, by what a call could make of them. */
  readonly parts: readonly SignaturePart[];
  /** What people call it by now. */
  readonly called: Call | undefined;
  /** What it was called when the plan was made. */
  readonly planned: Call | undefined;
}

/** Rows of a signature that went one way. */
export interface SignaturePart {
  readonly outcome: Outcome;
  readonly rows: number;
  /** Rules let them through to be merged. */
  readonly isIncoming: boolean;
  /** A rule decides about them that comes before any call. */
  readonly isFixed: boolean;
}

export type Calls = ReadonlyMap<string, Call | undefined>;

/** What was called otherwise than before, and how; for `call` to take it back. */
export interface CallStep {
  readonly before: Calls;
  readonly after: Calls;
}

/** Signatures of an open plan, and their rows in pages. Nothing here reads a whole plan into memory. */
export interface Signatures {
  /** Largest first. */
  list(): Promise<readonly PlannedSignature[]>;
  /**
   * In order of position, from the row with this number (from 0).
   * @throws UsageError when the plan has no such signature
   */
  rows(id: string, from: number, count: number): Promise<readonly PlannedRow[]>;
  /**
   * Keeps what somebody calls signatures, for the next plan; this one stays as it is.
   * @param calls undefined: nothing, so that rules and defaults decide
   * @throws UsageError when the plan has no such signature
   */
  call(calls: Calls, who: Doer): Promise<CallStep>;
  /** All that are called something. */
  calls(): Promise<ReadonlyMap<string, Call>>;
}

/** @throws PlanError when the plan is unfinished */
export async function openSignatures(store: PlanStore): Promise<Signatures> {
  return new PlanSignatures(store, await store.readHeader());
}

class PlanSignatures implements Signatures {
  readonly #store: PlanStore;
  readonly #header: PlanHeader;
  readonly #planned: ReadonlyMap<string, Call>;
  /** What was paged through last: whoever turns the page need not search again. */
  #paged: { readonly id: string; readonly positions: readonly number[] } | undefined;
  /** No call changes them: rows are judged anew in another plan. */
  #tallies: readonly SignatureTally[] | undefined;

  constructor(store: PlanStore, header: PlanHeader) {
    this.#store = store;
    this.#header = header;
    this.#planned = plannedCalls(header);
  }

  async list(): Promise<readonly PlannedSignature[]> {
    const header = this.#header;
    const redactor = header.redaction === undefined ? undefined : redactorOf(header);
    this.#tallies ??= await this.#store.signatureTallies();
    const calls = await this.calls();
    return summarizeSignatures(header, redactor).map((signature) => {
      const parts = this.#partsOf(signature.id);
      const count = (outcome: Outcome) =>
        parts.reduce((sum, part) => (part.outcome === outcome ? sum + part.rows : sum), 0);
      const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, count(outcome)]));
      const { id } = signature;
      const called = { called: calls.get(id), planned: this.#planned.get(id) };
      return { ...signature, ...called, parts, outcomes: counts as PlannedSignature["outcomes"] };
    });
  }

  async rows(id: string, from: number, count: number): Promise<readonly PlannedRow[]> {
    this.#require([id]);
    if (this.#paged?.id !== id)
      this.#paged = { id, positions: await this.#store.signaturePositions(signatureNumber(id)) };
    const positions = this.#paged.positions.slice(from, from + count);
    const found: PlannedRow[] = [];
    if (positions.length === 0) return found;
    for await (const batch of this.#store.rows({ positions })) found.push(...batch);
    return found;
  }

  async call(calls: Calls, who: Doer): Promise<CallStep> {
    this.#require([...calls.keys()]);
    const now = await this.calls();
    const after = new Map([...calls].filter(([id, call]) => now.get(id) !== call));
    if (after.size > 0) await this.#store.calls.save(after, who);
    return { before: new Map([...after.keys()].map((id) => [id, now.get(id)])), after };
  }

  async calls(): Promise<ReadonlyMap<string, Call>> {
    const calls = new Map(this.#planned);
    for (const [id, call] of await this.#store.calls.read()) {
      if (call === undefined) calls.delete(id);
      else calls.set(id, call);
    }
    return calls;
  }

  #partsOf(id: string): readonly SignaturePart[] {
    const fixed = rulesBeforeCalls(this.#header.rules ?? []);
    const mine = (this.#tallies ?? []).filter(({ signature }) => signature === signatureNumber(id));
    return mine.map(({ outcome, rows, rule, inConflict }) => ({
      outcome,
      rows,
      isIncoming: inConflict || (outcome !== "kept" && outcome !== "excluded"),
      isFixed: rule !== undefined && rule <= fixed,
    }));
  }

  #require(ids: readonly string[]): void {
    const known: readonly Signature[] = this.#header.signatures ?? [];
    const unknown = ids.find((id) => !known.some((signature) => signature.id === id));
    if (unknown === undefined) return;
    const what = `the plan has no signature ${unknown}; it has ${known.length}`;
    throw new UsageError([{ where: "signature", what }]);
  }
}
