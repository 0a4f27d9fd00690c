import { type Outcome, outcomes, type PlannedRow } from "../../model/change.js";
import { UsageError } from "../../model/errors.js";
import { type Signature, signatureNumber } from "../../model/signature.js";
import { type SignatureSummary, summarizeSignatures } from "../../report/signatures.js";
import type { PlanStore } from "../../store/plan-store.js";
import { redactorOf } from "../redaction.js";

/** A signature of a plan, with what became of its rows. */
export interface PlannedSignature extends SignatureSummary {
  readonly outcomes: Readonly<Record<Outcome, number>>;
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
}

/** @throws PlanError when the plan is unfinished */
export async function openSignatures(store: PlanStore): Promise<Signatures> {
  const header = await store.readHeader();
  const signatures = header.signatures ?? [];
  // What was paged through last: whoever turns the page need not search again.
  let paged: { readonly id: string; readonly positions: readonly number[] } | undefined;
  return {
    async list() {
      const redactor = header.redaction === undefined ? undefined : redactorOf(header);
      const tallies = await store.signatureTallies();
      return summarizeSignatures(header, redactor).map((signature) => {
        const mine = tallies.filter((tally) => tally.signature === signatureNumber(signature.id));
        const count = (outcome: Outcome) => mine.find((tally) => tally.outcome === outcome)?.rows ?? 0;
        const counts = outcomes.map((outcome) => [outcome, count(outcome)]);
        return { ...signature, outcomes: Object.fromEntries(counts) as PlannedSignature["outcomes"] };
      });
    },
    async rows(id, from, count) {
      requireSignature(signatures, id);
      if (paged?.id !== id) paged = { id, positions: await store.signaturePositions(signatureNumber(id)) };
      const positions = paged.positions.slice(from, from + count);
      const found: PlannedRow[] = [];
      if (positions.length === 0) return found;
      for await (const batch of store.rows({ positions })) found.push(...batch);
      return found;
    },
  };
}

function requireSignature(signatures: readonly Signature[], id: string): void {
  if (signatures.some((signature) => signature.id === id)) return;
  const what = `the plan has no signature ${id}; it has ${signatures.length}`;
  throw new UsageError([{ where: "signature", what }]);
}
