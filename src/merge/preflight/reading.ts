import { bytesText } from "../../model/bytes.js";
import type { Finding, WideValue } from "../../model/preflight.js";
import type { DatabaseRole } from "../../model/value.js";
import { type Evidence, rolesOf } from "./evidence.js";
import { nameSome } from "./words.js";

/** What would make a read fail, miss rows, or be too much. */
export function reading(evidence: Evidence): readonly Finding[] {
  const roles = rolesOf(evidence);
  return [
    ...encodings(evidence, roles),
    ...roles.flatMap((role) => rowSecurity(evidence, role)),
    ...roles.flatMap((role) => unlogged(evidence, role)),
    ...wideValues(evidence, roles),
    ...temporaryFiles(evidence, roles),
  ];
}

function encodings({ databases }: Evidence, roles: readonly DatabaseRole[]): readonly Finding[] {
  const names = new Set(roles.map((role) => databases[role].encoding));
  if (names.size === 1) return [];
  const list = roles.map((role) => `${role} ${databases[role].encoding}`).join(", ");
  return [
    {
      level: "warning",
      databases: [],
      subject: "encodings",
      text: `differ (${list}): a character that current cannot hold would stop the patch`,
      hint: "rehearse the patch on a clone of current",
    },
  ];
}

function rowSecurity({ aligned, databases }: Evidence, role: DatabaseRole): readonly Finding[] {
  const facts = databases[role];
  const hidden = aligned.tables.filter(({ label }) => facts.tables.get(label)?.rowSecurity === true);
  if (hidden.length === 0) return [];
  return [
    {
      level: "error",
      databases: [role],
      subject: nameSome(hidden.map(({ label }) => label)),
      text: `row security hides rows from role ${facts.user}: plan would stop there`,
      hint: "connect as a role with BYPASSRLS, or leave them out with --exclude-tables",
    },
  ];
}

function unlogged({ aligned, databases }: Evidence, role: DatabaseRole): readonly Finding[] {
  const { tables, identity } = databases[role];
  const names = aligned.tables.flatMap(({ label }) => (tables.get(label)?.unlogged === true ? [label] : []));
  if (names.length === 0) return [];
  const hint = `leave ${names.length === 1 ? "it" : "them"} out with --exclude-tables, unless you know that the rows are there`;
  const where = { databases: [role], subject: nameSome(names), hint };
  return [
    identity.inRecovery
      ? { level: "error", ...where, text: "unlogged: cannot be read on a standby, plan would stop there" }
      : { level: "warning", ...where, text: "unlogged: empty after a crash, and in a restored copy" },
  ];
}

function wideValue({ role, table, column, bytes, printed }: WideValue & { role: DatabaseRole }): Finding {
  const size = `a value of ${column} has ${bytesText(bytes)}, ${bytesText(printed)} as text`;
  return {
    level: "warning",
    databases: [role],
    subject: table,
    text: `${size}: too long to be read; such rows are compared by digests, and skipped where they would be written`,
    hint: "skipped.jsonl will name them: write them by hand, or leave the table out with --exclude-tables",
  };
}

function wideValues({ rows }: Evidence, roles: readonly DatabaseRole[]): readonly Finding[] {
  const large = roles.flatMap((role) => rows[role].wide.map((value) => ({ role, ...value })));
  const notSearched = [...new Set(roles.flatMap((role) => rows[role].notSearched))];
  return [
    ...large.map(wideValue),
    ...(notSearched.length === 0
      ? []
      : [
          {
            level: "note",
            databases: [],
            subject: nameSome(notSearched),
            text: "not looked through for very large values: time was up",
          } as const,
        ]),
  ];
}

function temporaryFiles({ databases, work }: Evidence, roles: readonly DatabaseRole[]): readonly Finding[] {
  const needed = work.temporaryBytes;
  return roles
    .filter(
      (role) => role !== "current" && needed > (databases[role].temporaryLimit ?? Number.POSITIVE_INFINITY),
    )
    .map((role) => ({
      level: "warning",
      databases: [role],
      text: `a table is sorted by its text key, or by whole rows, which can take ${bytesText(needed)} of temporary files; temp_file_limit is ${bytesText(databases[role].temporaryLimit ?? 0)}`,
      hint: "raise temp_file_limit for this role",
    }));
}
