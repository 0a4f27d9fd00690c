import { draftSignatures, type SignatureDraft } from "../../merge/signatures/draft-signatures.js";
import { emptiedTables, type TableChange } from "../../merge/signatures/emptied-tables.js";
import { learnTrace } from "../../merge/signatures/learn-trace.js";
import { isBag } from "../../model/bag.js";
import { type Emptied, type Signature, signatureNumber } from "../../model/signature.js";
import type { ForeignKey, Table } from "../../model/table.js";
import { keepsTransactions } from "../../postgres/transactions.js";
import type { DifferenceCount, PlanStore, SignatureDesk } from "../../store/plan-store.js";
import type { Compared } from "../comparing/compare-all.js";
import type { Work } from "../work.js";
import { keepTimes } from "./commit-times.js";
import { describeSignatures, numberDrafts } from "./describe-signatures.js";

export interface Signed {
  readonly signatures: readonly Signature[];
  readonly warnings: readonly string[];
}

/** Groups told apart; what is beyond goes by table and operation. */
const mostGroups = 5000;
/** Outliers looked at to learn which traces people leave. */
const mostExamples = 200;

/**
 * Between the two questions, where do `pre` and `post` differ and what is to be done about it: what does the
 * difference look like? Puts every difference into one signature, before any rule is asked.
 */
export async function signAll(
  work: Work,
  foreignKeys: readonly ForeignKey[],
  { rowsCompared }: Compared,
): Promise<Signed> {
  const { store, tables, tell, sessions } = work;
  tell({ kind: "step", text: "looking for what the changes have in common" });
  const counts = await store.countDifferences();
  if (counts.length === 0) return { signatures: [], warnings: [] };
  const blind = (await keepsTransactions(sessions, tables)) === false;
  const emptied = emptiedTables(tableChanges(tables, counts, rowsCompared), foreignKeys);
  const desk = await store.signatureDesk(blind);
  try {
    const drafts = await sortAll(desk, tables, emptied);
    const numbers = numberDrafts(drafts, await desk.counts(), tables);
    await desk.number(numbers.byDraft);
    if (!blind) await keepTimes(work);
    const signatures = await describeSignatures(work, drafts, numbers, { emptied, blind });
    return { signatures, warnings: blind ? [blindWarning] : [] };
  } finally {
    desk.close();
  }
}

const blindWarning =
  "transactions tell nothing: the rows of post were loaded anew, not copied with their files; people's changes can only be told from the damage by what they did";

/** A key that was only spelled anew was met as two differences, and turned out to be one (`join-spellings.ts`). */
export async function recounted(
  store: Pick<PlanStore, "signatureTallies">,
  signatures: readonly Signature[],
): Promise<readonly Signature[]> {
  const rows = new Map<number, number>();
  for (const tally of await store.signatureTallies())
    rows.set(tally.signature, (rows.get(tally.signature) ?? 0) + tally.rows);
  return signatures.map((signature) => ({
    ...signature,
    rows: rows.get(signatureNumber(signature.id)) ?? 0,
  }));
}

async function sortAll(
  desk: SignatureDesk,
  tables: readonly Table[],
  emptied: ReadonlyMap<string, Emptied>,
): Promise<readonly SignatureDraft[]> {
  const isEmptied = new Set(tables.flatMap(({ label }, at) => (emptied.has(label) ? [at] : [])));
  const drafts = draftSignatures(tables, await desk.groups(mostGroups), isEmptied);
  await desk.sort({
    of: drafts.flatMap(({ groups }, draft) =>
      groups.map(({ table, operation, shape, written }) => ({ table, operation, shape, written, draft })),
    ),
    otherwise: drafts.flatMap(({ table, operation, groups }, draft) =>
      groups.length === 0 ? [{ table, operation, draft }] : [],
    ),
  });
  await followTraces(desk, drafts);
  return drafts;
}

/**
 * A person's change that was written over since looks as if it were beneath that, like the damage. But people leave
 * traces, and migrations do not.
 */
async function followTraces(desk: SignatureDesk, drafts: readonly SignatureDraft[]): Promise<void> {
  for (const [from, { kind, of, cells }] of drafts.entries()) {
    if (kind !== "overlaid") continue;
    const alike = (other: SignatureDraft) =>
      other.kind === "outliers" && other.of === of && JSON.stringify(other.cells) === JSON.stringify(cells);
    const to = drafts.findIndex(alike);
    if (to === -1) continue;
    const trace = learnTrace(await desk.companions(to, mostExamples));
    if (trace !== undefined) await desk.moveTraced(from, to, trace);
  }
}

function tableChanges(
  tables: readonly Table[],
  counts: readonly DifferenceCount[],
  rowsCompared: Compared["rowsCompared"],
): readonly TableChange[] {
  return tables.flatMap((table, at) => {
    const { label } = table;
    const count = (wanted: DifferenceCount["operation"]) =>
      counts.find(({ table, operation }) => table === at && operation === wanted)?.rows ?? 0;
    const compared = rowsCompared[label];
    if (compared === undefined) return [];
    const [inserted, updated, deleted] = [count("insert"), count("update"), count("delete")];
    // Where rows have no key, one that is gone and one that came may be the same row, updated.
    if (isBag(table) && inserted > 0) return [];
    return [{ label, before: compared - inserted, deleted, updated, inserted }];
  });
}
