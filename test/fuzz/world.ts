import { generateRequest } from "./demands.js";
import { drawBlow, drawStories, type Mode, type Story } from "./edits.js";
import { schemaNames } from "./names.js";
import { Random } from "./random.js";
import { configOf, type PlanRequest } from "./request.js";
import { drawRow, KeyBag } from "./rows.js";
import { createStatements, dropStatements, insertStatement } from "./statements.js";
import { generateTable, isBag, type Role, type TableSpec } from "./table.js";

/** Everything about one random incident, before PostgreSQL or pgmend has seen it. */
export interface Incident {
  readonly seed: number;
  readonly mode: Mode;
  readonly tables: readonly TableSpec[];
  readonly request: PlanRequest;
  /** The request again, as the content of pgmend.yaml. */
  readonly config: Record<string, unknown>;
  readonly sql: IncidentSql;
  /** Names of what can be left out of this incident to make it smaller; see shrink.ts. */
  readonly pieces: readonly string[];
}

/** To be run as simple queries: first `schema`, then the rows; `drop` makes the database ready for another. */
interface IncidentSql {
  readonly schema: Readonly<Record<Role, string>>;
  readonly pre: readonly string[];
  readonly post: readonly string[];
  readonly current: readonly string[];
  readonly drop: string;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * The same seed, the same incident. `size` bounds the keys per table and leaves everything else alone;
 * `without` names pieces to leave out.
 */
export function generateIncident(seed: number, size = 30, without: ReadonlySet<string> = nothing): Incident {
  const random = new Random(String(seed));
  const mode: Mode = random.chance(0.5) ? "undo" : "replay";
  const tables = generateTables(random);
  const rows = tables.map((table) => generateRows(random.fork(`rows of ${table.label}`), table, mode, size));
  const request = generateRequest(random.fork("request"), tables, mode);
  const trimmed = trim(request, without);
  const kept = rows.map((stories) => stories.filter(({ piece }) => !without.has(piece)));
  const inserts = (role: Role) => insertStatements(tables, kept, role);
  return {
    seed,
    mode,
    tables,
    request: trimmed,
    config: configOf(trimmed),
    sql: {
      schema: {
        pre: createStatements(tables, "pre"),
        post: createStatements(tables, "post"),
        current: createStatements(tables, "current"),
      },
      pre: inserts("pre"),
      post: inserts("post"),
      current: inserts("current"),
      drop: dropStatements(tables),
    },
    pieces: [
      ...kept.flat().map(({ piece }) => piece),
      ...requestPieces(request).filter((name) => !without.has(name)),
    ],
  };
}

function generateTables(random: Random): TableSpec[] {
  const second = random.chance(0.4) ? random.pick(schemaNames) : "public";
  const tables: TableSpec[] = [];
  const count = random.integer(1, 4);
  for (let index = 0; index < count; index++) {
    const schema = random.chance(0.65) ? "public" : second;
    const taken = tables.map((table) => table.label);
    tables.push(generateTable(random.fork(`table ${index}`), schema, taken));
  }
  return tables;
}

interface NamedStory {
  readonly piece: string;
  readonly story: Story;
}

function generateRows(random: Random, table: TableSpec, mode: Mode, size: number): NamedStory[] {
  if (isBag(table)) return generateCopies(random, table, mode, size);
  const blow = drawBlow(random, table);
  const keys = new KeyBag(table, random.fork("keys"));
  const wanted = random.chance(0.1) ? random.integer(0, 30) : random.integer(0, 14);
  const stories: NamedStory[] = [];
  for (let index = 0; index < Math.min(wanted, size); index++) {
    const drawn = drawStories(random.fork(`row ${index}`), table, mode, blow, keys);
    const name = `row ${index} of ${table.label}`;
    stories.push(...drawn.map((story, part) => ({ piece: part === 0 ? name : `${name}, moved`, story })));
  }
  return stories;
}

/** A few rows of a table without a key, each as many times in each database as is drawn. */
function generateCopies(random: Random, table: TableSpec, mode: Mode, size: number): NamedStory[] {
  const distinct = Math.min(random.integer(0, 6), size);
  return Array.from({ length: distinct }, (_, index) => {
    const mine = random.fork(`row ${index}`);
    const row = drawRow(mine, table, new Map());
    const count = () => mine.integer(0, mine.pick([1, 2, 4]));
    const pre = count();
    const post = mine.chance(0.4) ? pre : count();
    const base = mode === "undo" ? post : pre;
    const current = mine.chance(0.5) ? base : count();
    const has = (copies: number, copy: number) => (copy < copies ? row : undefined);
    return Array.from({ length: Math.max(pre, post, current) }, (_copy, copy) => ({
      piece: `row ${index} of ${table.label}, copy ${copy}`,
      story: { pre: has(pre, copy), post: has(post, copy), current: has(current, copy) },
    }));
  }).flat();
}

function insertStatements(
  tables: readonly TableSpec[],
  rows: readonly (readonly NamedStory[])[],
  role: Role,
): string[] {
  return tables.flatMap((table, index) => {
    const present = (rows[index] ?? []).flatMap(({ story }) => story[role] ?? []);
    return present.length > 0 ? [insertStatement(table, role, present)] : [];
  });
}

export function trim(request: PlanRequest, without: ReadonlySet<string>): PlanRequest {
  return {
    ...request,
    rules: request.rules.filter((_, index) => !without.has(`rule ${index}`)),
    strategies: request.strategies.filter((_, index) => !without.has(`strategy ${index}`)),
    touch: without.has("touch") ? undefined : request.touch,
    groups: without.has("groups") ? new Map() : request.groups,
    excludeTables: without.has("excluded tables") ? [] : request.excludeTables,
    granularity: without.has("cell granularity") ? "row" : request.granularity,
  };
}

export function requestPieces(request: PlanRequest): string[] {
  return [
    ...request.rules.map((_, index) => `rule ${index}`),
    ...request.strategies.map((_, index) => `strategy ${index}`),
    ...(request.touch ? ["touch"] : []),
    ...(request.groups.size > 0 ? ["groups"] : []),
    ...(request.excludeTables.length > 0 ? ["excluded tables"] : []),
    ...(request.granularity === "cell" ? ["cell granularity"] : []),
  ];
}
