import type { AlignedSchemas } from "../merge/align-schemas.js";
import { orderTables } from "../merge/ordering/order-tables.js";
import { InterruptedError } from "../model/errors.js";
import type { CompareMethod, PlanHeader } from "../model/plan.js";
import type { PlanSettings } from "../model/settings.js";
import { createPlanStore, type PlanStore } from "../store/plan-store.js";
import { scopeOf } from "./attribution.js";
import { betweenWarnings } from "./between/between-warnings.js";
import type { IntervalCounts } from "./between/interval-counts.js";
import { type Compared, compareAll } from "./comparing/compare-all.js";
import { leftApart, setApart } from "./comparing/set-apart.js";
import { connect, type Sessions } from "./connect.js";
import { checkConstraints } from "./constraints/check-constraints.js";
import type { DecidedWrites } from "./constraints/decided-rows.js";
import type { Checking } from "./constraints/planned-writes.js";
import { applyDecisions } from "./deciding/apply-decisions.js";
import { type Earlier, reuseDecisions } from "./deciding/reuse-decisions.js";
import { judgeAll } from "./judging/judge-all.js";
import { lineUp } from "./line-up.js";
import { makeHeader, withoutInstance } from "./plan-header.js";
import { foldLog } from "./post-log/fold-log.js";
import { logWarnings } from "./post-log/log-warnings.js";
import type { OnProgress } from "./progress.js";
import { ruleWarnings } from "./rewrite-rules.js";
import { moveSequences, readNumbering } from "./sequences.js";
import { idleSettings } from "./settings/idle-settings.js";
import { movingNumbers, requireKnown } from "./signatures/check-ids.js";
import { recounted, signAll } from "./signatures/sign-all.js";
import { tenantWarnings } from "./tenant-warnings.js";
import type { OnlyKeys, Work } from "./work.js";

export interface PlanOptions {
  readonly settings: PlanSettings;
  /** Where the plan store is made; must not exist. */
  readonly storeFile: string;
  readonly toolVersion: string;
  /** Plans these rows and no others. */
  readonly only?: OnlyKeys | undefined;
  /** Planned rows that are looked up in one query when constraints are checked; a usual number if undefined. */
  readonly chunkSize?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For tests: a row with a value that prints longer, in bytes, is not read. */
  readonly longestValue?: number | undefined;
  /** For tests: how to compare whatever can be compared so. The plan is the same. */
  readonly method?: CompareMethod | undefined;
  /** Whose decisions are taken over, where the rows are still the same. */
  readonly earlier?: Earlier | undefined;
}

/**
 * Compares `pre` and `post`, merges the difference with `current`, and keeps the result in the plan store. Writes
 * nothing to any database.
 *
 * @returns the open plan store; the caller closes it
 * @throws UsageError, ConnectionError, SchemaMismatchError, QueryError, InterruptedError
 */
export async function plan(options: PlanOptions): Promise<PlanStore> {
  const { settings, signal } = options;
  const tell = options.onProgress ?? (() => undefined);
  tell({ kind: "step", text: "connecting" });
  const sessions = await connect(settings, signal);
  try {
    return await planWith(sessions, options, tell);
  } catch (error) {
    // Aborting ends the connections, and whatever was running fails in its own words.
    throw signal?.aborted === true ? new InterruptedError() : error;
  } finally {
    await sessions.close();
  }
}

