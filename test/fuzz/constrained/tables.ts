import type { Random } from "../random.js";
import { type ColumnSpec, type Role, roles, type TableSpec } from "../table.js";

/** A column with the few values it is ever given: few, so that rows meet. */
export interface Field extends ColumnSpec {
  /** As CREATE TABLE has it; a domain, where `type` is the type below. */
  readonly sql: string;
  readonly values: readonly string[];
  /** Allowed by every check, and never drawn: what an edit puts there for a moment while it rotates values. */
  readonly spare: string;
  /** Such as every new row gets from ON DELETE SET DEFAULT. */
  readonly fallback?: string;
}

/** One statement that adds a constraint. */
export interface Constraint {
  /** What shrinking calls it; undefined where foreign keys rest on it. */
  readonly piece: string | undefined;
  readonly sql: string;
  /** Some exist in current alone: the schema has moved on since. */
  readonly roles: readonly Role[];
}

export interface Columns {
  readonly fields: readonly Field[];
  readonly constraints: readonly Constraint[];
  /** Sets of columns whose values rows exchange. */
  readonly rotating: readonly (readonly string[])[];
  /** Pairs of columns that a check holds together. */
  readonly halves: readonly (readonly string[])[];
  /** Sets of columns that a foreign key can refer to. */
  readonly targets: readonly (readonly string[])[];
}

export interface ConstrainedTable extends Columns {
  readonly name: string;
  readonly label: string;
  readonly key: readonly string[];
}

/** What the server can do. */
export interface Features {
  readonly nullsNotDistinct: boolean;
  readonly btreeGist: boolean;
}

export const domains = `CREATE DOMAIN public.positive AS integer CONSTRAINT is_positive CHECK (VALUE > 0);
CREATE DOMAIN public.short_code AS text CONSTRAINT is_short CHECK (length(VALUE) <= 2);`;
export const dropDomains = "DROP DOMAIN IF EXISTS public.positive, public.short_code CASCADE;";

const names = ["account", "project", "task", "note"] as const;

export function drawTables(random: Random, features: Features): ConstrainedTable[] {
  return names
    .slice(0, random.integer(1, names.length))
    .map((name) => drawTable(random.fork(name), name, features));
}

/** As the oracle knows tables. */
export function specOf({ name, label, key, fields }: ConstrainedTable): TableSpec {
  const order = fields.map((field) => field.name);
  return {
    ...{ schema: "public", name, label, plain: true, key, generated: [], extra: undefined },
    columns: fields.map((field) => ({
      name: field.name,
      type: field.type,
      nullable: field.nullable,
      identity: false,
    })),
    order: { pre: order, post: order, current: order },
  };
}

export function createTable({ label, fields, key }: ConstrainedTable): string {
  const lines = fields.map(({ name, sql, nullable, fallback }) => {
    const preset = fallback === undefined ? "" : ` DEFAULT '${fallback}'`;
    return `${name} ${sql}${nullable ? "" : " NOT NULL"}${preset}`;
  });
  return `CREATE TABLE ${label} (${[...lines, `PRIMARY KEY (${key.join(", ")})`].join(", ")});`;
}

const empty: Columns = { fields: [], constraints: [], rotating: [], halves: [], targets: [] };

function drawTable(random: Random, name: string, features: Features): ConstrainedTable {
  const label = `public.${name}`;
  const key = random.chance(0.75) ? [integer("id", 8)] : [integer("org", 2), integer("nr", 5)];
  const keyNames = key.map((field) => field.name);
  const makers = [drawCode, drawPlace, drawName, drawActive, drawSpan, drawLimits, drawScore];
  const parts = random
    .sample(makers, random.integer(1, 4))
    .map((make) => make({ random, label, name, features }));
  const all = join([{ ...empty, fields: [...key, text("title", true)], targets: [keyNames] }, ...parts]);
  return { name, label, key: keyNames, ...all };
}

function join(parts: readonly Columns[]): Columns {
  return {
    fields: parts.flatMap((part) => part.fields),
    constraints: parts.flatMap((part) => part.constraints),
    rotating: parts.flatMap((part) => part.rotating),
    halves: parts.flatMap((part) => part.halves),
    targets: parts.flatMap((part) => part.targets),
  };
}

interface Drawing {
  readonly random: Random;
  readonly label: string;
  readonly name: string;
  readonly features: Features;
}

function integer(name: string, count: number, nullable = false): Field {
  const values = Array.from({ length: count }, (_, at) => String(at + 1));
  return { name, type: "integer", sql: "integer", nullable, identity: false, values, spare: "90" };
}

function text(name: string, nullable: boolean): Field {
  const values = ["a", "A", "b", "B", "c", "d", "e", "f", "F", "g", "h", "k"];
  return { name, type: "text", sql: "text", nullable, identity: false, values, spare: "zz" };
}

/** Mostly in all databases. */
export function rule(random: Random, piece: string | undefined, sql: string): Constraint {
  const isNew = piece !== undefined && random.chance(0.08);
  return { piece, sql, roles: isNew ? ["current"] : roles };
}

const deferrals = { no: "", immediate: " DEFERRABLE", deferred: " DEFERRABLE INITIALLY DEFERRED" } as const;

export function drawDeferral(random: Random): string {
  return deferrals[random.weighted({ no: 75, immediate: 15, deferred: 10 })];
}

