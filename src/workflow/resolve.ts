import { InterruptedError, PlanError, UsageError } from "../model/errors.js";
import type { DatabaseIdentity, PlanHeader } from "../model/plan.js";
import type { ConnectionTarget } from "../model/settings.js";
import { readCatalog } from "../postgres/catalog/catalog.js";
import { isOtherDatabase, readIdentity } from "../postgres/session/identity.js";
import { Session } from "../postgres/session/session.js";
import type { PlanStore } from "../store/plan-store.js";
import { checkConstraints } from "./constraints/check-constraints.js";
import type { ConstraintsToCheck } from "./constraints/obstacles.js";
import type { Checking } from "./constraints/planned-writes.js";
import { applyDecisions } from "./deciding/apply-decisions.js";
import { checkSchema } from "./deciding/check-schema.js";
import { refuseWritten, writtenRows } from "./deciding/written-rows.js";
import type { OnProgress } from "./progress.js";
import { moveSequences } from "./sequences.js";

export interface ResolveOptions {
  /**
   * The plan with its decisions. It is worked on in place, and half done it is of no use: who wants to keep what there
   * was until all is done gives a copy.
   */
  readonly store: PlanStore;
  readonly current: ConnectionTarget;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes of a plan what its decisions say: the rows in conflict, then whatever constraints allow or no longer allow,
 * then the sequences. It begins with what the merge made of the rows, so the same decisions end in the same plan, in
 * whatever order and by whatever way they were given. Needs `current` only; `pre` and `post` may be gone.
 *
 * @throws UsageError when this is not the database of the plan, PlanError when its schema has changed since, or when
 *   something else would become of rows that `apply` has written, ConnectionError, QueryError, InterruptedError
 */
export async function resolve({ store, current, onProgress, signal }: ResolveOptions): Promise<void> {
  const tell = onProgress ?? (() => undefined);
  const header = await store.readHeader();
  const session = await openCurrent(header, current, signal);
  try {
    const constraints = await readConstraints(session, header);
    await session.snapshot();
    await store.keepChanges();
    tell({ kind: "step", text: "applying the decisions" });
    const decided = await applyDecisions(store, header, { fresh: false });
    tell({ kind: "step", text: "checking constraints" });
    const checking = { ...checkingOf(store, session, header), isWritten: await writtenRows(store) };
    await checkConstraints(checking, constraints, decided);
    await refuseWritten(store, header, await store.changedSince());
    await store.writeHeader(await renewed(store, header));
  } catch (error) {
    // Aborting ends the connection, and whatever was running fails in its own words.
    throw signal?.aborted === true ? new InterruptedError() : error;
  } finally {
    await session.close();
  }
}

/**
 * A session on the database that the plan was made for.
 * @throws UsageError when it is another one
 */
export async function openCurrent(
  { connections }: Pick<PlanHeader, "connections">,
  { url }: ConnectionTarget,
  signal?: AbortSignal,
): Promise<Session> {
  const session = await Session.open({ role: "current", url, signal });
  try {
    const found = await readIdentity(session);
    if (isOtherDatabase(found, connections.current)) throw anotherDatabase(found, connections.current);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

function anotherDatabase(found: DatabaseIdentity, planned: DatabaseIdentity): UsageError {
  const name = ({ database, server }: DatabaseIdentity) => `${database} on ${server}`;
  const what = `is ${name(found)}, and the plan was made for ${name(planned)}`;
  return new UsageError([{ where: "--current", what }], "name the database that was --current for the plan");
}

async function readConstraints(session: Session, { tables }: PlanHeader): Promise<ConstraintsToCheck> {
  const catalog = await readCatalog(session);
  const changed = checkSchema(tables, catalog);
  if (changed.length > 0) {
    throw new PlanError(`the schema has changed since the plan was made: ${changed.join("; ")}`, {
      hint: "run `pgmend plan` again; with --overwrite it takes over the decisions that still fit",
    });
  }
  return { ...catalog.constraints, foreignKeys: catalog.foreignKeys };
}

function checkingOf(store: PlanStore, current: Session, header: PlanHeader): Checking {
  const { mode, tables, leftOut, tenant } = header;
  const excludedTables = new Set(leftOut.filter(({ open }) => !open).map(({ table }) => table));
  return { store, current, mode, tables, excludedTables, patchPerTenant: tenant?.patches };
}

async function renewed(store: PlanStore, header: PlanHeader): Promise<PlanHeader> {
  const { mode, tables, numbering } = header;
  const { moves, warnings } = await moveSequences(numbering, { store, tables, mode });
  const others = header.warnings.filter((text) => !header.sequenceWarnings.includes(text));
  const decidedUpTo = await store.lastJournalNumber();
  return {
    ...header,
    sequences: moves,
    sequenceWarnings: warnings,
    warnings: [...others, ...warnings],
    decidedUpTo,
  };
}
