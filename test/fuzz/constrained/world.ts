import { generateRequest } from "../demands.js";
import type { Mode } from "../edits.js";
import { Random } from "../random.js";
import { configOf, type PlanRequest } from "../request.js";
import { dropStatements } from "../statements.js";
import type { Role } from "../table.js";
import { type Incident, requestPieces, trim } from "../world.js";
import { drawEdit, drawInsert, drawPinch } from "./edits.js";
import { connect, constraintPieces, constraintStatements, type World } from "./foreign-keys.js";
import { createTable, domains, drawTables, dropDomains, type Features, specOf } from "./tables.js";

const nothing: ReadonlySet<string> = new Set();

/**
 * An incident whose databases have constraints. The three of them are made by playing edits, so each is one that
 * PostgreSQL accepted: `post` goes on from `pre`, and `current` from the one it was restored from.
 */
export function generateConstrained(
  seed: number,
  size: number,
  features: Features,
  without: ReadonlySet<string> = nothing,
): Incident {
  const random = new Random(`constrained ${seed}`);
  const mode: Mode = random.chance(0.5) ? "undo" : "replay";
  const world = connect(random.fork("references"), drawTables(random.fork("tables"), features));
  const specs = world.tables.map(specOf);
  const request = drawRequest(random.fork("request"), specs, mode);
  const edits = drawEdits(random, world, mode, size);
  const kept = (part: Part) => edits[part].filter(({ piece }) => !without.has(piece)).map(({ sql }) => sql);
  const pre = kept("pre");
  const post = [...pre, ...kept("window")];
  const current = [...(mode === "undo" ? post : pre), ...kept("later")];
  const schema = (role: Role) => schemaOf(world, role, features, without);
  const trimmed = trim(request, without);
  const pieces = [
    ...Object.values(edits).flatMap((part) => part.map(({ piece }) => piece)),
    ...requestPieces(request),
    ...constraintPieces(world),
  ];
  return {
    seed,
    mode,
    tables: specs,
    request: trimmed,
    config: configOf(trimmed),
    sql: {
      schema: { pre: schema("pre"), post: schema("post"), current: schema("current") },
      pre,
      post,
      current,
      drop: `${dropStatements(specs)}\n${dropDomains}`,
    },
    pieces: pieces.filter((piece) => !without.has(piece)),
  };
}

function schemaOf(world: World, role: Role, features: Features, without: ReadonlySet<string>): string {
  const extension = features.btreeGist ? ["CREATE EXTENSION IF NOT EXISTS btree_gist;"] : [];
  return [
    ...extension,
    domains,
    ...world.tables.map(createTable),
    ...constraintStatements(world, role, without),
  ].join("\n");
}

/** Half of the time nothing is asked for but the mode: then most rows are written, and meet. */
function drawRequest(random: Random, specs: Incident["tables"], mode: Mode): PlanRequest {
  const request = generateRequest(random, specs, mode);
  const plain = random.chance(0.5);
  return {
    ...request,
    damage: mode === "undo" && random.chance(0.7) ? ["insert", "update", "delete"] : request.damage,
    rules: plain ? [] : request.rules,
    strategies: plain && random.chance(0.6) ? [] : request.strategies,
    excludeTables: specs.length > 1 ? request.excludeTables : [],
  };
}

type Part = "pre" | "window" | "later";
type Edits = Readonly<Record<Part, readonly { readonly piece: string; readonly sql: string }[]>>;

function drawEdits(random: Random, world: World, mode: Mode, size: number): Edits {
  const draw = (part: Part, most: number) =>
    Array.from({ length: Math.min(random.integer(4, most), size) }, (_, at) => {
      const piece = `${part} ${at}`;
      return { piece, sql: drawEdit(random.fork(piece), world) };
    });
  const inserts = world.tables.flatMap((table) =>
    Array.from({ length: Math.min(28, size) }, (_, at) => {
      const piece = `row ${at} of ${table.name}`;
      return { piece, sql: drawInsert(random.fork(piece), table) };
    }),
  );
  const window = draw("window", 45);
  const later = draw("later", 20);
  // What people did twice: some edits of the window are made since, too.
  const again = window.filter((_, at) => random.fork(`again ${at}`).chance(0.1));
  const pinches = world.tables.flatMap((table) => {
    const pinch = drawPinch(random.fork(`pinch ${table.name}`), table, mode);
    return pinch === undefined ? [] : [{ ...pinch, table: table.name }];
  });
  const pinched = (part: "window" | "later") =>
    pinches.map((pinch) => ({ piece: `${part} pinch of ${pinch.table}`, sql: pinch[part] }));
  return {
    pre: [...inserts, ...draw("pre", 8)],
    window: [...window, ...pinched("window")],
    later: [
      ...later,
      ...pinched("later"),
      ...again.map(({ piece, sql }) => ({ piece: `${piece} again`, sql })),
    ],
  };
}
