import type { Mistake } from "../../model/errors.js";
import type { Table } from "../../model/table.js";
import type { Value } from "../../model/value.js";
import { printValues } from "../../postgres/print-values.js";
import type { Session } from "../../postgres/session/session.js";
import type { DecisionRequest } from "./take-decisions.js";

interface Cell {
  readonly request: number;
  readonly column: string;
  readonly value: Value;
}

/** Values sent in one query. */
const chunkSize = 5000;

/**
 * The requests with their values as PostgreSQL prints them. Values for columns that are not there are left to whoever
 * checks the decisions.
 *
 * @returns also every value that is none of its column's type, in the server's words
 */
export async function checkValues(
  requests: readonly DecisionRequest[],
  current: Session,
): Promise<{ readonly requests: readonly DecisionRequest[]; readonly mistakes: readonly Mistake[] }> {
  const printed = requests.map(({ values }) => new Map(Object.entries(values ?? {})));
  const mistakes: Mistake[] = [];
  for (const { table, cells } of cellsByTable(requests)) {
    for (const column of table.columns) {
      const mine = cells.filter((cell) => cell.column === column.name);
      for (let from = 0; from < mine.length; from += chunkSize) {
        const some = mine.slice(from, from + chunkSize);
        const answers = await printValues(
          current,
          column,
          some.map(({ value }) => value),
        );
        for (const [at, answer] of answers.entries()) {
          const { request, value } = some[at] as Cell;
          if ("value" in answer) printed[request]?.set(column.name, answer.value);
          else
            mistakes.push({
              where: (requests[request] as DecisionRequest).where,
              what: `${JSON.stringify(value)} is no value for ${table.label}.${column.name}: ${answer.complaint}`,
            });
        }
      }
    }
  }
  const checked = requests.map((request, at) =>
    request.values === undefined ? request : { ...request, values: Object.fromEntries(printed[at] ?? []) },
  );
  return { requests: checked, mistakes: onlyOnce(mistakes) };
}

function cellsByTable(
  requests: readonly DecisionRequest[],
): readonly { readonly table: Table; readonly cells: readonly Cell[] }[] {
  const byTable = new Map<Table, Cell[]>();
  for (const [request, { subject, values }] of requests.entries()) {
    const cells = byTable.get(subject.table) ?? [];
    byTable.set(subject.table, cells);
    for (const [column, value] of Object.entries(values ?? {})) cells.push({ request, column, value });
  }
  return [...byTable].map(([table, cells]) => ({ table, cells }));
}

function onlyOnce(mistakes: readonly Mistake[]): readonly Mistake[] {
  return [...new Map(mistakes.map((mistake) => [`${mistake.where}\n${mistake.what}`, mistake])).values()];
}
