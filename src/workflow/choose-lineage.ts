import type { Ancestry, Evidence, Versions } from "../model/lineage.js";
import type { Table } from "../model/table.js";
import { countTablePages, holdTables, readEvidence } from "../postgres/evidence.js";
import { lookUpVersions, sampleVersions } from "../postgres/read-versions.js";
import type { Session } from "../postgres/session.js";
import type { Readers } from "./open-readers.js";
import { findAncestry } from "./prove-lineage.js";

/** Smaller tables are read at once: proving takes as long. */
const fewPages = 64;
/** Each is held for as long as the snapshot lasts, and a server has room for so many locks only. */
const mostTables = 256;
/** Rows of so many pages, and no more, are compared by value, to contradict the proof. */
const sampledPages = 8;
const mostSampled = 500;
/** Of the rows: where more differ, all are read. */
const mostDiffering = 0.3;

/** Tables whose rows are the same where their versions are. */
export interface Lineage {
  readonly ancestry: Ancestry;
  /** By label. */
  readonly tables: ReadonlySet<string>;
}

export interface ChosenLineage {
  /** Undefined: nothing is proven. */
  readonly lineage?: Lineage | undefined;
  readonly warnings: readonly string[];
}

/**
 * Takes the snapshots of both sides, and says which tables can be compared by their row versions. Without proof, none.
 *
 * @param always even where it does not pay
 * @throws QueryError
 */
export async function takeSnapshots(
  { pre, post }: Readers,
  tables: readonly Table[],
  { wanted, always }: { readonly wanted: boolean; readonly always: boolean },
): Promise<ChosenLineage> {
  const { ancestry } = wanted ? await findAncestry({ pre, post }) : { ancestry: undefined };
  const chosen = ancestry === undefined ? [] : await chooseTables([pre, post], tables, always);
  if (ancestry === undefined || chosen.length === 0 || !(await holdBoth([pre, post], chosen))) {
    await Promise.all([pre.snapshot(), post.snapshot()]);
    return { warnings: [] };
  }
  const proven = await findProven([pre, post], chosen, ancestry);
  const sparse: string[] = [];
  for (const table of proven) {
    const { contradiction, differing } = await crossCheck({ pre, post }, table, ancestry);
    if (contradiction !== undefined) return { warnings: [contradicted(table, contradiction)] };
    if (always || differing <= mostDiffering) sparse.push(table.label);
  }
  return { lineage: { ancestry, tables: new Set(sparse) }, warnings: [] };
}

function contradicted({ label }: Table, place: string): string {
  return (
    `${label}: a row (${place}) is of one version in pre and post, and does not say the same: all tables are ` +
    "compared by value; somebody may have changed files of the server, or reset its counters"
  );
}

/** Rows can be named by their versions only where each is of one file, and keys tell them apart. */
async function chooseTables(
  [pre, post]: readonly [Session, Session],
  tables: readonly Table[],
  always: boolean,
): Promise<readonly Table[]> {
  const able = tables.filter(
    ({ partitioned, keySource }) => !partitioned && ["primary key", "unique index"].includes(keySource),
  );
  const [before, after] = await Promise.all([countTablePages(pre, able), countTablePages(post, able)]);
  const sized = able.map((table, at) => ({ table, pages: Math.max(before[at] ?? 0, after[at] ?? 0) }));
  return sized
    .filter(({ pages }) => always || pages >= fewPages)
    .sort((a, b) => b.pages - a.pages)
    .slice(0, mostTables)
    .map(({ table }) => table);
}

/** The tables first, then the snapshot: what it sees of the catalog then stays true. Not where somebody is at work on one. */
async function holdBoth(sessions: readonly Session[], tables: readonly Table[]): Promise<boolean> {
  const hold = async (session: Session) => {
    await session.snapshot();
    await holdTables(session, tables);
  };
  const held = await Promise.allSettled(sessions.map(hold));
  if (held.every(({ status }) => status === "fulfilled")) return true;
  await Promise.all(sessions.map((session) => session.release()));
  return false;
}

async function findProven(
  [pre, post]: readonly [Session, Session],
  tables: readonly Table[],
  ancestry: Ancestry,
): Promise<readonly Table[]> {
  const [before, after] = await Promise.all([
    readEvidence(pre, tables, ancestry),
    readEvidence(post, tables, ancestry),
  ]);
  return tables.filter(({ label }) => agree(before.get(label), after.get(label)));
}

/** One index that both have is enough: a rewrite of the table makes all of them anew. */
function agree(pre: Evidence | undefined, post: Evidence | undefined): boolean {
  if (pre === undefined || post === undefined) return false;
  if (pre.obstacle !== undefined || post.obstacle !== undefined || pre.shape !== post.shape) return false;
  return pre.witnesses.some((witness) => post.witnesses.includes(witness));
}

interface Checked {
  /** Place of a row that contradicts the proof. */
  readonly contradiction?: string | undefined;
  /** Share of the sampled rows that are not of one version on both sides. */
  readonly differing: number;
}

/** No proof is better than what it was made of: some rows of one version are held against each other by value. */
async function crossCheck({ pre, post }: Readers, table: Table, ancestry: Ancestry): Promise<Checked> {
  const of = (side: Versions["side"]): Versions => ({ table, side, ...ancestry });
  const [pages = 0] = await countTablePages(pre, [table]);
  const rows = await sampleVersions(pre, of("pre"), (100 * sampledPages) / Math.max(1, pages), mostSampled);
  const others = await lookUpVersions(
    post,
    of("post"),
    rows.map(({ place }) => place),
  );
  const byPlace = new Map(others.map((row) => [row.place, row]));
  let differing = 0;
  for (const { place, version, values } of rows) {
    const other = byPlace.get(place);
    if (other === undefined || other.version !== version) differing += 1;
    else if (values.some((value, at) => value !== other.values[at]))
      return { contradiction: place, differing };
  }
  return { differing: differing / Math.max(1, rows.length) };
}
