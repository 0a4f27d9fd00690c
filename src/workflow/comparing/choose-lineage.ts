import type { Ancestry, Evidence, Versions } from "../../model/lineage.js";
import type { Table } from "../../model/table.js";
import { countTablePages, holdTables, readEvidence } from "../../postgres/lineage/evidence.js";
import { byPlace, lookUpVersions, sampleVersions } from "../../postgres/lineage/read-versions.js";
import type { Session } from "../../postgres/session/session.js";
import type { Readers } from "./open-readers.js";
import { findAncestry, noProof } from "./prove-lineage.js";

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

interface SizedTable {
  readonly table: Table;
  /** Of the side that has more. */
  readonly pages: number;
}

export interface ChosenLineage {
  /** Undefined: nothing is proven. */
  readonly lineage?: Lineage | undefined;
  readonly warnings: readonly string[];
}

const unproven: ChosenLineage = { warnings: [] };

/**
 * Takes the snapshots of both sides, and says which tables can be compared by their row versions. Without proof, none:
 * what cannot be asked, be it for want of a right, proves nothing.
 *
 * @param always even where it does not pay
 * @throws QueryError where no snapshot can be had
 */
export async function takeSnapshots(
  readers: Readers,
  tables: readonly Table[],
  { wanted, always }: { readonly wanted: boolean; readonly always: boolean },
): Promise<ChosenLineage> {
  const sessions = [readers.pre, readers.post];
  const found = wanted ? await findLineage(readers, tables, always).catch(noProof) : undefined;
  if (found !== undefined) return found;
  await Promise.all(sessions.map((session) => session.release()));
  await Promise.all(sessions.map((session) => session.snapshot()));
  return unproven;
}

/** Undefined: nothing is proven, and the snapshots are not those that are wanted. */
async function findLineage(
  { pre, post }: Readers,
  tables: readonly Table[],
  always: boolean,
): Promise<ChosenLineage | undefined> {
  const { ancestry } = await findAncestry({ pre, post });
  if (ancestry === undefined) return undefined;
  const chosen = await chooseTables([pre, post], tables, always);
  if (chosen.length === 0) return undefined;
  await holdBoth([pre, post], chosen);
  const proven = await findProven([pre, post], chosen, ancestry);
  const sparse: string[] = [];
  return post.planning(byPlace, async () => {
    for (const sized of proven) {
      const { contradiction, differing } = await crossCheck({ pre, post }, sized, ancestry);
      if (contradiction !== undefined) return { warnings: [contradicted(sized.table, contradiction)] };
      if (always || differing <= mostDiffering) sparse.push(sized.table.label);
    }
    return { lineage: { ancestry, tables: new Set(sparse) }, warnings: [] };
  });
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
): Promise<readonly SizedTable[]> {
  // What has another name in one of them, or rows that must not be read, is left to the other ways.
  const able = tables.filter(
    ({ partitioned, keySource, elsewhere, apart }) =>
      !partitioned &&
      elsewhere === undefined &&
      apart === undefined &&
      ["primary key", "unique index"].includes(keySource),
  );
  const [before, after] = await Promise.all([countTablePages(pre, able), countTablePages(post, able)]);
  const sized = able.map((table, at) => ({ table, pages: Math.max(before[at] ?? 0, after[at] ?? 0) }));
  return sized
    .filter(({ pages }) => always || pages >= fewPages)
    .sort((a, b) => b.pages - a.pages)
    .slice(0, mostTables);
}

/** The tables first, then the snapshot: what it sees of the catalog then stays true. Fails where somebody changes one. */
async function holdBoth(sessions: readonly Session[], sized: readonly SizedTable[]): Promise<void> {
  const tables = sized.map(({ table }) => table);
  const hold = async (session: Session) => {
    await session.snapshot();
    await holdTables(session, tables);
  };
  // Both are to be done before anybody gives up.
  const held = await Promise.allSettled(sessions.map(hold));
  for (const result of held) if (result.status === "rejected") throw result.reason;
}

async function findProven(
  [pre, post]: readonly [Session, Session],
  sized: readonly SizedTable[],
  ancestry: Ancestry,
): Promise<readonly SizedTable[]> {
  const tables = sized.map(({ table }) => table);
  const [before, after] = await Promise.all([
    readEvidence(pre, tables, ancestry),
    readEvidence(post, tables, ancestry),
  ]);
  return sized.filter(({ table: { label } }) => agree(before.get(label), after.get(label)));
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
async function crossCheck(
  { pre, post }: Readers,
  { table, pages }: SizedTable,
  ancestry: Ancestry,
): Promise<Checked> {
  const of = (side: Versions["side"]): Versions => ({ table, side, ...ancestry });
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
