import type { Difference } from "../../model/change.js";
import { shapeOf } from "../../model/signature.js";
import type { Key, Operation } from "../../model/value.js";
import { decodeSightings, encodeSightings, type StoredSightings } from "../sightings.js";
import { changedFields, postFrom, storePost } from "./changed-cells.js";
import { cells, integer, longJson, number, present, rowCells, text, word } from "./field.js";
import { type EncodedRecord, encodeRecord, type StoredTable, type Values } from "./stored-table.js";

/** The incident delta, until it is classified. */
export const differenceTable = {
  name: "difference",
  order: "ordinal",
  fields: {
    /** Counts up as rows are appended, over all tables. */
    ordinal: integer,
    table_id: integer,
    operation: present(word<Operation>("operation")),
    key: present(cells),
    pre: rowCells,
    post: rowCells,
    ...changedFields,
    transaction_id: text,
    actor: text,
    tenant: text,
    /** What an update did to which columns; follows from the rest, and is stored to be grouped by. */
    shape: text,
    signature: number,
    seen: longJson<StoredSightings>(),
  },
} satisfies StoredTable;

/** Rows that are in `post` as they were in `pre`, and were something else meanwhile: no part of the delta. */
export const passingTable = { ...differenceTable, name: "passing" } satisfies StoredTable;

export function encodeDifference(ordinal: number, table: number, difference: Difference): EncodedRecord {
  const { key, operation, pre, post, transaction, actor, tenant } = difference;
  return encodeRecord(differenceTable, {
    ordinal,
    table_id: table,
    operation,
    key,
    pre,
    ...storePost(pre, post),
    transaction_id: transaction,
    actor,
    tenant,
    shape: shapeOf(difference),
    signature: difference.signature,
    seen: difference.seen && encodeSightings(difference.seen),
  });
}

export function decodeDifference(stored: Values<typeof differenceTable>): Difference {
  const { key, operation, pre, transaction_id, actor, tenant, signature, seen } = stored;
  const difference: { -readonly [K in keyof Difference]: Difference[K] } = {
    key: key as Key,
    operation,
    pre,
    post: postFrom(pre, stored),
    transaction: transaction_id,
  };
  // Only a change log says so.
  if (actor !== undefined) difference.actor = actor;
  if (tenant !== undefined) difference.tenant = tenant;
  if (signature !== undefined) difference.signature = signature;
  if (seen !== undefined) difference.seen = decodeSightings(seen);
  return difference;
}
