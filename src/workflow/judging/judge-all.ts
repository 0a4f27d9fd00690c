import type { SignatureCells } from "../../merge/between/around-damage.js";
import { RuleUse } from "../../merge/rules/rule-use.js";
import { rulesFor } from "../../merge/rules/rules.js";
import { strategiesFor } from "../../merge/settle.js";
import { isBag } from "../../model/bag.js";
import type { Difference } from "../../model/change.js";
import { InterruptedError, type StrategyError } from "../../model/errors.js";
import type { DatabaseIdentity } from "../../model/plan.js";
import type { Sequence } from "../../model/sequence.js";
import type { PlanSettings } from "../../model/settings.js";
import { type Signature, signatureNumber } from "../../model/signature.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Operation } from "../../model/value.js";
import { readIdentity } from "../../postgres/session/identity.js";
import type { DifferenceCount, PlanStore } from "../../store/plan-store.js";
import { IntervalCounts } from "../between/interval-counts.js";
import type { Compared } from "../comparing/compare-all.js";
import { decidedInserts } from "../deciding/reuse-decisions.js";
import { type Orphans, rowName } from "../post-log/find-orphans.js";
import { followAll } from "../rekey/follow-all.js";
import { NewKeys } from "../rekey/new-keys.js";
import type { Signed } from "../signatures/sign-all.js";
import { type Work, wantedIn } from "../work.js";
import { type Bench, judgeCopiesSize, judgeSize } from "./bench.js";
import { joinSpellings, mayBeRespelled } from "./join-spellings.js";
import { judge } from "./judge.js";
import { CopyNumbers } from "./number-copies.js";
import { openLookUps } from "./open-look-ups.js";

/** What is known by then, and the list that warnings are added to. */
interface Known {
  readonly foreignKeys: readonly ForeignKey[];
  readonly compared: Pick<Compared, "rowsCompared">;
  readonly signatures: Signed["signatures"];
  readonly warnings: string[];
  /** Where a change log left the sequences; undefined: `post` says so itself. */
  readonly postSequences: readonly Sequence[] | undefined;
  /** Differences that a change log cannot answer for; undefined: there is none. */
  readonly orphans: Orphans | undefined;
}

export interface JudgedAll {
  /** Of `current`. */
  readonly identity: DatabaseIdentity;
  /** Undefined where there are no snapshots between. */
  readonly intervals: IntervalCounts | undefined;
}

/** Step two: what do we do about it. The snapshot of `current` is taken here, so that it is as short as can be. */
export async function judgeAll(work: Work, known: Known): Promise<JudgedAll> {
  const { current } = work.sessions;
  await current.snapshot();
  const lookUps = await openLookUps(current, work);
  try {
    return await judgeOver(lookUps.sessions, work, known);
  } finally {
    await lookUps.close();
  }
}

