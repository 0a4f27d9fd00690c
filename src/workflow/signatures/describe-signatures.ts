import type { SignatureDraft } from "../../merge/signatures/draft-signatures.js";
import { isBag } from "../../model/bag.js";
import type { Emptied, ShapeCell, Signature, SignatureColumn, Transition } from "../../model/signature.js";
import { columnAt, columnNames, type Table } from "../../model/table.js";
import type { SignatureFacts } from "../../store/plan-store.js";
import type { Work } from "../work.js";

export interface Numbers {
  /** Of the signature, from 1, by the place of the draft; a draft without rows has none. */
  readonly byDraft: ReadonlyMap<number, number>;
  readonly rows: ReadonlyMap<number, number>;
}

/**
 * The signature with most rows is S1. Of equal ones the first table by name, then by operation, columns and kind: the
 * same for the same data, in whatever order it was read.
 */
export function numberDrafts(
  drafts: readonly SignatureDraft[],
  rows: ReadonlyMap<number, number>,
  tables: readonly Table[],
): Numbers {
  const nameOf = ({ table, operation, cells, kind }: SignatureDraft) =>
    JSON.stringify([tables[table]?.label, operation, cells, kind]);
  const ranked = drafts
    .map((draft, at) => ({ at, rows: rows.get(at) ?? 0, name: nameOf(draft) }))
    .filter((draft) => draft.rows > 0)
    .sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.at - b.at));
  return { byDraft: new Map(ranked.map(({ at }, order) => [at, order + 1])), rows };
}

export interface About {
  readonly emptied: ReadonlyMap<string, Emptied>;
  readonly blind: boolean;
}

/** Of numbered differences, all that a person wants to know of each signature; largest first. */
export async function describeSignatures(
  { store, tables }: Pick<Work, "store" | "tables">,
  drafts: readonly SignatureDraft[],
  { byDraft, rows }: Numbers,
  { emptied, blind }: About,
): Promise<readonly Signature[]> {
  const facts = store.signatureFacts(blind);
  const [keys, transactions] = [await facts.keys(), await facts.transactions()];
  const signatures: Signature[] = [];
  for (const [at, number] of byDraft) {
    const draft = drafts[at] as SignatureDraft;
    const table = tables[draft.table] as Table;
    const of = draft.of === undefined ? undefined : byDraft.get(draft.of);
    signatures.push({
      id: `S${number}`,
      kind: draft.kind,
      table: draft.table,
      operation: draft.operation,
      rows: rows.get(at) ?? 0,
      columns: await describeCells(facts, number, draft.cells, table),
      beside: columnNames(table, draft.beside),
      masks: draft.masks,
      ...(of === undefined ? {} : { of: `S${of}` }),
      ...(draft.operation === "delete" ? {} : { transactions: transactions.get(number) }),
      keys: isBag(table) ? [] : (keys.get(number) ?? []),
      ...(draft.kind === "emptied" ? { emptied: emptied.get(table.label) } : {}),
    });
  }
  return signatures;
}

async function describeCells(
  facts: SignatureFacts,
  signature: number,
  cells: readonly ShapeCell[],
  table: Table,
): Promise<readonly SignatureColumn[]> {
  const withValue = cells.filter(({ letter }) => letter !== "n").map(({ position }) => position);
  const values = await facts.constants(signature, withValue);
  return cells.map(({ position, letter }) => {
    const value = letter === "n" ? undefined : values.get(position);
    const column = columnAt(table, position).name;
    const transition = transitionOf(letter, value);
    return { column, position, transition, ...(value === undefined ? {} : { value }) };
  });
}

function transitionOf(letter: ShapeCell["letter"], value: string | undefined): Transition {
  if (letter === "n") return "to-null";
  if (letter === "f") return "from-null";
  return value === undefined ? "other" : "constant";
}
