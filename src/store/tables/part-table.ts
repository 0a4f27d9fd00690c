import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import { PlanError } from "../../model/errors.js";
import { drain } from "../file/drain.js";
import { fragment, integer, present, word } from "./field.js";
import { encodeRecord, type Part, type Printed, type StoredTable } from "./stored-table.js";

/** Parts of one text fetched at a time: a text may be as large as all that should be in memory. */
const partsAtOnce = 1000;

/** Columns of rows, in which texts may be long. */
export const rowVersions = ["pre", "post", "current", "after", "rekeyed"] as const;
/** All columns in which they may be. */
export const longColumns = [...rowVersions, "wanted", "seen"] as const;
type LongColumn = (typeof longColumns)[number];

const fields = {
  /** The number, in the ordering column, of the record whose text this is. */
  owner: integer,
  version: present(word<LongColumn>("row_version")),
  part: integer,
  text: fragment,
};

/** Where the long texts of a table are: see `parts.ts`. */
export const partTable = ({ name }: StoredTable) =>
  ({ name: `${name}_part`, order: "owner", fields }) satisfies StoredTable;

export const encodePart = (table: StoredTable, { owner, column, part, text }: Part): string =>
  encodeRecord(partTable(table), { owner, version: column as LongColumn, part, text }).line;

/** A text of which the record has only the number of parts. */
interface LongText {
  readonly record: Printed;
  readonly at: number;
  readonly id: string;
  readonly owner: number;
  readonly parts: number;
}

/**
 * Puts long texts back where they belong, in the records themselves.
 * @throws PlanError when parts are missing
 */
export async function fillInLongTexts(
  connection: DuckDBConnection,
  table: StoredTable,
  records: readonly Printed[],
): Promise<void> {
  const texts = longTexts(table, records);
  if (texts.length === 0) return;
  const found = await fetchParts(connection, table, texts);
  for (const { record, at, id, parts } of texts) {
    const pieces = found.get(id) ?? [];
    if (pieces.length !== parts || pieces.includes(undefined)) {
      throw new PlanError("the plan is broken: a part of a row is missing", {
        hint: "run `pgmend plan` again",
      });
    }
    record[at] = JSON.parse(pieces.join(""));
  }
}

function longTexts(table: StoredTable, records: readonly Printed[]): readonly LongText[] {
  const columns = Object.entries(table.fields).flatMap(([column, { inParts }], at) =>
    inParts === true ? [{ column, at }] : [],
  );
  return records.flatMap((record) =>
    columns.flatMap(({ column, at }) => {
      const parts = record[at];
      if (typeof parts !== "number") return [];
      const owner = record[0] as number;
      return [{ record, at, id: textId(owner, column), owner, parts }];
    }),
  );
}

const textId = (owner: number, version: string): string => `${owner} ${version}`;

/** The parts of each text, at their places. */
async function fetchParts(
  connection: DuckDBConnection,
  table: StoredTable,
  texts: readonly LongText[],
): Promise<ReadonlyMap<string, readonly (string | undefined)[]>> {
  const owners = [...new Set(texts.map(({ owner }) => owner))].sort((a, b) => a - b);
  const longest = texts.reduce((most, text) => Math.max(most, text.parts), 0);
  const found = new Map<string, (string | undefined)[]>();
  for (let from = 0; from < longest; from += partsAtOnce) {
    const sql = partsSql(partTable(table).name, owners, from);
    for (const [owner, version, part, text] of await drain(await connection.stream(sql), partsIn)) {
      const id = textId(owner, version);
      const pieces = found.get(id) ?? [];
      // Behind the colon: the client's decoder would take U+FEFF at the front for a byte order mark, and drop it.
      pieces[part] = text.slice(1);
      found.set(id, pieces);
    }
  }
  return found;
}

const partsIn = (chunk: DuckDBDataChunk) => chunk.getRows() as [number, string, number, string][];

/** The range says no more than the list, but DuckDB leaves the texts of all others alone for it. */
const partsSql = (table: string, owners: readonly number[], from: number): string => `
  SELECT owner::DOUBLE, version, part::DOUBLE, ':' || text FROM ${table}
  WHERE owner >= ${owners.at(0)} AND owner <= ${owners.at(-1)} AND owner IN (${owners.join(", ")})
    AND part >= ${from} AND part < ${from + partsAtOnce}`;
