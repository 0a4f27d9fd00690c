import type { SequenceMove } from "../../model/sequence.js";
import { comment, literal } from "../quote.js";

/**
 * The last thing before COMMIT: what moves a sequence is never rolled back, so nothing that can refuse the patch may
 * come after it.
 *
 * Others ask these sequences meanwhile. No lock keeps them away but one that waits for all who wrote, and between a
 * look at a sequence and a `setval` it could have gone past: it would be set back. `nextval` only ever goes up. So
 * short ways are gone number by number, and only a way that nobody goes in that moment is gone at once.
 */
export function moveSequences(moves: readonly SequenceMove[]): string {
  if (moves.length === 0) return "";
  const values = moves.map(({ sequence, from, to }, at) => {
    const end = at === moves.length - 1 ? ";" : ",";
    return `  (${literal(sequence)}, ${to}, ${literal(comment(sequence))})${end} -- was at ${from}\n`;
  });
  return `
-- Sequences, up and never down: each to the number beside it, unless it is there or past it by now.
-- They know no transaction: neither ROLLBACK nor rollback.sql takes this back. So it is last, after every check.
CREATE TEMP TABLE pgmend_sequence (sequence text, number bigint, shown text) ON COMMIT DROP;
INSERT INTO pg_temp.pgmend_sequence (sequence, number, shown) VALUES
${values.join("")}${moveAll}`;
}

/**
 * A sequence that counts down has a negative step: divided by it, what is ahead is positive again. Messages name
 * sequences as `shown`: psql prints them as they are, and names may drive a terminal.
 */
const moveAll = `DO $pgmend$
DECLARE
  line record;
  step bigint;
  stands record;
  ahead numeric;
  moved boolean;
BEGIN
  FOR line IN SELECT * FROM pg_temp.pgmend_sequence ORDER BY sequence LOOP
    IF NOT (pg_catalog.has_sequence_privilege(line.sequence, 'select')
        AND pg_catalog.has_sequence_privilege(line.sequence, 'update')) THEN
      RAISE EXCEPTION 'pgmend: no privilege to move sequence %; nothing was written', line.shown
        USING HINT = 'Run the patch as its owner, or GRANT SELECT, UPDATE ON SEQUENCE ' || line.shown;
    END IF;
  END LOOP;
  FOR line IN SELECT * FROM pg_temp.pgmend_sequence ORDER BY sequence LOOP
    step := (SELECT seqincrement FROM pg_catalog.pg_sequence WHERE seqrelid = line.sequence::pg_catalog.regclass);
    moved := false;
    LOOP
      EXECUTE 'SELECT last_value, is_called FROM ' || line.sequence INTO stands;
      ahead := pg_catalog.ceil((line.number::numeric - stands.last_value) / step)
        + CASE WHEN stands.is_called THEN 0 ELSE 1 END;
      EXIT WHEN ahead <= 0;
      IF ahead <= 1000000 THEN
        PERFORM pg_catalog.count(pg_catalog.nextval(line.sequence::pg_catalog.regclass))
          FROM pg_catalog.generate_series(1, ahead::bigint);
      ELSE
        PERFORM pg_catalog.setval(line.sequence::pg_catalog.regclass, line.number, true);
      END IF;
      moved := true;
    END LOOP;
    IF moved THEN
      RAISE NOTICE 'pgmend: sequence % was moved up to %', line.shown, line.number;
    END IF;
  END LOOP;
END $pgmend$;
`;
