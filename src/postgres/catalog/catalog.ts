import type { Catalog, CatalogColumn, CatalogTable } from "../../model/catalog.js";
import type { CheckRule, UniqueRule } from "../../model/constraint.js";
import type { ForeignKey, KeyOrder, Trigger } from "../../model/table.js";
import { identifier, qualified } from "../../sql/quote.js";
import type { Session } from "../session/session.js";
import {
  columnsQuery,
  foreignKeysQuery,
  keysQuery,
  othersQuery,
  rewriteRulesQuery,
  tablesQuery,
  triggersQuery,
} from "./catalog-queries.js";
import { checkRulesQuery, uniqueRulesQuery } from "./constraint-queries.js";
import { type Entry, readObjects, text } from "./read-objects.js";

/** Reads the catalog in nine set-based queries, however many tables there are. */
export async function readCatalog(session: Session): Promise<Catalog> {
  const tables = await readObjects(session, tablesQuery);
  const columns = byTable(await readObjects(session, columnsQuery));
  const keys = byTable(await readObjects(session, keysQuery));
  const foreignKeys = await readObjects(session, foreignKeysQuery);
  const unique = await readObjects(session, uniqueRulesQuery);
  const checks = await readObjects(session, checkRulesQuery);
  const triggers = await readObjects(session, triggersQuery);
  const rules = await readObjects(session, rewriteRulesQuery);
  const others = await readObjects(session, othersQuery);
  return {
    tables: tables.map((table) =>
      toTable(table, columns.get(text(table, "oid")) ?? [], keys.get(text(table, "oid")) ?? []),
    ),
    foreignKeys: foreignKeys.map(toForeignKey),
    constraints: { unique: unique.map(toUniqueRule), checks: checks.map(toCheckRule) },
    triggers: [...triggers.map(toTrigger), ...rules.map(toRule)],
    others: others.map((other) => ({ label: labelOf(other), kind: text(other, "kind") })),
  };
}

function byTable(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const oid = text(entry, "oid");
    const group = groups.get(oid);
    if (group === undefined) groups.set(oid, [entry]);
    else group.push(entry);
  }
  return groups;
}

function names(entry: Entry, name: string): readonly string[] {
  return entry[name] as readonly string[];
}

function labelOf(entry: Entry, schema = "schema", name = "name"): string {
  return qualified(text(entry, schema), text(entry, name));
}

function toTable(table: Entry, columns: readonly Entry[], keys: readonly Entry[]): CatalogTable {
  const estimate = Number(table["estimate"]);
  return {
    label: labelOf(table),
    schema: text(table, "schema"),
    name: text(table, "name"),
    partitioned: table["partitioned"] === true,
    columns: columns.map(toColumn),
    primaryKey: keyNames(keys.find((key) => key["primary"] === true)),
    uniqueKey: keyNames(keys.find((key) => key["primary"] === false)),
    estimatedRows: estimate < 0 ? undefined : estimate,
    canSelect: table["can_select"] === true,
  };
}

function keyNames(key: Entry | undefined): readonly string[] | undefined {
  return key === undefined ? undefined : names(key, "columns");
}

function toColumn(column: Entry): CatalogColumn {
  const base = text(column, "base_name");
  const operator = column["equals_schema"] as string | null;
  const deterministic = column["deterministic"] === true;
  return {
    name: text(column, "name"),
    type: text(column, "type"),
    baseType: text(column, "base_type"),
    notNull: column["not_null"] === true,
    generated: (column["generated"] as string | null) ?? undefined,
    identityAlways: column["identity"] === "a",
    equals:
      operator === null
        ? undefined
        : operator === "pg_catalog"
          ? "="
          : `OPERATOR(${qualified(operator, "=").replace(/"="$/, "=")})`,
    equalityIsExact: exactTypes.has(base) && deterministic,
    textIsExact: column["base_schema"] === "pg_catalog" && base !== "bpchar",
    keyOrder: keyOrders[base] ?? "printed",
    isTime: ["timestamp", "timestamptz", "date"].includes(base),
  };
}

/** Types whose values are equal only when they print alike. */
const exactTypes = new Set([
  "int2",
  "int4",
  "int8",
  "oid",
  "bool",
  "text",
  "varchar",
  "uuid",
  "date",
  "timestamp",
  "timestamptz",
  "time",
  "bytea",
  "name",
]);

/** How a key of this type is sorted; every other type by what it prints. */
const keyOrders: Readonly<Record<string, KeyOrder>> = {
  int2: "integer",
  int4: "integer",
  int8: "integer",
  oid: "integer",
  numeric: "numeric",
  uuid: "native",
  text: "text",
  varchar: "text",
};

function toForeignKey(key: Entry): ForeignKey {
  return {
    name: text(key, "name"),
    table: labelOf(key, "schema", "table"),
    columns: names(key, "columns"),
    parent: labelOf(key, "parent_schema", "parent"),
    parentColumns: names(key, "parent_columns"),
    nullable: key["nullable"] === true,
    deferrable: key["deferrable"] === true,
    ...(key["period"] === true ? { period: true } : {}),
    matchFull: key["match_full"] === true,
    onDelete: text(key, "on_delete"),
    onUpdate: text(key, "on_update"),
  };
}

function toTrigger(trigger: Entry): Trigger {
  return {
    table: labelOf(trigger, "schema", "table"),
    partition: trigger["partition"] === null ? undefined : labelOf(trigger, "partition_schema", "partition"),
    name: text(trigger, "name"),
    enabled: text(trigger, "enabled"),
    timing: text(trigger, "timing"),
  };
}

function toRule(rule: Entry): Trigger {
  const [name, enabled, timing] = [text(rule, "name"), text(rule, "enabled"), text(rule, "timing")];
  return { table: labelOf(rule, "schema", "table"), isRule: true, name, enabled, timing };
}

function toUniqueRule(rule: Entry): UniqueRule {
  return {
    kind: rule["exclusion"] === true ? "exclusion" : "unique",
    name: text(rule, "name"),
    table: labelOf(rule, "schema", "table"),
    parts: names(rule, "parts"),
    operators: names(rule, "operators"),
    predicate: (rule["predicate"] as string | null) ?? undefined,
    nullsClash: rule["nulls_clash"] === true,
    columns: names(rule, "columns"),
    partColumns: names(rule, "part_columns"),
    deferrable: rule["deferrable"] === true,
  };
}

function toCheckRule(rule: Entry): CheckRule {
  const column = rule["column"] as string | null;
  const expression = text(rule, "expression");
  return {
    name: text(rule, "name"),
    table: labelOf(rule, "schema", "table"),
    expression: column === null ? expression : forColumn(expression, column),
    columns: names(rule, "columns"),
  };
}

/** A domain's check speaks of VALUE; here it speaks of the column. Strings and quoted names are passed over. */
function forColumn(expression: string, column: string): string {
  return expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bVALUE\b/g, (found) =>
    found === "VALUE" ? identifier(column) : found,
  );
}
