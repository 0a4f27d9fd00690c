import { isBag } from "../../model/bag.js";
import { columnNames } from "../../model/table.js";
import { comment, identifier, literal } from "../quote.js";
import { identityExpression, identityOfColumns, printedRow } from "../row-identity.js";
import { overriding, type StagingNames, target } from "./names.js";
import { joinWritten, stagedRows } from "./staging.js";
import type { PatchStep } from "./step.js";

/**
 * Writes staged rows of a table without a key. All copies of one row are written, or none: if there are as many as the
 * plan saw. Which of several copies is deleted makes no difference; they are locked before they are counted, so that
 * none goes meanwhile.
 */
export function writeCopies(step: PatchStep, names: StagingNames): string {
  return step.kind === "insert" ? insertCopies(step, names) : deleteCopies(step, names);
}

function insertCopies(step: PatchStep, names: StagingNames): string {
  const { table, columns } = step;
  return `WITH ${wanted(step, names)}, ${counted(step)}, written AS (
  INSERT INTO ${table.label} AS t (${columnNames(table, columns).map(identifier).join(", ")})${overriding(table)}
  SELECT ${columns.map(names.becomes).join(", ")}
  FROM ${stagedRows(step, names)}
  WHERE ${stagedIdentity(step, names)} IN (
    SELECT w.id FROM wanted AS w LEFT JOIN counted AS c ON c.id = w.id WHERE coalesce(c.copies, 0) = w.expected)
  ORDER BY s.n
  RETURNING ${identityExpression(table, "t")} AS id
)
${markWhole(step, names)}`;
}

function deleteCopies(step: PatchStep, names: StagingNames): string {
  const { table } = step;
  return `WITH ${wanted(step, names)}, found AS MATERIALIZED (
  SELECT t.ctid AS place, t.tableoid AS part, ${identityExpression(table, "t")} AS id
  FROM ${target(table)} AS t
  WHERE ${identityExpression(table, "t")} IN (SELECT w.id FROM wanted AS w)
  FOR UPDATE OF t
), numbered AS (
  SELECT f.place, f.part, f.id, pg_catalog.row_number() OVER (PARTITION BY f.id) AS number, pg_catalog.count(*) OVER (PARTITION BY f.id) AS copies
  FROM found AS f
), chosen AS MATERIALIZED (
  SELECT f.place, f.part, f.id FROM numbered AS f JOIN wanted AS w ON w.id = f.id AND f.copies = w.expected AND f.number <= w.copies
), written AS (
  DELETE FROM ${target(table)} AS t
  USING chosen AS f
  WHERE t.ctid = f.place AND t.tableoid = f.part
  RETURNING f.id
)
${markWhole(step, names)}`;
}

/** The copies that are not as many as the plan wants after the write, in words. */
export function copiesDrift(
  number: number,
  step: PatchStep,
  names: StagingNames,
  candidates: string,
): string {
  const { table, kind } = step;
  const row = printedRow(table, staged(step, names));
  const goal = kind === "insert" ? "w.expected + w.copies" : "w.expected - w.copies";
  return `INSERT INTO pg_temp.pgmend_drift (step, n, "table", operation, key, finding)
WITH ${wanted(step, names)}, ${counted(step)}
SELECT ${number}, s.n, ${literal(comment(table.label))}, ${literal(kind)}, '{}',
  CASE WHEN d.n IS NULL AND coalesce(c.copies, 0) = w.expected
    THEN 'the row was not written as planned; a trigger or rule prevented it, or made another row of it'
    ELSE pg_catalog.format('there are %s copies of %s, expected %s', coalesce(c.copies, 0), pg_catalog.left(${row}, 200),
    CASE WHEN d.n IS NOT NULL THEN ${goal} ELSE w.expected END) END
FROM ${stagedRows(step, names)}${joinWritten(names)} JOIN wanted AS w ON w.id = ${stagedIdentity(step, names)} LEFT JOIN counted AS c ON c.id = w.id
WHERE ${candidates} AND coalesce(c.copies, 0) <> ${goal};\n`;
}

/**
 * No unique index keeps two runs of one patch from both finding that nothing is written yet. This does, and lets
 * everybody else write.
 */
export function lockCopies(steps: readonly Pick<PatchStep, "table">[]): string {
  const labels = [...new Set(steps.flatMap(({ table }) => (isBag(table) ? [table.label] : [])))].sort();
  return labels
    .map(
      (label) => `DO $pgmend$ BEGIN
  PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('pgmend'), pg_catalog.hashtext(${literal(label)}));
END $pgmend$;\n`,
    )
    .join("");
}

/** The different rows that are staged: how many copies of each, and how many the plan saw of it. */
function wanted(step: PatchStep, names: StagingNames): string {
  const expected = step.kind === "insert" ? "pg_catalog.min(s.copy) - 1" : "pg_catalog.max(s.copy)";
  return `wanted AS MATERIALIZED (
  SELECT ${stagedIdentity(step, names)} AS id, pg_catalog.count(*) AS copies, ${expected} AS expected
  FROM ${stagedRows(step, names)} GROUP BY 1
)`;
}

/** How many of them there are. */
function counted({ table }: PatchStep): string {
  return `counted AS (
  SELECT b.id, pg_catalog.count(*) AS copies
  FROM (SELECT ${identityExpression(table, "t")} AS id FROM ${target(table)} AS t OFFSET 0) AS b
  WHERE b.id IN (SELECT w.id FROM wanted AS w) GROUP BY b.id
)`;
}

function markWhole(step: PatchStep, names: StagingNames): string {
  return `INSERT INTO pg_temp.${names.written} (n)
SELECT s.n FROM ${stagedRows(step, names)} WHERE ${stagedIdentity(step, names)} IN (
  SELECT w.id FROM wanted AS w JOIN (SELECT x.id, pg_catalog.count(*) AS copies FROM written AS x GROUP BY x.id) AS x
    ON x.id = w.id AND x.copies = w.copies);\n`;
}

function stagedIdentity(step: PatchStep, names: StagingNames): string {
  return identityOfColumns(step.table, staged(step, names));
}

/** The staged value of the column at a position, as SQL. */
function staged({ kind }: PatchStep, { was, becomes }: StagingNames): (position: number) => string {
  return kind === "insert" ? becomes : was;
}
