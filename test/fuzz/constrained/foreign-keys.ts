import type { Random } from "../random.js";
import type { Role } from "../table.js";
import { type ConstrainedTable, type Constraint, drawDeferral, type Field, rule } from "./tables.js";

/** A foreign key as edits use it: to write parent and child together, to take both away. */
export interface Reference {
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

export interface World {
  readonly tables: readonly ConstrainedTable[];
  readonly references: readonly Reference[];
  readonly foreignKeys: readonly Constraint[];
}

/** Adds foreign keys and their columns: to tables before, to itself, and back to tables after. */
export function connect(random: Random, tables: readonly ConstrainedTable[]): World {
  let world: World = { tables, references: [], foreignKeys: [] };
  for (const [at, { name }] of tables.entries()) {
    const wanted = random.integer(0, at === 0 ? 1 : 2);
    for (let n = 0; n < wanted; n += 1) {
      const direction = random.weighted({ before: at === 0 ? 0 : 65, self: 20, after: 20 });
      const candidates = tables.filter((_, other) =>
        direction === "self" ? other === at : direction === "before" ? other < at : other > at,
      );
      if (candidates.length === 0) continue;
      const parent = random.pick(candidates).name;
      world = addReference(random.fork(`${name} ${n}`), world, {
        child: name,
        parent,
        forward: direction === "before",
        number: n,
      });
    }
  }
  return world;
}

interface Edge {
  readonly child: string;
  readonly parent: string;
  /** Not part of a cycle. */
  readonly forward: boolean;
  readonly number: number;
}

function addReference(random: Random, world: World, edge: Edge): World {
  const find = (name: string) => world.tables.find((table) => table.name === name) as ConstrainedTable;
  const [child, parent] = [find(edge.child), find(edge.parent)];
  const parentColumns = random.chance(0.6) ? (parent.targets[0] ?? []) : random.pick(parent.targets);
  const deferral = drawDeferral(random);
  const mayBeRequired = edge.forward || deferral !== "";
  const nullable = !mayBeRequired || random.chance(edge.forward ? 0.65 : 0.9);
  const fields = parentColumns.map((name) => {
    const target = parent.fields.find((field) => field.name === name) as Field;
    const isShared =
      mayBeRequired && child !== parent && child.key.includes(name) && name === "org" && random.chance(0.5);
    const own = child.key.at(-1) ?? "";
    const isKey =
      edge.forward && parentColumns.length === 1 && target.type === "integer" && random.chance(0.15);
    if (isShared || isKey)
      return child.fields.find((field) => field.name === (isShared ? name : own)) as Field;
    return referringField(`${parent.name}${edge.number}_${name}`, target, nullable, random);
  });
  const columns = fields.map((field) => field.name);
  const added = fields.filter((field) => !child.fields.includes(field));
  const name = `${child.name}_${parent.name}${edge.number}`;
  const onDelete = drawAction(random, nullable && added.length === fields.length);
  const onUpdate = random.chance(0.12) ? " ON UPDATE CASCADE" : "";
  const full = columns.length > 1 && random.chance(0.25) ? " MATCH FULL" : "";
  const key = rule(
    random,
    `${name} foreign key`,
    `ALTER TABLE ${child.label} ADD CONSTRAINT ${name} FOREIGN KEY (${columns.join(", ")}) REFERENCES ${parent.label} (${parentColumns.join(", ")})${full} ON DELETE ${onDelete}${onUpdate}${deferral};`,
  );
  const unique =
    random.chance(0.15) && added.length > 0 ? [uniqueReference(random, child, name, columns)] : [];
  return {
    tables: world.tables.map((table) =>
      table === child
        ? {
            ...table,
            fields: [...table.fields, ...added],
            constraints: [...table.constraints, ...unique],
            rotating: unique.length > 0 ? [...table.rotating, columns] : table.rotating,
          }
        : table,
    ),
    references: [...world.references, { child: child.name, columns, parent: parent.name, parentColumns }],
    foreignKeys: [...world.foreignKeys, key],
  };
}

function referringField(name: string, target: Field, nullable: boolean, random: Random): Field {
  const { type, values, spare } = target;
  const fallback = random.chance(0.3) ? { fallback: values[0] as string } : {};
  return { name, type, sql: type, nullable, identity: false, values, spare, ...fallback };
}

/** One child to a parent. */
function uniqueReference(
  random: Random,
  child: ConstrainedTable,
  name: string,
  columns: readonly string[],
): Constraint {
  const sql = `ALTER TABLE ${child.label} ADD CONSTRAINT ${name}_one UNIQUE (${columns.join(", ")})${drawDeferral(random)};`;
  return rule(random, `${name} one`, sql);
}

function drawAction(random: Random, mayBeNull: boolean): string {
  const action = random.weighted({ none: 30, restrict: 12, cascade: 30, empty: 15, preset: 13 });
  const words = {
    none: "NO ACTION",
    restrict: "RESTRICT",
    cascade: "CASCADE",
    empty: mayBeNull ? "SET NULL" : "CASCADE",
    preset: "SET DEFAULT",
  };
  return words[action];
}

export function constraintStatements(
  { tables, foreignKeys }: World,
  role: Role,
  without: ReadonlySet<string>,
): string[] {
  const all = [...tables.flatMap((table) => table.constraints), ...foreignKeys];
  return all
    .filter(({ piece, roles }) => roles.includes(role) && (piece === undefined || !without.has(piece)))
    .map(({ sql }) => sql);
}

export function constraintPieces({ tables, foreignKeys }: World): string[] {
  const all = [...tables.flatMap((table) => table.constraints), ...foreignKeys];
  return all.flatMap(({ piece }) => piece ?? []);
}
