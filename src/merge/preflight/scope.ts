import { isBag } from "../../model/bag.js";
import type { Finding } from "../../model/preflight.js";
import { columnNames, type LeftOut } from "../../model/table.js";
import { suggestRenames } from "../draft/renames.js";
import type { Evidence } from "./evidence.js";
import { count, nameSome } from "./words.js";

/** What is compared, what is left out and why. */
export function scope(evidence: Evidence): readonly Finding[] {
  const { aligned, databases, settings } = evidence;
  const open = aligned.leftOut.filter((entry) => entry.open);
  return [
    ...(aligned.tables.length === 0 ? [nothingToCompare] : []),
    ...byReason(open).map(openFinding),
    ...byReason(aligned.leftOut.filter((entry) => !entry.open)).map(closedFinding),
    ...renamed(evidence),
    ...bags(evidence),
    ...largeObjects(databases.current.largeObjects),
    ...(settings.mode === "undo" && settings.rules.length === 0 ? [noRule] : []),
    ...evidence.idle.map((text): Finding => ({ level: "warning", databases: [], subject: "settings", text })),
    ...tenants(evidence),
    touch(evidence),
  ];
}

const nothingToCompare: Finding = {
  level: "error",
  databases: [],
  subject: "tables",
  text: "there is nothing to compare",
  hint: "check the databases that the URLs name, --tables and --exclude-tables",
};

const noRule: Finding = {
  level: "warning",
  databases: [],
  subject: "rules",
  text: "no rule says what is damage: people's own updates and deletes between pre and post would be undone, too",
  hint: "write rules: in pgmend.yaml (pgmend init makes one), or accept that",
};

/** Many tables share one reason; told once, with their names. */
function byReason(leftOut: readonly LeftOut[]): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const { what, table } of leftOut) groups.set(what, [...(groups.get(what) ?? []), table]);
  return [...groups];
}

function openFinding([reason, tables]: readonly [string, readonly string[]]): Finding {
  const isColumn = reason.startsWith("column ");
  return {
    level: "warning",
    databases: [],
    subject: nameSome(tables),
    text:
      isColumn && !reason.includes("same type") ? `${reason}: it is not merged` : `not compared: ${reason}`,
    hint: "until that is settled, or left out with --exclude-tables, a plan stays open (exit code 3)",
    open: true,
  };
}

function renamed({ aligned, catalogs }: Evidence): readonly Finding[] {
  // Of what the user left out, nobody needs to know.
  const open = new Set(aligned.leftOut.flatMap(({ table, open }) => (open ? [table] : [])));
  return suggestRenames(catalogs)
    .filter(({ table }) => open.has(table))
    .map((entry): Finding => {
      const { table, column, ...names } = entry;
      const called = Object.entries(names).map(([role, name]) => `${name} in ${role}`);
      const what = column === undefined ? "a table" : `column ${column}`;
      return {
        level: "note",
        databases: [],
        subject: table,
        text: `${what} that looks renamed: it may be ${called.join(" and ")}`,
        hint: `if so, say it under renames: in the config: - ${JSON.stringify(entry)}`,
      };
    });
}

function closedFinding([reason, tables]: readonly [string, readonly string[]]): Finding {
  const matview = reason.includes("materialized view");
  return {
    level: "note",
    databases: [],
    subject: tables.length === 1 ? (tables[0] as string) : count(tables.length, "table"),
    text: tables.length === 1 ? reason : `${reason}: ${nameSome(tables)}`,
    hint: matview ? "REFRESH MATERIALIZED VIEW once the patch is in" : undefined,
  };
}

function bags({ aligned }: Evidence): readonly Finding[] {
  const names = aligned.tables.filter(isBag).map(({ label }) => label);
  if (names.length === 0) return [];
  return [
    {
      level: "note",
      databases: [],
      subject: nameSome(names),
      text: "no key: whole rows are compared and counted, which sorts the table; an update is a delete and an insert",
      hint: "columns that tell its rows apart can be named under keys: in the config",
    },
  ];
}

function largeObjects(number: number): readonly Finding[] {
  if (number === 0) return [];
  return [
    {
      level: "note",
      databases: [],
      subject: "large objects",
      text: `${number} in current; they are not compared`,
    },
  ];
}

function tenants({ aligned, tenant }: Evidence): readonly Finding[] {
  if (tenant === undefined) return [];
  const lost = aligned.tables.filter(({ label }) => !tenant.ways.has(label)).map(({ label }) => label);
  const subject = "tenants";
  if (lost.length === 0) {
    const text = `every table leads to its tenant (${tenant.settings.column})`;
    return [{ level: "ok", databases: [], subject, text }];
  }
  const text = `no foreign key leads from ${nameSome(lost)} to a table with ${tenant.settings.column}: their rows belong to no tenant`;
  return [
    {
      level: "note",
      databases: [],
      subject,
      text,
      hint: "give a way under tenant: { path: … } if there is one",
    },
  ];
}

function touch({ aligned }: Evidence): Finding {
  const named = aligned.tables.flatMap((table) =>
    table.touch.length === 0 ? [] : [`${table.label}.${columnNames(table, table.touch).join(", ")}`],
  );
  if (named.length > 0) {
    return {
      level: "ok",
      databases: [],
      subject: "touch columns",
      text: `never conflict by themselves: ${nameSome(named)}`,
    };
  }
  return {
    level: "note",
    databases: [],
    subject: "touch columns",
    text: "none was found (updated_at and its like): every row that was saved since is a conflict",
    hint: "where such a column has another name, list it under touch: { columns: [...] } in the config",
  };
}
