import type { Finding, TableFacts } from "../../model/preflight.js";
import { fires } from "../../model/table.js";
import type { Evidence } from "./evidence.js";
import { count, nameSome } from "./words.js";

/** What would stop the patch on current, and what else happens when it writes. */
export function writing(evidence: Evidence): readonly Finding[] {
  return [
    ...privileges(evidence),
    ...triggers(evidence),
    ...rewriteRules(evidence),
    ...replicaIdentity(evidence),
    ...subscribers(evidence),
  ];
}

function tablesWhere(
  { aligned, databases }: Evidence,
  holds: (facts: TableFacts) => boolean,
): readonly string[] {
  return aligned.tables.flatMap(({ label }) => {
    const facts = databases.current.tables.get(label);
    return facts !== undefined && holds(facts) ? [label] : [];
  });
}

/** To plan, a role that may only read is enough, and best. */
function privileges(evidence: Evidence): readonly Finding[] {
  const { user, mayMakeTemporaryTables, lockedSequences } = evidence.databases.current;
  const locked = tablesWhere(evidence, (facts) => !(facts.mayInsert && facts.mayUpdate && facts.mayDelete));
  const notOwned = (what: "triggers" | "rules") => {
    if (evidence.settings.triggers !== "disable") return [];
    const owned = (label: string) => evidence.databases.current.tables.get(label)?.isOwner !== false;
    const labels = tablesWith(what, evidence).filter((label) => !owned(label));
    return labels.length > 0 ? [`disable ${what} of ${nameSome(labels)}, which it does not own`] : [];
  };
  const lacks = [
    ...(locked.length > 0 ? [`write ${nameSome(locked)}`] : []),
    ...(lockedSequences.length > 0
      ? [`move ${count(lockedSequences.length, "sequence")} (${nameSome(lockedSequences)})`]
      : []),
    ...(mayMakeTemporaryTables ? [] : ["make temporary tables"]),
    ...notOwned("triggers"),
    ...notOwned("rules"),
  ];
  if (lacks.length === 0) {
    const text = `role ${user} may write every table that is compared`;
    return [{ level: "ok", databases: ["current"], subject: "privileges", text }];
  }
  return [
    {
      level: "note",
      databases: ["current"],
      subject: "privileges",
      text: `role ${user} may not ${lacks.join("; or ")}`,
      hint: "right for planning; apply the patch as a role that may",
    },
  ];
}

function tablesWith(what: "triggers" | "rules", { aligned, catalogs }: Evidence): readonly string[] {
  const meant = catalogs.current.triggers.filter(
    (trigger) => fires(trigger) && (trigger.isRule === true) === (what === "rules"),
  );
  const labels = new Set(meant.map(({ table }) => table));
  return aligned.tables.flatMap(({ label }) => (labels.has(label) ? [label] : []));
}

function triggers(evidence: Evidence): readonly Finding[] {
  const labels = new Set(evidence.aligned.tables.map(({ label }) => label));
  const firing = evidence.catalogs.current.triggers.filter(
    (trigger) => labels.has(trigger.table) && fires(trigger) && trigger.isRule !== true,
  );
  if (firing.length === 0)
    return [
      { level: "ok", databases: ["current"], subject: "triggers", text: "none fires when the patch writes" },
    ];
  const named = nameSome(firing.map(({ table, name, timing }) => `${table}.${name} (${timing})`));
  if (evidence.settings.triggers === "disable") {
    const text = `${count(firing.length, "trigger")} will be disabled while the patch writes: ${named}`;
    const hint =
      "disabling takes a lock that keeps everybody else from writing that table until the patch is in";
    return [{ level: "note", databases: ["current"], subject: "triggers", text, hint }];
  }
  return [
    {
      level: "note",
      databases: ["current"],
      subject: "triggers",
      text: `${count(firing.length, "trigger")} may fire when the patch writes: ${named}`,
      hint: "read what they do; --triggers disable keeps them from firing",
    },
  ];
}

function rewriteRules({ aligned, catalogs, settings }: Evidence): readonly Finding[] {
  const labels = new Set(aligned.tables.map(({ label }) => label));
  const rules = catalogs.current.triggers.filter(({ isRule, table }) => isRule === true && labels.has(table));
  if (rules.length === 0) return [];
  const named = nameSome(rules.map(({ table, name }) => `${table}.${name}`));
  const about = { databases: ["current"], subject: "rewrite rules" } as const;
  if (settings.triggers === "disable")
    return [{ ...about, level: "note", text: `will be disabled while the patch writes: ${named}` }];
  return [
    {
      ...about,
      level: "warning",
      text: `change what is written: ${named}`,
      hint: "PostgreSQL refuses the statements of a patch on such a table; --triggers disable switches rules off, too",
    },
  ];
}

function replicaIdentity(evidence: Evidence): readonly Finding[] {
  const published = new Set(
    evidence.databases.current.publications.flatMap(({ tellsChanges, tables }) =>
      tellsChanges ? tables : [],
    ),
  );
  const nameless = tablesWhere(evidence, (facts) => !facts.hasReplicaIdentity).filter((label) =>
    published.has(label),
  );
  if (nameless.length === 0) return [];
  return [
    {
      level: "warning",
      databases: ["current"],
      subject: nameSome(nameless),
      text: "published without a replica identity: PostgreSQL refuses every UPDATE and DELETE there",
      hint: "ALTER TABLE … REPLICA IDENTITY FULL, or leave out with --exclude-tables",
    },
  ];
}

function subscribers({ aligned, databases }: Evidence): readonly Finding[] {
  const { publications, logicalSlots } = databases.current;
  const labels = new Set(aligned.tables.map(({ label }) => label));
  const telling = publications.filter(({ tables }) => tables.some((table) => labels.has(table)));
  if (telling.length === 0 && logicalSlots.length === 0) return [];
  const told = [
    ...(telling.length > 0
      ? [`${count(telling.length, "publication")} (${nameSome(telling.map(({ name }) => name))})`]
      : []),
    ...(logicalSlots.length > 0
      ? [`${count(logicalSlots.length, "logical slot")} (${nameSome(logicalSlots)})`]
      : []),
  ];
  return [
    {
      level: "note",
      databases: ["current"],
      subject: "subscribers",
      text: `hear of what the patch writes as of new changes: ${told.join(", ")}`,
      hint: "tell whoever consumes them before you apply",
    },
  ];
}
