import type { Invariant } from "../../model/plan.js";
import type { SequenceMove } from "../../model/sequence.js";
import { comment, literal } from "../quote.js";
import { moveSequences } from "./move-sequences.js";

/** @param isPart the patch is not the whole plan: what does not hold yet may be for other parts to mend */
export function* closing(
  invariants: readonly Invariant[],
  sequences: readonly SequenceMove[],
  isPart = false,
): Generator<string> {
  yield driftReport;
  for (const invariant of invariants) yield invariantCheck(invariant, isPart);
  yield outcomeReport;
  yield moveSequences(sequences);
  yield "COMMIT;\n";
}

/**
 * All rows that moved, with their keys, before the transaction is given up: "stale" alone would leave the reader with
 * nothing to plan again. What they hold is hostile, and psql shows messages as they are: hidden characters are escaped
 * (`model/visible.ts` has the same list; a row is told on one line).
 */
const driftReport = String.raw`
DO $pgmend$
DECLARE
  moved bigint := (SELECT count(*) FROM pg_temp.pgmend_drift);
  hidden constant text := '[\u0001-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]';
  line text;
BEGIN
  FOR line IN SELECT pg_catalog.format('%s %s (%s): %s', "table", key, operation, finding)
    FROM pg_temp.pgmend_drift ORDER BY step, key
  LOOP
    IF line ~ hidden THEN
      line := (SELECT pg_catalog.string_agg(CASE WHEN letter ~ hidden
          THEN '\u' || pg_catalog.lpad(pg_catalog.to_hex(pg_catalog.ascii(letter)), 4, '0') ELSE letter END, '' ORDER BY place)
        FROM pg_catalog.regexp_split_to_table(line, '') WITH ORDINALITY AS letters (letter, place));
    END IF;
    RAISE INFO 'pgmend: moved: %', line;
  END LOOP;
  IF moved > 0 AND pg_catalog.current_setting('pgmend.drift') = 'strict' THEN
    RAISE EXCEPTION 'pgmend: % rows are no longer as planned (listed above); nothing was written', moved
      USING HINT = 'Plan again, or leave these rows as they are with -v pgmend_drift=skip.';
  ELSIF moved > 0 THEN
    RAISE WARNING 'pgmend: % rows are no longer as planned (listed above) and were left as they are', moved;
  END IF;
END $pgmend$;
`;

function invariantCheck({ name, sql }: Invariant, isPart: boolean): string {
  const query = sql.trim().replace(/;+$/, "");
  const label = literal(name);
  const tag = dollarTag(query + label);
  const complaint = isPart
    ? "RAISE WARNING 'pgmend: invariant % does not hold; it may be for the patches of other tenants to mend'"
    : "RAISE EXCEPTION 'pgmend: invariant % does not hold after the patch; nothing was written'";
  return `
-- Invariant: ${comment(name)}
DO ${tag}
BEGIN
  IF EXISTS (SELECT FROM (
${query}
  ) AS violated) THEN
    ${complaint}, ${label};
  END IF;
END ${tag};
`;
}

function dollarTag(body: string): string {
  let tag = "$pgmend$";
  for (let n = 1; body.includes(tag); n += 1) tag = `$pgmend${n}$`;
  return tag;
}

const outcomeReport = `
SELECT step, "table", operation, planned, written FROM pg_temp.pgmend_result ORDER BY step;
DO $pgmend$
DECLARE
  total bigint := (SELECT coalesce(sum(written), 0) FROM pg_temp.pgmend_result);
BEGIN
  IF total = 0 THEN
    RAISE NOTICE 'pgmend: nothing was written; every row is already as planned or was left as it is';
  ELSE
    RAISE NOTICE 'pgmend: % rows written', total;
  END IF;
END $pgmend$;
`;
