import { estimateWork } from "../merge/preflight/estimate-work.js";
import { findAll } from "../merge/preflight/find-all.js";
import { factsInCurrentsNames } from "../merge/preflight/renamed-facts.js";
import { InterruptedError } from "../model/errors.js";
import type { DatabaseFacts, Preflight } from "../model/preflight.js";
import type { PlanSettings } from "../model/settings.js";
import type { Table } from "../model/table.js";
import { type DatabaseRole, databaseRoles } from "../model/value.js";
import { readFacts } from "../postgres/preflight/preflight.js";
import { type RowSearch, readRowFacts } from "../postgres/preflight/preflight-rows.js";
import { findAncestry } from "./comparing/prove-lineage.js";
import { connect, type Sessions } from "./connect.js";
import { lineUp } from "./line-up.js";
import type { OnProgress } from "./progress.js";
import { idleSettings } from "./settings/idle-settings.js";

export interface CheckOptions {
  readonly settings: PlanSettings;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Preflight: can these be compared, can current be mended, and are they what they are named as? Takes seconds, whatever
 * the size of the databases, and writes nothing.
 *
 * @throws UsageError, ConnectionError, QueryError, InterruptedError
 */
export async function check({ settings, onProgress, signal }: CheckOptions): Promise<Preflight> {
  const tell = onProgress ?? (() => undefined);
  tell({ kind: "step", text: "connecting" });
  const sessions = await connect(settings, signal);
  try {
    return await checkWith(sessions, settings, tell);
  } catch (error) {
    // Aborting ends the connections, and whatever was running fails in its own words.
    throw signal?.aborted === true ? new InterruptedError() : error;
  } finally {
    await sessions.close();
  }
}

async function checkWith(sessions: Sessions, settings: PlanSettings, tell: OnProgress): Promise<Preflight> {
  tell({ kind: "step", text: "reading the catalogs" });
  const { catalogs, aligned, attribution, postIsCurrent } = await lineUp(sessions, settings);
  const databases = await ofEach(async (role) =>
    factsInCurrentsNames(await readFacts(sessions[role]), aligned.tables, role),
  );
  tell({ kind: "step", text: "looking for the newest rows and the largest values" });
  const search = whatToSearch(aligned.tables, databases);
  const rows = await ofEach((role) => readRowFacts(sessions[role], search));
  const work = estimateWork(aligned.tables, databases);
  const idle = idleSettings(settings, aligned.tables);
  const tenant = attribution.tenant;
  const byValue = await whyByValue(sessions, settings);
  const findings = findAll({
    byValue,
    settings,
    idle,
    tenant,
    postIsCurrent,
    catalogs,
    aligned,
    databases,
    rows,
    work,
  });
  const { tables, leftOut } = aligned;
  return { mode: settings.mode, postIsCurrent, databases, rows, findings, tables, leftOut, work };
}

async function whyByValue(sessions: Sessions, { lineage = true }: PlanSettings): Promise<string | undefined> {
  if (sessions.postIsLog || !lineage) return undefined;
  const { ancestry, why } = await findAncestry(sessions);
  return ancestry === undefined ? why : undefined;
}

async function ofEach<T>(
  read: (role: DatabaseRole) => Promise<T>,
): Promise<Readonly<Record<DatabaseRole, T>>> {
  const [pre, post, current] = await Promise.all(databaseRoles.map(read));
  return { pre, post, current } as Record<DatabaseRole, T>;
}

/** Tables that are asked at most, so that the time does not grow with their number. */
const mostTables = 20;

/** Smaller than this in all, nothing stored out of line can be large, however well it was compressed. */
const leastToast = 1024 * 1024;

function whatToSearch(
  tables: readonly Table[],
  databases: Readonly<Record<DatabaseRole, DatabaseFacts>>,
): RowSearch {
  const all = databaseRoles.map((role) => databases[role].tables);
  const readable = tables.filter(({ label }) =>
    all.every((facts) => facts.get(label)?.rowSecurity === false && facts.get(label)?.unlogged === false),
  );
  const toast = ({ label }: Table) => Math.max(...all.map((facts) => facts.get(label)?.toastBytes ?? 0));
  const wide = readable.filter((table) => toast(table) >= leastToast).sort((a, b) => toast(b) - toast(a));
  const newest = readable.flatMap((table) => {
    const shared = all.map((facts) => facts.get(table.label)?.timeColumns ?? []);
    return table.columns
      .filter(({ name }) => shared.every((names) => names.includes(name)))
      .map((column) => ({ table, column }));
  });
  return { newest: newest.slice(0, mostTables), wide: wide.slice(0, mostTables) };
}
