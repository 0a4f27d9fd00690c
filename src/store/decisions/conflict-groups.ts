import { drain } from "../file/drain.js";
import type { PlanFile } from "../file/plan-file.js";
import { positionIn, wholeNumber } from "../row-filter.js";
import { partTable } from "../tables/part-table.js";
import { rowTable } from "../tables/row-table.js";
import { decisionTable } from "./decision-table.js";

/** Conflicts that are alike: of one kind, in the same columns, to which the same happened (`conflict-pattern.ts`). */
export interface GroupKey {
  /** Index into the plan's tables. */
  readonly table: number;
  readonly kind: string;
  /** Positions of the conflicting columns; empty when rows as a whole are in conflict. */
  readonly positions: readonly number[];
  readonly pattern: string;
}

export interface GroupCount extends GroupKey {
  readonly rows: number;
  /** By a decision that stands, or by a strategy. */
  readonly decided: number;
}

/** Which conflicts are meant. What is not given does not restrict. */
export interface ConflictSelection {
  readonly table?: number | undefined;
  readonly groups?: readonly GroupKey[] | undefined;
  /** Of the plan; a few thousand at most. */
  readonly positions?: readonly number[] | undefined;
  /** In the key or in a value of any version of the row, in upper or lower case. */
  readonly text?: string | undefined;
  /** Only those that are decided, or only those that are not. */
  readonly decided?: boolean | undefined;
}

/** More groups than these nobody reads; the largest are given. */
export const mostGroups = 10_000;

/**
 * A row that shows the resolution of a decision that was withdrawn since has `wanted`: there it is told what became of
 * it before anybody decided.
 */
const isDecided = "(standing.conflict IS NOT NULL OR (row.resolution IS NOT NULL AND row.wanted IS NULL))";

const conflicts = `${rowTable.name} AS row LEFT JOIN ${decisionTable.name} AS standing ON standing.conflict = row.conflict_id`;

const columnList = "coalesce(array_to_string(row.conflict_columns, ','), '')";
const patternText = "coalesce(row.conflict_pattern, '')";

/** The largest with something open first. One query, whatever the plan's size. */
export async function conflictGroups(file: PlanFile, table?: number): Promise<readonly GroupCount[]> {
  const only = table === undefined ? "" : `AND row.table_id = ${wholeNumber(table)}`;
  const lines = await file.use(async (connection) =>
    (
      await connection.run(`
        SELECT row.table_id::DOUBLE, row.conflict_kind, ${columnList} AS columns, ${patternText} AS pattern,
          count(*)::DOUBLE AS total, (count(*) FILTER (WHERE ${isDecided}))::DOUBLE AS settled
        FROM ${conflicts} WHERE row.conflict_id IS NOT NULL ${only}
        GROUP BY ALL ORDER BY total - settled DESC, total DESC, 1, 2, 3, 4 LIMIT ${mostGroups}`)
    ).getRows(),
  );
  return lines.map(([table_id, kind, columns, pattern, rows, decided]) => ({
    table: table_id as number,
    kind: kind as string,
    positions: columns === "" ? [] : (columns as string).split(",").map(Number),
    pattern: pattern as string,
    rows: rows as number,
    decided: decided as number,
  }));
}

/** Where the selected conflicts stand in the plan, rising: eight bytes each, so that any page of them can be read at once. */
export async function conflictPositions(
  file: PlanFile,
  selection: ConflictSelection,
): Promise<readonly number[]> {
  const { sql, values } = selectionSql(selection);
  return file.use(async (connection) => {
    const result = await connection.stream(
      `SELECT row.position::DOUBLE FROM ${conflicts} WHERE ${sql}`,
      values as string[],
    );
    const found = await drain(result, (chunk) => chunk.getColumnValues(0) as readonly number[]);
    return found.sort((a, b) => a - b);
  });
}

/** The ids of the selected conflicts as a subquery, for whatever changes decisions. */
export function selectedIds(selection: ConflictSelection): {
  readonly sql: string;
  readonly values: readonly string[];
} {
  const { sql, values } = selectionSql(selection);
  return { sql: `SELECT row.conflict_id FROM ${conflicts} WHERE ${sql}`, values };
}

function selectionSql({ table, groups, positions, text, decided }: ConflictSelection) {
  const conditions = ["row.conflict_id IS NOT NULL"];
  const values: string[] = [];
  const parameter = (value: string) => `$${values.push(value)}`;
  if (table !== undefined) conditions.push(`row.table_id = ${wholeNumber(table)}`);
  if (positions !== undefined) conditions.push(positionIn(positions, "row.position"));
  if (decided !== undefined) conditions.push(decided ? isDecided : `NOT ${isDecided}`);
  if (groups !== undefined) conditions.push(inGroups(groups, parameter));
  if (text !== undefined) conditions.push(hasText(inJson(text), parameter));
  return { sql: conditions.join(" AND "), values };
}

function inGroups(groups: readonly GroupKey[], parameter: (value: string) => string): string {
  const list = groups.map(({ table, kind, positions, pattern }) =>
    [table, kind, positions.join(","), pattern].join("\n"),
  );
  return `concat_ws(chr(10), row.table_id, row.conflict_kind, ${columnList}, ${patternText})
    IN (SELECT unnest(from_json(${parameter(JSON.stringify(list))}, '["VARCHAR"]')))`;
}

/** As it stands in the texts of rows, which are JSON. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1).toLowerCase();

/** A part has so many UTF-16 units at least, unless it is the last (`parts.ts`). */
const leastPart = 2000;

/**
 * Long texts are searched part by part, each with as much of the next one as the wanted text may reach into. Of a wanted
 * text that may reach further, the beginning is found like that, and then all of it in the parts from there on.
 */
function hasText(wanted: string, parameter: (value: string) => string): string {
  const whole = parameter(wanted);
  const own = ["key", "pre", "post", "changed_to", "current"].map(
    (column) => `contains(lower(row.${column}), ${whole})`,
  );
  const parts = `SELECT owner, version, part, text FROM ${partTable(rowTable).name} WHERE version IN ('pre', 'post', 'current')`;
  const isShort = wanted.length <= leastPart;
  const beginning = isShort ? wanted : firstUnits(wanted, leastPart);
  const begins = `
    SELECT piece.owner, piece.version, piece.part FROM piece LEFT JOIN
      (SELECT owner, version, part - 1 AS part, left(text, ${[...beginning].length}) AS text FROM piece WHERE part > 0) AS next
      USING (owner, version, part)
    WHERE contains(lower(piece.text || coalesce(next.text, '')), ${isShort ? whole : parameter(beginning)})`;
  const reach = Math.ceil(wanted.length / leastPart);
  const goesOn = `
    SELECT start.owner FROM start JOIN piece
      ON piece.owner = start.owner AND piece.version = start.version AND piece.part BETWEEN start.part AND start.part + ${reach}
    GROUP BY start.owner, start.version, start.part
    HAVING contains(lower(string_agg(piece.text, '' ORDER BY piece.part)), ${whole})`;
  return `(${own.map((condition) => `coalesce(${condition}, false)`).join(" OR ")} OR row.position IN (
    WITH piece AS (${parts}), start AS (${begins})
    ${isShort ? "SELECT owner FROM start" : goesOn}))`;
}

/** Never half a character. */
function firstUnits(text: string, units: number): string {
  const last = text.charCodeAt(units - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? units - 1 : units);
}
