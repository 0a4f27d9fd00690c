import type { PlanHeader } from "../../model/plan.js";
import type { LogProblem } from "../../model/post-log.js";
import { keyObject } from "../../model/table.js";
import type { Value } from "../../model/value.js";
import type { Redactor } from "../redact-rows.js";
import { jsonLine } from "./row-objects.js";

/** `log-problems.jsonl`: one line for each action of the change log that does not fit what is there. */
export async function* logProblemsJsonl(
  header: Pick<PlanHeader, "tables">,
  problems: AsyncIterable<readonly LogProblem[]>,
  redactor: Redactor,
): AsyncGenerator<string> {
  for await (const batch of problems)
    yield batch.map((problem) => problemLine(header, problem, redactor)).join("");
}

function problemLine(
  { tables }: Pick<PlanHeader, "tables">,
  { kind, action, columns }: LogProblem,
  redactor: Redactor,
): string {
  const { line, sequence, time, actor, tenant, operation, key } = action;
  const table = tables[action.table];
  if (table === undefined) return "";
  const shown = (name: string, value: Value) =>
    redactor.value(
      table.label,
      table.columns.findIndex((column) => column.name === name),
      value,
    );
  const cells = Object.entries(columns).map(([name, { log, found }]) => [
    name,
    { log: shown(name, log), found: shown(name, found) },
  ]);
  return jsonLine({
    ...{ problem: kind, replayed: kind === "contradiction" },
    ...{ line: line ?? null, sequence: sequence ?? null, time: time ?? null },
    actor: actor === undefined ? null : redactor.actor(actor),
    tenant: tenant === undefined ? null : redactor.tenant(tenant),
    ...{ table: table.label, key: keyObject(table, redactor.key(table, key)), operation },
    columns: Object.fromEntries(cells),
  });
}
