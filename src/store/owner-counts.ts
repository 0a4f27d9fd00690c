import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";
import { type Outcome, outcomes } from "../model/change.js";
import type { ActorCounts, ActorTally, TenantTally } from "../model/tenant.js";
import { drain } from "./file/drain.js";
import type { PlanFile } from "./file/plan-file.js";
import { rowTable } from "./tables/row-table.js";

export async function tallyTenants(file: PlanFile): Promise<readonly TenantTally[]> {
  const sql = `SELECT tenant, outcome, conflict_kind, count(*)::DOUBLE, count(change_kind)::DOUBLE
    FROM ${rowTable.name} GROUP BY ALL ORDER BY ALL`;
  const lines = await file.use(async (connection) => (await connection.run(sql)).getRows());
  return lines.map(([tenant, outcome, conflictKind, rows, written]) => ({
    tenant: (tenant ?? undefined) as string | undefined,
    outcome: outcome as Outcome,
    conflictKind: (conflictKind ?? undefined) as string | undefined,
    rows: rows as number,
    written: written as number,
  }));
}

export async function countActors(file: PlanFile): Promise<ActorCounts> {
  const sql = `SELECT count(DISTINCT actor)::DOUBLE, count(*) FILTER (actor IS NULL)::DOUBLE FROM ${rowTable.name}`;
  const [line] = await file.use(async (connection) => (await connection.run(sql)).getRows());
  return { actors: line?.[0] as number, rowsWithout: line?.[1] as number };
}

const actorsSql = `
  SELECT actor, tenant, ${outcomes.map((outcome) => `count(*) FILTER (outcome = '${outcome}')::DOUBLE`).join(", ")},
    array_to_string(list_sort(list(DISTINCT table_id)), ',')
  FROM ${rowTable.name} GROUP BY actor, tenant
  ORDER BY count(*) FILTER (outcome IN ('conflict', 'skipped')) DESC, count(*) DESC, actor, tenant`;

/** There can be as many as there are people: they are handed on as DuckDB brings them. */
export async function* tallyActors(file: PlanFile): AsyncGenerator<readonly ActorTally[]> {
  const open = await file.work(async () => {
    const connection = await file.connect();
    return { connection, result: await streamOn(file, connection) };
  });
  try {
    for (;;) {
      const chunk = await file.work(() => open.result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield talliesIn(chunk);
    }
  } finally {
    // Whoever stops early must not leave the file locked.
    await file.work(() => drain(open.result, () => [])).catch(() => undefined);
    file.release(open.connection);
  }
}

async function streamOn(file: PlanFile, connection: DuckDBConnection): Promise<DuckDBResult> {
  try {
    return await connection.stream(actorsSql);
  } catch (error) {
    file.release(connection);
    throw error;
  }
}

function talliesIn(chunk: DuckDBDataChunk): readonly ActorTally[] {
  return chunk.getRows().map(([actor, tenant, ...counts]) => ({
    actor: (actor ?? undefined) as string | undefined,
    tenant: (tenant ?? undefined) as string | undefined,
    outcomes: Object.fromEntries(outcomes.map((outcome, at) => [outcome, counts[at]])) as Record<
      Outcome,
      number
    >,
    tables: String(counts[outcomes.length]).split(",").map(Number),
  }));
}