async function judgeOver(
  lookUps: Bench["lookUps"],
  work: Work,
  { foreignKeys, compared: { rowsCompared }, signatures, warnings, postSequences, orphans }: Known,
): Promise<JudgedAll> {
  const { settings, sessions, store, tables, attribution, tell, signal } = work;
  const identity = await readIdentity(sessions.current);
  const counts = await store.countDifferences();
  const total = counts.reduce((sum, { rows }) => sum + rows, 0);
  warnings.push(...halvedUpdates(settings, tables, counts));
  tell({ kind: "tables", phase: "merge", tables: differencesIn(tables, counts) });
  const blamed = new Set<string>();
  const ruleUse = new RuleUse(settings.rules);
  const decided = work.earlier === undefined ? new Map() : await decidedInserts(work.earlier);
  const intervals = settings.between && new IntervalCounts(settings.between.snapshots.length + 1);
  const signatureCells = cellsBySignature(signatures);
  const newKeys = new NewKeys({ mode: settings.mode, sessions, tables, foreignKeys, postSequences });
  const benches = tables.map(
    (table, at): Bench => ({
      ...{ table, tableIndex: at, settings, newKeys, decided, ruleUse, attribution, sessions },
      ...{ signatureCells, intervals },
      rules: rulesFor(table, settings.rules, signatures),
      strategies: strategiesFor(table, settings.strategies),
      apart: work.apart.get(table.label),
      ...{ current: sessions.current, lookUps },
      where: sessions.post,
      copyNumbers: isBag(table) ? new CopyNumbers(settings.mode) : undefined,
      suspicion: suspicionOf(settings, counts, at, rowsCompared[table.label] ?? 0),
      onBlame: ({ message }: StrategyError) => blamed.add(message),
    }),
  );
  const seen: number[] = [];
  let position = 0;
  for (const [at, bench] of benches.entries()) {
    seen[at] = newKeys.references.version(at);
    // Of a thousand tables most have none, and each question to the store takes its time.
    if (!counts.some(({ table }) => table === at)) continue;
    const respelled = mayBeRespelled(bench.table, at, counts);
    const isWanted = wantedIn(work, bench.table);
    for await (const all of allOf(store, at, isBag(bench.table) ? judgeCopiesSize : judgeSize)) {
      if (signal?.aborted === true) throw new InterruptedError();
      const wanted = all.filter(({ key }) => isWanted(key) && orphans?.has(rowName(at, key)) !== true);
      const differences = respelled ? await joinSpellings(sessions, bench.table, wanted) : wanted;
      await store.appendRows(await judge(bench, differences, () => position++));
      tell({
        kind: "rows",
        phase: "merge",
        table: bench.table.label,
        tableNumber: at + 1,
        tables: tables.length,
        done: position,
        total,
      });
    }
  }
  await store.flushRows();
  await store.dropDifferences();
  intervals?.end();
  await followAll(work, (at) => benches[at] as Bench, seen);
  warnings.push(...blamed, ...ruleUse.warnings());
  return { identity, intervals };
}

/** The incident delta, and after it the rows that `post` has as `pre` had them. */
async function* allOf(store: PlanStore, table: number, size: number): AsyncGenerator<readonly Difference[]> {
  yield* store.differences(table, size);
  yield* store.passing(table, size);
}

function cellsBySignature(signatures: readonly Signature[]): SignatureCells {
  return new Map(
    signatures.map(({ id, columns }) => [
      signatureNumber(id),
      new Set(columns.map(({ position }) => position)),
    ]),
  );
}

/** Where a row has no key, its update is a delete and an insert, and the default of mode undo takes back only the one. */
function halvedUpdates(
  { mode, damage, rules }: PlanSettings,
  tables: readonly Table[],
  counts: readonly DifferenceCount[],
): readonly string[] {
  if (mode !== "undo" || damage.includes("insert") === damage.includes("delete")) return [];
  const has = (table: number, wanted: Operation) =>
    counts.some((found) => found.table === table && found.operation === wanted && found.rows > 0);
  return tables.flatMap((table, at) => {
    if (!isBag(table) || !has(at, "insert") || !has(at, "delete")) return [];
    if (rulesFor(table, rules).length > 0) return [];
    return [
      `${table.label} has no key, so a row that the incident updated was deleted and inserted: by default only ` +
        `${damage.includes("delete") ? "the delete is taken back, and the row stands beside what it became" : "the insert is taken back"}, ` +
        "unless a rule or --damage insert,update,delete speaks of both, or keys: names a key",
    ];
  });
}

/** The tables that have any. */
function differencesIn(
  tables: readonly Table[],
  counts: readonly DifferenceCount[],
): readonly { readonly table: string; readonly rows: number }[] {
  const all = tables.map(({ label }, at) => ({
    table: label,
    rows: counts.filter(({ table }) => table === at).reduce((sum, { rows }) => sum + rows, 0),
  }));
  return all.filter(({ rows }) => rows > 0);
}

/** Why the deletes of a table are not replayed on the word of a default (design 2.6). */
function suspicionOf(
  { mode, guard: { massDelete } }: PlanSettings,
  counts: readonly DifferenceCount[],
  table: number,
  rowsCompared: number,
): string | undefined {
  const count = (wanted: Operation) =>
    counts.find((found) => found.table === table && found.operation === wanted)?.rows ?? 0;
  const lost = count("delete");
  const before = rowsCompared - count("insert");
  if (mode !== "replay" || lost <= massDelete.rows || lost <= massDelete.share * before) return undefined;
  return `the table lost ${lost} of its ${before} rows in the window; a rule must say whether that is damage or legitimate`;
}