/** One unique column, of a type that can or cannot be parked, with or without checks that parking may run into. */
function drawCode({ random, label, name, features }: Drawing): Columns {
  const nullable = random.chance(0.5);
  const kind = random.weighted({ integer: 30, smallint: 15, text: 20, varchar: 15, positive: 10, short: 10 });
  const isText = kind === "text" || kind === "varchar" || kind === "short";
  const sql = { varchar: "varchar(4)", positive: "public.positive", short: "public.short_code" };
  const base = isText ? text("code", nullable) : integer("code", 12, nullable);
  const type = kind === "smallint" ? "smallint" : base.type;
  const field: Field = { ...base, type, sql: sql[kind as keyof typeof sql] ?? type };
  const deferral = drawDeferral(random);
  const nulls = nullable && features.nullsNotDistinct && random.chance(0.2) ? " NULLS NOT DISTINCT" : "";
  const isTarget = deferral === "";
  const unique = `ALTER TABLE ${label} ADD CONSTRAINT ${name}_code UNIQUE${nulls} (code)${deferral};`;
  const check = isText ? "length(code) < 3" : "code BETWEEN 1 AND 99";
  const checks = random.chance(0.3)
    ? [
        rule(
          random,
          `${name} code check`,
          `ALTER TABLE ${label} ADD CONSTRAINT ${name}_code_check CHECK (${check});`,
        ),
      ]
    : [];
  return {
    ...empty,
    fields: [field],
    constraints: [rule(random, isTarget ? undefined : `${name} code unique`, unique), ...checks],
    rotating: [["code"]],
    targets: isTarget ? [["code"]] : [],
  };
}

/** Places in a list: the unique pair that people reorder. */
function drawPlace({ random, label, name }: Drawing): Columns {
  const nullable = random.chance(0.4);
  const deferral = drawDeferral(random);
  const isTarget = deferral === "";
  const unique = `ALTER TABLE ${label} ADD CONSTRAINT ${name}_place UNIQUE (list, place)${deferral};`;
  const check = `ALTER TABLE ${label} ADD CONSTRAINT ${name}_place_check CHECK (place > 0 AND list < 50);`;
  return {
    ...empty,
    fields: [integer("list", 2, random.chance(0.3)), { ...integer("place", 7, nullable), spare: "40" }],
    constraints: [
      rule(random, isTarget ? undefined : `${name} place unique`, unique),
      ...(random.chance(0.2) ? [rule(random, `${name} place check`, check)] : []),
    ],
    rotating: [["place"], ["list", "place"]],
    targets: isTarget ? [["list", "place"]] : [],
  };
}

function drawName({ random, label, name }: Drawing): Columns {
  const unique = `CREATE UNIQUE INDEX ${name}_name ON ${label} (lower(name));`;
  const check = `ALTER TABLE ${label} ADD CONSTRAINT ${name}_name_check CHECK (name ~ '^[a-zA-Z]+$');`;
  return {
    ...empty,
    fields: [text("name", random.chance(0.4))],
    constraints: [
      rule(random, `${name} name unique`, unique),
      ...(random.chance(0.2) ? [rule(random, `${name} name check`, check)] : []),
    ],
    rotating: [["name"]],
  };
}

/** At most one row of a kind is active. */
function drawActive({ random, label, name }: Drawing): Columns {
  const unique = `CREATE UNIQUE INDEX ${name}_active ON ${label} (kind) WHERE active;`;
  const active: Field = {
    ...{ name: "active", type: "boolean", sql: "boolean", nullable: false, identity: false },
    values: ["t", "f"],
    spare: "f",
  };
  const check = `ALTER TABLE ${label} ADD CONSTRAINT ${name}_active_check CHECK (NOT active OR kind IS NOT NULL);`;
  return {
    ...empty,
    fields: [active, integer("kind", 7, random.chance(0.5))],
    constraints: [
      rule(random, `${name} active unique`, unique),
      ...(random.chance(0.3) ? [rule(random, `${name} active check`, check)] : []),
    ],
    rotating: [["kind"], ["active"]],
  };
}

function drawSpan({ random, label, name, features }: Drawing): Columns {
  const span: Field = {
    ...{ name: "span", type: "int4range", sql: "int4range", nullable: random.chance(0.5), identity: false },
    values: ["[1,3)", "[2,4)", "[5,6)", "[7,9)", "[8,10)", "[11,12)", "[13,15)", "[16,18)", "empty", "(,0)"],
    spare: "[90,91)",
  };
  const isByRoom = features.btreeGist && random.chance(0.5);
  const parts = isByRoom ? "room WITH =, span WITH &&" : "span WITH &&";
  const exclusion = `ALTER TABLE ${label} ADD CONSTRAINT ${name}_span EXCLUDE USING gist (${parts})${drawDeferral(random)};`;
  const check = `ALTER TABLE ${label} ADD CONSTRAINT ${name}_span_check CHECK (NOT isempty(span));`;
  return {
    ...empty,
    fields: [span, ...(isByRoom ? [integer("room", 2, random.chance(0.3))] : [])],
    constraints: [
      rule(random, `${name} span`, exclusion),
      ...(random.chance(0.3) ? [rule(random, `${name} span check`, check)] : []),
    ],
    rotating: [["span"]],
  };
}

function drawLimits({ random, label, name }: Drawing): Columns {
  const check = `ALTER TABLE ${label} ADD CONSTRAINT ${name}_limits CHECK (low <= high);`;
  return {
    ...empty,
    fields: [integer("low", 6, random.chance(0.4)), integer("high", 6, random.chance(0.4))],
    constraints: [rule(random, `${name} limits`, check)],
    rotating: [["low", "high"]],
    halves: [["low", "high"]],
  };
}

/** Nothing that merging could break, unless current is stricter than the others. */
function drawScore({ random, label, name }: Drawing): Columns {
  const field: Field = { ...integer("score", 5, true), sql: "public.positive" };
  const required = `ALTER TABLE ${label} ALTER score SET NOT NULL;`;
  const constraints: Constraint[] = random.chance(0.3)
    ? [{ piece: `${name} score not null`, sql: required, roles: ["current"] }]
    : [];
  return { ...empty, fields: [field], constraints };
}
