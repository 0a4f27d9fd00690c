import type { RowWrite } from "../../model/change.js";
import { WriteError } from "../../postgres/writing/write-error.js";
import { type MovedRow, prepareRows, type WritingSession, type Written, writeRows } from "./write-rows.js";

/** Rows that only one transaction can write; nearly always a single one. */
export type Unit = readonly RowWrite[];

/**
 * Writes rows in the open transaction, and finds out which of them the server refuses: it speaks of a constraint or of
 * its own trigger, people ask for the row. Halves are tried, in order, each under a savepoint; what the server takes
 * stays, so that the rest finds what it needs.
 */
export async function writeOneByOne(session: WritingSession, units: readonly Unit[]): Promise<Written> {
  const prepared = await prepareRows(session, units.flat());
  await session.writer.script("SAVEPOINT pgmend_part");
  const { made } = session.staging;
  try {
    const result = await writeRows(session, prepared);
    await session.writer.script("RELEASE SAVEPOINT pgmend_part");
    return result;
  } catch (error) {
    if (!(error instanceof WriteError) || error.fault !== "refused") throw error;
    await session.writer.script("ROLLBACK TO SAVEPOINT pgmend_part; RELEASE SAVEPOINT pgmend_part");
    session.staging.forgetSince(made);
    const [only] = units;
    if (units.length === 1 && only !== undefined)
      return { written: [], already: [], moved: refused(only, error) };
    const middle = Math.ceil(units.length / 2);
    const first = await writeOneByOne(session, units.slice(0, middle));
    return join(first, await writeOneByOne(session, units.slice(middle)));
  }
}

function refused(unit: Unit, { reason }: WriteError): readonly MovedRow[] {
  const text = `the server refuses it: ${reason}`;
  return unit.map(({ position }) => ({ position, text, refused: true }));
}

function join(a: Written, b: Written): Written {
  return {
    written: [...a.written, ...b.written],
    already: [...a.already, ...b.already],
    moved: [...a.moved, ...b.moved],
  };
}
