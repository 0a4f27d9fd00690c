import { RuleUse } from "../merge/rule-use.js";
import { rulesFor } from "../merge/rules.js";
import { strategiesFor } from "../merge/settle.js";
import { isBag } from "../model/bag.js";
import { InterruptedError, type StrategyError } from "../model/errors.js";
import type { DatabaseIdentity } from "../model/plan.js";
import type { PlanSettings } from "../model/settings.js";
import type { ForeignKey, Table } from "../model/table.js";
import type { Operation } from "../model/value.js";
import { readIdentity } from "../postgres/identity.js";
import type { DifferenceCount } from "../store/plan-store.js";
import { type Bench, judgeCopiesSize, judgeSize } from "./bench.js";
import type { Compared } from "./compare-all.js";
import { decidedInserts } from "./deciding/reuse-decisions.js";
import { joinSpellings, mayBeRespelled } from "./join-spellings.js";
import { judge } from "./judge.js";
import { CopyNumbers } from "./number-copies.js";
import { followAll } from "./rekey/follow-all.js";
import { NewKeys } from "./rekey/new-keys.js";
import type { Work } from "./work.js";

/** Step two: what do we do about it. The snapshot of `current` is taken here, so that it is as short as can be. */
export async function judgeAll(
  work: Work,
  foreignKeys: readonly ForeignKey[],
  { rowsCompared }: Compared,
  warnings: string[],
): Promise<DatabaseIdentity> {
  const { settings, sessions, store, tables, attribution, tell, signal } = work;
  await sessions.current.snapshot();
  const identity = await readIdentity(sessions.current);
  const counts = await store.countDifferences();
  const total = counts.reduce((sum, { rows }) => sum + rows, 0);
  warnings.push(...halvedUpdates(settings, tables, counts));
  const blamed = new Set<string>();
  const ruleUse = new RuleUse(settings.rules);
  const decided = work.earlier === undefined ? new Map() : await decidedInserts(work.earlier);
  const newKeys = new NewKeys({ mode: settings.mode, sessions, tables, foreignKeys });
  const benches = tables.map(
    (table, at): Bench => ({
      ...{ table, tableIndex: at, settings, newKeys, decided, ruleUse, attribution, sessions },
      rules: rulesFor(table, settings.rules),
      strategies: strategiesFor(table, settings.strategies),
      current: sessions.current,
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
    const respelled = mayBeRespelled(bench.table, at, counts);
    for await (const found of store.differences(at, isBag(bench.table) ? judgeCopiesSize : judgeSize)) {
      if (signal?.aborted === true) throw new InterruptedError();
      const differences = respelled ? await joinSpellings(sessions, bench.table, found) : found;
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
  await followAll(work, (at) => benches[at] as Bench, seen);
  warnings.push(...blamed, ...ruleUse.warnings());
  return identity;
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
