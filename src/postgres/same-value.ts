import { columnAt, type Table } from "../model/table.js";
import type { Value } from "../model/value.js";
import { readText } from "../sql/read-text.js";
import type { Session } from "./session/session.js";

export interface SpellingQuestion {
  readonly column: number;
  readonly a: Value;
  readonly b: Value;
}

/**
 * Asks PostgreSQL which of these pairs it calls equal although they print differently (1.0 and 1.00). One query for
 * each column that is asked about.
 *
 * @returns the answer to each question, in order
 */
export async function sameValues(
  session: Session,
  table: Table,
  questions: readonly SpellingQuestion[],
): Promise<readonly boolean[]> {
  const answers: boolean[] = new Array(questions.length).fill(false);
  for (const position of new Set(questions.map((question) => question.column))) {
    const { baseType, equals } = columnAt(table, position);
    if (equals === undefined) continue;
    const asked = questions.flatMap((question, at) => (question.column === position ? [at] : []));
    const rows = await session.query(
      `SELECT p.ord FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]))
        WITH ORDINALITY AS p(a, b, ord) WHERE ${readText("p.a", baseType)} ${equals} ${readText("p.b", baseType)}`,
      [asked.map((at) => questions[at]?.a), asked.map((at) => questions[at]?.b)],
    );
    for (const [ord] of rows) answers[asked[Number(ord) - 1] as number] = true;
  }
  return answers;
}
