import { QueryError } from "../../model/errors.js";
import type { Invariant } from "../../model/plan.js";
import { WriteError } from "../../postgres/writing/write-error.js";
import type { Writer } from "../../postgres/writing/writer.js";

/** Whether one of the config's invariants holds. */
export interface InvariantResult {
  readonly name: string;
  readonly holds: boolean;
  /** Rows that it returned; there should be none. */
  readonly rows: number;
  /** The first of them, as JSON. */
  readonly examples: readonly string[];
}

const shown = 5;

/** Each must return no row (design 5). In the transaction that is open, or in one of their own. @throws QueryError */
export async function checkInvariants(
  writer: Writer,
  invariants: readonly Invariant[],
): Promise<readonly InvariantResult[]> {
  const results: InvariantResult[] = [];
  for (const { name, sql } of invariants) {
    const query = `SELECT * FROM (\n${sql.trim().replace(/;+$/, "")}\n) AS violated`;
    try {
      const [[rows] = []] = await writer.query(`SELECT count(*) FROM (${query}) AS counted`);
      const examples =
        rows === "0"
          ? []
          : await writer.query(
              `SELECT pg_catalog.row_to_json(example) FROM (${query} LIMIT ${shown}) AS example`,
            );
      results.push({
        name,
        holds: rows === "0",
        rows: Number(rows),
        examples: examples.map(([row]) => row ?? ""),
      });
    } catch (cause) {
      if (!(cause instanceof WriteError) || cause.fault === "lost") throw cause;
      throw new QueryError(`invariant "${name}" cannot be checked: ${cause.reason}`, {
        hint: "what was written is safe; correct it in the config and plan again, or run it by hand",
        cause,
      });
    }
  }
  return results;
}
