import type { Catalogs } from "../../merge/align-schemas.js";
import { isBag } from "../../model/bag.js";
import type { Difference } from "../../model/change.js";
import { InterruptedError } from "../../model/errors.js";
import type { CompareMethod, DatabaseIdentity } from "../../model/plan.js";
import type { Table } from "../../model/table.js";
import { readTableSizes } from "../../postgres/catalog/table-sizes.js";
import { readIdentity } from "../../postgres/session/identity.js";
import { namesSignatures } from "../signatures/check-ids.js";
import { type Work, wantedIn } from "../work.js";
import { takeSnapshots } from "./choose-lineage.js";
import { findEqual, type PlacedTable } from "./compare-small.js";
import { type Choice, type ComparedTable, compareTable, digestsAgree } from "./compare-tables.js";
import { giveBackLocks, openReaders, type Readers } from "./open-readers.js";
import { takeTurns } from "./take-turns.js";

export interface Compared {
  readonly pre: DatabaseIdentity;
  readonly post: DatabaseIdentity;
  readonly rowsCompared: Readonly<Record<string, number>>;
  readonly methods: Readonly<Record<string, CompareMethod>>;
  readonly warnings?: readonly string[];
  /** Of the snapshots between, in their order. */
  readonly between?: readonly DatabaseIdentity[] | undefined;
}

/** Several tables at a time, where nobody asked for another number: one waits for the servers while one is compared. */
const defaultJobs = 2;

/** Step one: where do `pre` and `post` differ. `current` is not touched meanwhile. */
export async function compareAll(work: Work, catalogs: Catalogs, forced?: CompareMethod): Promise<Compared> {
  const { sessions, store, tables, settings, only, tell, signal } = work;
  const part = namesSignatures(settings.rules) ? undefined : only;
  const { pre, post, between } = sessions;
  const digests = await digestsAgree({ pre, post, between });
  // Versions and counts of pre and post alone do not tell what came and went between them.
  const isAlone = between.length === 0;
  const wanted = isAlone && (settings.lineage ?? true) && (forced === undefined || forced === "lineage");
  const { lineage, warnings } = await takeSnapshots({ pre, post }, tables, {
    ...{ wanted, always: forced === "lineage" },
  });
  await Promise.all(between.map((session) => session.snapshot()));
  const [[preIs, postIs], inside, sizes] = await Promise.all([
    Promise.all([readIdentity(pre), readIdentity(post)]),
    Promise.all(between.map(readIdentity)),
    pagesOf(sessions, tables),
  ]);
  const identities = { pre: preIs, post: postIs };
  const count = Math.min(settings.jobs ?? defaultJobs, tables.length);
  const { readers, close } = await openReaders(sessions, { settings, count, tell, signal });
  try {
    const progress = tellTotals(work, estimateRows(tables, catalogs));
    const asked = tables.flatMap((table, at) =>
      part === undefined || part.has(table.label) ? [{ table, at, pages: sizes[at] ?? 0 }] : [],
    );
    const mayAsk = isAlone && digests && forced === undefined;
    const equal = mayAsk ? await findEqual(asked, readers) : new Map();
    const compareOne = compareWith(work, { digests, lineage, forced, equal, part, progress });
    const found = await takeTurns(asked, readers, compareOne);
    await store.flushDifferences();
    const byTable = <T>(of: (table: ComparedTable) => T) =>
      Object.fromEntries(
        asked.map(({ table }, order) => [table.label, of(found[order] as ComparedTable)]),
      ) as Record<string, T>;
    return {
      ...identities,
      between: inside,
      rowsCompared: byTable(({ keys }) => keys),
      methods: byTable(({ method }) => method),
      warnings,
    };
  } finally {
    await close();
  }
}

/** In the database where there are more. */
async function pagesOf({ pre, post }: Readers, tables: readonly Table[]): Promise<readonly number[]> {
  const [before = [], after = []] = await Promise.all(
    [pre, post].map((session) => readTableSizes(session, tables)),
  );
  return tables.map((_, at) => Math.max(before[at]?.pages ?? 0, after[at]?.pages ?? 0));
}

interface Comparing extends Choice {
  /** Rows of tables that are known to be equal, by their places. */
  readonly equal: ReadonlyMap<number, number>;
  /** Rows that are wanted; undefined: all. */
  readonly part: Work["only"];
  readonly progress: ReturnType<typeof tellTotals>;
}

function compareWith(work: Work, { digests, lineage, forced, equal, part, progress }: Comparing) {
  const { store, signal } = work;
  return async (
    { table, at, pages }: PlacedTable,
    reader: Readers,
    stopped: () => boolean,
  ): Promise<ComparedTable> => {
    const onCompared = (keys: number) => {
      if (stopped()) throw new InterruptedError();
      progress(at, keys);
    };
    const rows = equal.get(at);
    const isWanted = wantedIn(work, table);
    const wanted = part && (({ key }: Difference) => isWanted(key));
    const apart = [...(work.apart.get(table.label)?.values() ?? [])];
    const appendApart = async () => {
      const differences = apart.flatMap(({ difference }) => difference ?? []).filter(wanted ?? (() => true));
      if (differences.length > 0) await store.appendDifferences(at, differences);
    };
    if (rows !== undefined) {
      await appendApart();
      progress(at, rows + apart.length, true);
      return { keys: rows + apart.length, method: isBag(table) ? "bag" : "digest" };
    }
    onCompared(0);
    const { pre, post, between = [] } = reader;
    const sessions = { pre, post, between };
    const task = { sessions, table, tableIndex: at, pages, store, onCompared, wanted, signal };
    const compared = await compareTable(task, { digests, lineage, forced });
    await appendApart();
    await giveBackLocks(reader);
    const keys = compared.keys + apart.length;
    progress(at, keys, true);
    return { ...compared, keys };
  };
}

function tellTotals(
  { tables, tell }: Work,
  estimates: readonly (number | undefined)[],
): (table: number, keys: number, ended?: boolean) => void {
  const done = tables.map(() => 0);
  const total = estimates.includes(undefined)
    ? undefined
    : estimates.reduce<number>((sum, rows) => sum + (rows ?? 0), 0);
  const toCome = tables.map(({ label }, at) => ({ table: label, rows: estimates[at] }));
  tell({ kind: "tables", phase: "compare", tables: toCome });
  return (at, keys, tableEnded = false) => {
    done[at] = keys;
    tell({
      kind: "rows",
      phase: "compare",
      table: tables[at]?.label ?? "",
      tableNumber: at + 1,
      tables: tables.length,
      done: done.reduce((sum, compared) => sum + compared, 0),
      tableDone: keys,
      tableEnded,
      total,
    });
  };
}

function estimateRows(tables: readonly Table[], catalogs: Catalogs): readonly (number | undefined)[] {
  const estimates = new Map(
    catalogs.post.tables.map((table) => [
      table.label,
      table.estimatedRows ?? catalogs.pre.tables.find((other) => other.label === table.label)?.estimatedRows,
    ]),
  );
  return tables.map((table) => estimates.get(table.label));
}