async function planWith(sessions: Sessions, options: PlanOptions, tell: OnProgress): Promise<PlanStore> {
  const { settings, signal, storeFile } = options;
  tell({ kind: "step", text: "reading the catalogs" });
  const { catalogs, aligned: all, attribution, postIsCurrent } = await lineUp(sessions, settings);
  const { aligned, apart } = await setApart(sessions, all, options.longestValue);
  const tables = orderTables(aligned.tables, catalogs.current.foreignKeys);
  const warnings = [
    ...initialWarnings(settings, postIsCurrent),
    ...movingNumbers(settings, postIsCurrent),
    ...betweenWarnings(settings, tables),
    ...idleSettings(settings, tables),
  ];
  for (const text of warnings) tell({ kind: "warning", text });
  const store = await createPlanStore(storeFile);
  try {
    const work: Work = {
      ...{ settings, sessions, store, tables, attribution, apart, only: options.only, tell, signal },
      earlier: options.earlier,
    };
    const { postLog } = settings;
    const folded = postLog === undefined ? undefined : await foldLog(work, catalogs, postLog);
    const compared = folded ?? (await compareAll(work, catalogs, options.method));
    if (folded !== undefined) warnings.push(...logWarnings(folded.postLog));
    for (const text of compared.warnings ?? []) tell({ kind: "warning", text });
    warnings.push(...(compared.warnings ?? []));
    const foreignKeys = catalogs.current.foreignKeys;
    const postSequences = folded?.numbers.sequences();
    const { signatures, warnings: odd } = await signAll(work, foreignKeys, compared);
    requireKnown(settings.rules, signatures);
    for (const text of odd) tell({ kind: "warning", text });
    warnings.push(...odd);
    const { identity, intervals } = await judgeAll(work, {
      ...{ foreignKeys, compared, signatures, warnings, postSequences },
      orphans: folded?.orphans,
    });
    warnings.push(...(await tenantWarnings(work)));
    const leftOut = [...aligned.leftOut, ...(await leftApart(store, tables, apart))];
    const recount = work.only === undefined ? await recounted(store, signatures) : signatures;
    const counted = intervals?.of(recount) ?? recount;
    const decided = await reuse(work, warnings);
    tell({ kind: "step", text: "checking constraints" });
    const checking = { ...checkingOf(work, aligned), chunkSize: options.chunkSize };
    const { constraints } = catalogs.current;
    await checkConstraints(checking, { ...constraints, foreignKeys }, decided);
    const numbering = await readNumbering(sessions, settings, postSequences);
    const moved = await moveSequences(numbering, { store, tables, mode: settings.mode });
    warnings.push(...moved.warnings, ...(await ruleWarnings(work, catalogs.current.triggers)));
    const sequences = { numbering, sequences: moved.moves, sequenceWarnings: moved.warnings };
    const decidedUpTo = await store.lastJournalNumber();
    const tenant = scopeOf(attribution, tables);
    const found = {
      ...compared,
      ...sequences,
      inside: insideOf(settings, compared, intervals),
      current: identity,
      warnings,
      decidedUpTo,
      tenant,
      postLog: folded?.postLog,
      signatures: counted,
    };
    await store.writeHeader(makeHeader(options, { tables, leftOut }, catalogs, found));
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Decisions of an earlier plan come before what the strategies said (design 2.3). */
async function reuse(work: Work, warnings: string[]): Promise<DecidedWrites> {
  const { earlier, settings, store, tables, tell } = work;
  if (earlier === undefined) return new Map();
  const { mode } = settings;
  const { reused, lapsed, named } = await reuseDecisions({ store, tables, mode }, earlier);
  if (reused + lapsed > 0) {
    const not = lapsed === 0 ? "" : `, ${lapsed} not: the rows have changed since`;
    tell({ kind: "step", text: `${reused} decisions of the earlier plan are reused${not}` });
  }
  if (lapsed > 0) {
    const more = lapsed > named.length ? `, and ${lapsed - named.length} more` : "";
    const text = `${lapsed} decisions of the earlier plan are not reused, as the rows have changed since: ${named.join(", ")}${more}`;
    warnings.push(text);
  }
  return applyDecisions(store, { mode, tables }, { fresh: true });
}

function initialWarnings({ mode, rules, between }: PlanSettings, postIsCurrent: boolean): readonly string[] {
  return [
    ...(postIsCurrent
      ? [
          "post was left out or is current itself: every difference between pre and current counts as the incident's",
        ]
      : []),
    ...(mode === "undo" && rules.length === 0 && (between?.damage ?? []).length === 0
      ? ["no rule says what is damage: people's own updates and deletes in the window are being undone too"]
      : []),
  ];
}

function insideOf(
  { between }: PlanSettings,
  { between: identities = [] }: Compared,
  intervals: IntervalCounts | undefined,
): PlanHeader["between"] {
  if (between === undefined || intervals === undefined) return undefined;
  const snapshots = between.snapshots.flatMap(({ label }, at) => {
    const identity = identities[at];
    return identity === undefined ? [] : [{ label, identity: withoutInstance(identity) }];
  });
  return { snapshots, damage: between.damage, tables: intervals.tables() };
}

function checkingOf({ store, sessions, settings, tables }: Work, { leftOut }: AlignedSchemas): Checking {
  // Left out as the user asked; what could not be compared is another matter, and leaves the plan open.
  const excludedTables = new Set(leftOut.filter(({ open }) => !open).map(({ table }) => table));
  const patchPerTenant = settings.tenant?.patches;
  return { store, current: sessions.current, mode: settings.mode, tables, excludedTables, patchPerTenant };
}
