import type { Difference } from "../../model/change.js";
import { QueryError } from "../../model/errors.js";
import type { LogProblem } from "../../model/post-log.js";
import type { ForeignKey, Table } from "../../model/table.js";
import type { Row, Value } from "../../model/value.js";
import { valuesKey } from "../../model/values-key.js";
import { findParents } from "../../postgres/constraint-facts.js";
import { positionsOf } from "../constraints/planned-writes.js";
import type { Work } from "../work.js";

/** Of more rows than this, the log is not one that goes on from this `pre`. */
const mostOrphans = 100_000;

/** References looked up at a time. */
const chunkSize = 20_000;

/** Rows, named by `rowName`, that are not replayed. */
export type Orphans = ReadonlySet<string>;

export function rowName(table: number, key: readonly string[]): string {
  return `${table} ${valuesKey(key)}`;
}

/**
 * Rows that the log wrote, and that refer to one which neither `pre` nor the log has: an action is missing. In `current`
 * their key may have been given to something else since, and what refers to them must not end up there. What refers to
 * an orphan is one, too.
 *
 * @throws QueryError where there are very many
 */
export async function findOrphans(work: Work, foreignKeys: readonly ForeignKey[]): Promise<Orphans> {
  const { tables, store } = work;
  const orphans = new Set<string>();
  for (let before = -1; before < orphans.size; ) {
    before = orphans.size;
    // What a period refers to is no one row; constraints look after it.
    for (const foreignKey of foreignKeys.filter(({ period }) => period !== true)) {
      const child = tables.findIndex(({ label }) => label === foreignKey.table);
      const parent = tables.findIndex(({ label }) => label === foreignKey.parent);
      const own = positionsOf(tables[child], foreignKey.columns);
      const theirs = positionsOf(tables[parent], foreignKey.parentColumns);
      if (own === undefined || theirs === undefined) continue;
      const search: Search = { work, foreignKey, child, parent, own, theirs, orphans };
      let references: Reference[] = [];
      for await (const differences of store.differences(child)) {
        references.push(...differences.flatMap((difference) => newReference(difference, own)));
        if (references.length < chunkSize) continue;
        await check(search, references);
        references = [];
      }
      await check(search, references);
    }
  }
  return orphans;
}

interface Search {
  readonly work: Work;
  readonly foreignKey: ForeignKey;
  readonly child: number;
  readonly parent: number;
  readonly own: readonly number[];
  readonly theirs: readonly number[];
  readonly orphans: Set<string>;
}

interface Reference {
  readonly difference: Difference;
  readonly values: readonly Value[];
}

/** What the log made it refer to; what it referred to before is `pre`'s own affair. */
function newReference(difference: Difference, own: readonly number[]): readonly Reference[] {
  const { pre, post } = difference;
  if (post === undefined || own.every((at) => pre?.[at] === post[at])) return [];
  const values = own.map((at) => post[at] ?? null);
  return values.includes(null) ? [] : [{ difference, values }];
}

async function check(search: Search, references: readonly Reference[]): Promise<void> {
  const { work, foreignKey, child, orphans } = search;
  const fresh = references.filter(({ difference }) => !orphans.has(rowName(child, difference.key)));
  const lacking = new Map(fresh.map(({ values }) => [valuesKey(values), values]));
  if (lacking.size === 0) return;
  const asked = [...lacking.values()];
  const [table, parent] = [work.tables[child] as Table, work.tables[search.parent] as Table];
  for (const { row } of await findParents(work.sessions.pre, table, foreignKey, parent, asked))
    lacking.delete(valuesKey(asked[row] ?? []));
  if (lacking.size > 0) await withoutLogged(search, lacking);
  const found = fresh.filter(({ values }) => lacking.has(valuesKey(values)));
  for (const { difference } of found) orphans.add(rowName(child, difference.key));
  if (orphans.size > mostOrphans) throw tooMany(work);
  await work.store.log.appendProblems(found.map((reference) => problemOf(search, reference)));
}

/** Takes out what the log itself brings. */
async function withoutLogged({ work, parent, theirs, orphans }: Search, lacking: Map<string, unknown>) {
  const named = (row: Row) => valuesKey(theirs.map((at) => row[at]));
  for await (const differences of work.store.differences(parent)) {
    for (const { key, post } of differences)
      if (post !== undefined && !orphans.has(rowName(parent, key))) lacking.delete(named(post));
  }
}

function problemOf({ child, foreignKey }: Search, { difference, values }: Reference): LogProblem {
  const { key, operation, actor, tenant } = difference;
  const columns = foreignKey.columns.map((name, at) => [name, { log: values[at] ?? null, found: null }]);
  return {
    kind: "orphan",
    action: { table: child, key, operation, actor, tenant },
    columns: Object.fromEntries(columns),
  };
}

function tooMany({ settings }: Work): QueryError {
  const name = settings.postLog?.name ?? "the log";
  return new QueryError(
    `${name}: more than ${mostOrphans} of its rows refer to rows that neither pre nor the log has`,
    {
      hint: "the log does not go on from this snapshot, or much of it is missing: check which pre it belongs to",
    },
  );
}
