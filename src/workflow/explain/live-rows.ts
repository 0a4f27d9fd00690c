import type { DatabaseIdentity, PlanHeader } from "../../model/plan.js";
import type { ConnectionTarget } from "../../model/settings.js";
import type { Table } from "../../model/table.js";
import { type DatabaseRole, databaseRoles, type Key, type Row } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import { lookUpRows } from "../../postgres/look-up.js";
import { isOtherDatabase, readIdentity } from "../../postgres/session/identity.js";
import { Session } from "../../postgres/session/session.js";

export interface LiveRows {
  /** Of databases that could be asked; undefined: there is no such row. */
  readonly rows: ReadonlyMap<DatabaseRole, Row | undefined>;
  /** Why others could not be, in sentences. */
  readonly notes: readonly string[];
}

export type Targets = Readonly<Partial<Record<DatabaseRole, ConnectionTarget>>>;

/** The row as it is now. A snapshot that is gone by now is no reason to say nothing. */
export async function liveRows(
  { connections }: Pick<PlanHeader, "connections">,
  targets: Targets,
  table: Table,
  key: Key,
  signal?: AbortSignal,
): Promise<LiveRows> {
  const rows = new Map<DatabaseRole, Row | undefined>();
  const notes: string[] = [];
  if (table.apart?.kind === "keys" && table.apart.keys.some((long) => valuesKey(long) === valuesKey(key)))
    return { rows, notes: ["it is not read again: a value of it is too long"] };
  for (const role of databaseRoles) {
    const target = targets[role];
    if (target === undefined) continue;
    try {
      rows.set(role, await liveRow(role, target, connections[role], { table, key, signal }));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      notes.push(`${role} could not be asked: ${message.replace(new RegExp(`^${role}: `), "")}`);
    }
  }
  return { rows, notes };
}

interface Wanted {
  readonly table: Table;
  readonly key: Key;
  readonly signal: AbortSignal | undefined;
}

async function liveRow(
  role: DatabaseRole,
  { url }: ConnectionTarget,
  planned: DatabaseIdentity,
  { table, key, signal }: Wanted,
): Promise<Row | undefined> {
  const session = await Session.open({ role, url, signal });
  try {
    const found = await readIdentity(session);
    if (isOtherDatabase(found, planned))
      throw new Error(`it is ${found.database}, and the plan was made of ${planned.database}`);
    return (await lookUpRows(session, table, [key]))[0];
  } finally {
    await session.close();
  }
}
