import type { AlignedSchemas } from "../merge/align-schemas.js";
import { findOversized } from "../postgres/oversized.js";
import type { Sessions } from "./connect.js";

/**
 * Tables with a value too long to be read are left out, each with its reason, before anything is read of them: the plan
 * stays open. `current` is not asked: of it only rows of the incident are read.
 */
export async function withoutOversized(
  { pre, post }: Pick<Sessions, "pre" | "post">,
  aligned: AlignedSchemas,
  longest?: number,
): Promise<AlignedSchemas> {
  const found = await Promise.all(
    [pre, post].map((session) => findOversized(session, aligned.tables, longest)),
  );
  const why = new Map(found.flat().map((one) => [one.table, one.why]));
  if (why.size === 0) return aligned;
  return {
    ...aligned,
    tables: aligned.tables.filter(({ label }) => !why.has(label)),
    leftOut: [...aligned.leftOut, ...[...why].map(([table, what]) => ({ table, what, open: true }))],
  };
}
