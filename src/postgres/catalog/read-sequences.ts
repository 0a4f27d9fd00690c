import type { Sequence, SequenceState } from "../../model/sequence.js";
import { literal, qualified } from "../../sql/quote.js";
import type { Session } from "../session/session.js";
import { sequencesQuery } from "./catalog-queries.js";

/** Sequences that one query reads: each is a relation of its own. */
const readAtOnce = 200;

/**
 * All sequences, and where they stand at this moment: no snapshot holds a sequence still. The view `pg_sequences`
 * would not do, for it hides where a sequence stands that was set and not asked since.
 */
export async function readSequences(session: Session): Promise<readonly Sequence[]> {
  const rows = await session.query(sequencesQuery);
  const readable = rows.flatMap((row) => (row[6] === "t" ? [labelOf(row)] : []));
  const states = await readStates(session, readable);
  return rows.map((row) => {
    const [, , increment, min, max, cycle, , columns] = row;
    const label = labelOf(row);
    return {
      label,
      columns: (JSON.parse(columns ?? "[]") as [string, string, string][]).map(([schema, name, column]) => ({
        table: qualified(schema, name),
        column,
      })),
      increment: BigInt(increment ?? 1),
      min: BigInt(min ?? 1),
      max: BigInt(max ?? 1),
      cycle: cycle === "t",
      state: states.get(label),
    };
  });
}

function labelOf([schema, name]: readonly (string | null)[]): string {
  return qualified(schema ?? "", name ?? "");
}

async function readStates(
  session: Session,
  labels: readonly string[],
): Promise<ReadonlyMap<string, SequenceState>> {
  const states = new Map<string, SequenceState>();
  for (let from = 0; from < labels.length; from += readAtOnce) {
    const some = labels.slice(from, from + readAtOnce);
    const selects = some.map((label) => `SELECT ${literal(label)}, last_value, is_called FROM ${label}`);
    for (const [label, lastValue, isCalled] of await session.query(selects.join(" UNION ALL "))) {
      states.set(label ?? "", { lastValue: BigInt(lastValue ?? 0), isCalled: isCalled === "t" });
    }
  }
  return states;
}
