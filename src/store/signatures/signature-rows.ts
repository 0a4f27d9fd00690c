import type { Outcome } from "../../model/change.js";
import { drain } from "../file/drain.js";
import type { PlanFile } from "../file/plan-file.js";
import { wholeNumber } from "../row-filter.js";
import { rowTable } from "../tables/row-table.js";

export interface SignatureTally {
  /** Number of the signature. */
  readonly signature: number;
  readonly outcome: Outcome;
  /** Number of the rule that decided; undefined: the default of the mode did. */
  readonly rule: number | undefined;
  /** In conflict, open or decided: the row is incoming, though it may be kept. */
  readonly inConflict: boolean;
  readonly rows: number;
}

/** What became of the rows of each signature, by whose word. */
export async function tallySignatures(file: PlanFile): Promise<readonly SignatureTally[]> {
  const sql = `SELECT signature::DOUBLE, outcome::VARCHAR, rule::DOUBLE, conflict_id IS NOT NULL, count(*)::DOUBLE FROM ${rowTable.name}
    WHERE signature IS NOT NULL GROUP BY ALL ORDER BY ALL`;
  const lines = await file.use(async (connection) => (await connection.run(sql)).getRows());
  return lines.map(([signature, outcome, rule, inConflict, rows]) => ({
    signature: signature as number,
    outcome: outcome as Outcome,
    rule: (rule ?? undefined) as number | undefined,
    inConflict: inConflict as boolean,
    rows: rows as number,
  }));
}

/** Where the rows of a signature stand in the plan, rising: eight bytes each. */
export async function signaturePositions(file: PlanFile, signature: number): Promise<readonly number[]> {
  const sql = `SELECT position::DOUBLE FROM ${rowTable.name} WHERE signature = ${wholeNumber(signature)}`;
  return file.use(async (connection) => {
    const found = await drain(
      await connection.stream(sql),
      (chunk) => chunk.getColumnValues(0) as readonly number[],
    );
    return found.sort((a, b) => a - b);
  });
}
