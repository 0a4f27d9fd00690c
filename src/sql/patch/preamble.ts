import { fires, type Trigger } from "../../model/table.js";
import type { Mode } from "../../model/value.js";
import { comment, identifier } from "../quote.js";

/** What the head of a patch tells its reader. All texts may hold hostile names. */
export interface PatchHead {
  readonly direction: "patch" | "rollback";
  readonly planId: string;
  readonly mode: Mode;
  readonly createdAt: string;
  readonly toolVersion: string;
  /** `pre: fleet_pre on 127.0.0.1:5432, PostgreSQL 16.2, as of …` */
  readonly snapshots: readonly string[];
  /** `public.device: 3 inserts, 1 894 updates` */
  readonly contents: readonly string[];
  /** What is not in it, and why. */
  readonly leftOut: readonly string[];
  /** Whose rows it writes; empty where nobody tells tenants apart. */
  readonly tenants?: readonly string[] | undefined;
  /** Where it is not the whole plan: whose part it is (`tenant 4711`), and what to know of that. */
  readonly part?: { readonly of: string; readonly notes: readonly string[] } | undefined;
  /** Triggers that fire, or that are switched off meanwhile. */
  readonly triggers: readonly string[];
  /** Sequences that are moved, or why they are not moved back. */
  readonly sequences: readonly string[];
  /** Columns of which the comments show marks. */
  readonly redacted?: readonly string[] | undefined;
  readonly database: string;
  readonly systemIdentifier: string | undefined;
}

export function* preamble(head: PatchHead): Generator<string> {
  yield headComment(head);
  yield psqlSettings(head);
  yield sessionSettings;
  yield databaseGuard;
  yield driftTable("DROP");
  yield resultTable;
}

function headComment(head: PatchHead): string {
  const lines = [
    title(head),
    `plan ${head.planId}, made ${head.createdAt} by pgmend ${head.toolVersion}, mode ${head.mode}`,
    ...head.snapshots.map((text) => `  ${text}`),
    "",
    "It writes:",
    ...orNothing(head.contents),
    "It leaves out:",
    ...orNothing(head.leftOut),
    ...listed("Tenants:", head.tenants ?? []),
    ...listed("Triggers:", head.triggers),
    ...listed("Sequences:", head.sequences),
    ...listed(
      "Redacted in comments alone; the statements below hold the values, for they write them:",
      head.redacted ?? [],
    ),
    "",
    ...(head.part?.notes ?? []),
    "Run it:  psql -X -v ON_ERROR_STOP=1 -f FILE DATABASE",
    "One transaction. Each row is written only if it still says what the plan saw; if any does not, nothing is",
    "written and all of them are listed. With -v pgmend_drift=skip those rows are left as they are, and listed.",
    "It refuses any database but the one it was made for; for a clone: -v pgmend_database=NAME_OF_THE_CLONE.",
    "A second run changes nothing.",
  ];
  return lines.map((line) => `${`-- ${comment(line)}`.trimEnd()}\n`).join("");
}

function title({ direction, mode, part }: PatchHead): string {
  const of = part === undefined ? "" : ` of ${part.of}`;
  if (direction === "rollback" && part !== undefined)
    return `pgmend rollback${of}: takes back what the patch.sql beside it did, guarded the same way`;
  if (direction === "rollback")
    return "pgmend rollback: the exact inverse of patch.sql, guarded the same way";
  return `pgmend patch${of}: ${mode === "undo" ? "takes back what the incident did" : "puts the lost window back"}`;
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((text) => `  ${text}`)];
}

function orNothing(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ["  nothing"] : lines.map((text) => `  ${text}`);
}

/** psql's own commands all stand here, one a line; everything below is plain SQL. */
function psqlSettings({ database, systemIdentifier }: PatchHead): string {
  const expected = systemIdentifier === undefined ? database : `${database}@${systemIdentifier}`;
  return `
\\set ON_ERROR_STOP on
\\set QUIET on
\\pset pager off
\\pset footer off
\\if :{?pgmend_database}
\\else
\\set pgmend_database ${psqlLiteral(expected)}
\\endif
\\if :{?pgmend_drift}
\\else
\\set pgmend_drift 'strict'
\\endif

BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL pgmend.database = :'pgmend_database';
SET LOCAL pgmend.drift = :'pgmend_drift';
`;
}

/** psql reads backslash escapes inside the single quotes of its own commands. */
function psqlLiteral(text: string): string {
  return `'${comment(text).replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/**
 * Only what decides how values are read. The search path and the time zone stay as the database has them: triggers
 * of the application fire here, and rely on both.
 */
export const writingSettings: readonly string[] = [
  "client_encoding = 'UTF8'",
  "standard_conforming_strings = on",
  "datestyle = 'ISO, YMD'",
  "intervalstyle = 'postgres'",
  "extra_float_digits = 3",
  "bytea_output = 'hex'",
  "xmloption = content",
  "array_nulls = on",
  "transform_null_equals = off",
  "quote_all_identifiers = off",
  "lc_monetary = 'C'",
  "row_security = off",
];

const sessionSettings = `${writingSettings.map((setting) => `SET LOCAL ${setting};\n`).join("")}SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = '10s';
SET LOCAL client_min_messages = notice;

`;

const databaseGuard = `DO $pgmend$
DECLARE
  expected text := pg_catalog.current_setting('pgmend.database');
  here text := pg_catalog.current_database();
  system text := '';
BEGIN
  IF pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute') THEN
    system := (SELECT system_identifier FROM pg_catalog.pg_control_system());
  END IF;
  IF expected <> here AND expected <> here || '@' || system THEN
    RAISE EXCEPTION 'pgmend: this patch was made for database %, and this is %', expected, here || '@' || system
      USING HINT = 'Nothing was written. To run it on a clone on purpose: psql -v pgmend_database=' || here;
  END IF;
  IF pg_catalog.current_setting('pgmend.drift') NOT IN ('strict', 'skip') THEN
    RAISE EXCEPTION 'pgmend: pgmend_drift is "%", expected strict or skip', pg_catalog.current_setting('pgmend.drift');
  END IF;
END $pgmend$;

`;

/** Where rows that are not as planned are collected. */
export function driftTable(onCommit: "DROP" | "DELETE ROWS"): string {
  return `CREATE TEMP TABLE pgmend_drift (step int, n bigint, "table" text, operation text, key text, finding text) ON COMMIT ${onCommit};\n`;
}

const resultTable = `CREATE TEMP TABLE pgmend_result (step int, "table" text, operation text, planned bigint, written bigint) ON COMMIT DROP;
`;

/**
 * The switch of user triggers and rewrite rules, with the lock it takes; restored by name to what each was. What is done to a table is
 * done to the copies on its partitions, so those that were otherwise come after it.
 */
export function triggerSwitch(triggers: readonly Trigger[], on: boolean): string {
  const statements = triggers.map(({ table, partition, isRule, name, enabled }) => {
    const what = isRule === true ? "RULE" : "TRIGGER";
    const verb = on ? switched[enabled] : fires({ enabled }) ? "DISABLE" : undefined;
    return verb === undefined
      ? ""
      : `ALTER TABLE ${partition ?? table} ${verb} ${what} ${identifier(name)};\n`;
  });
  return statements.join("");
}

const switched: Readonly<Record<string, string>> = {
  O: "ENABLE",
  A: "ENABLE ALWAYS",
  R: "ENABLE REPLICA",
  D: "DISABLE",
};
