import { Random } from "../random.js";

/**
 * Databases in which every row says who it is (`token`), whatever its key. Both the lost window and the time since
 * insert rows, and the sequences hand the same numbers to different ones. What a row refers to can be told by tokens
 * as well, so no key needs to be known to say how the recovered database must look.
 */
export interface RekeyWorld {
  readonly seed: number;
  readonly tables: readonly RekeyTable[];
  readonly schema: string;
  readonly pre: readonly string[];
  readonly post: readonly string[];
  readonly current: readonly string[];
}

export interface RekeyTable {
  readonly name: string;
  /** `generated`: the key is a number from a sequence; `part`: a parent and a number within it. */
  readonly key: "generated" | "part";
  readonly references: readonly Reference[];
}

export interface Reference {
  /** Columns of the row; two where the parent is a part. */
  readonly columns: readonly string[];
  readonly parent: number;
  readonly nullable: boolean;
}

export function generateRekeyWorld(seed: number): RekeyWorld {
  const random = new Random(`rekey ${seed}`);
  const tables = drawTables(random.fork("tables"));
  const tokens = tables.map(() => [] as string[]);
  const pre = drawInserts(random.fork("pre"), tables, tokens, "old", 4);
  const lost = tokens.map((known) => [...known]);
  const post = [
    ...drawInserts(random.fork("post"), tables, lost, "lost", random.integer(2, 9)),
    ...drawMoves(random.fork("moves"), tables, lost),
  ];
  const current = drawInserts(
    random.fork("current"),
    tables,
    tokens.map((known) => [...known]),
    "new",
    random.integer(1, 7),
  );
  return {
    seed,
    tables,
    schema: tables.map(createTable).join("\n") + addForeignKeys(tables),
    pre,
    post,
    current,
  };
}

function drawTables(random: Random): readonly RekeyTable[] {
  const count = random.integer(2, 5);
  return Array.from({ length: count }, (_, at): RekeyTable => {
    const isPart = at > 0 && random.chance(0.4);
    const parent = random.integer(0, Math.max(0, at - 1));
    const others = Array.from({ length: random.integer(0, 2) }, (__, order): Reference => {
      // Against the order of tables, and to the table itself, only what may be NULL.
      const to = random.integer(0, count - 1);
      return { columns: [`r${order}`], parent: to, nullable: to >= at || random.chance(0.5) };
    });
    return {
      name: `t${at}`,
      key: isPart ? "part" : "generated",
      references: [...(isPart ? [{ columns: ["owner"], parent, nullable: false }] : []), ...others],
    };
  })
    .map((table, _, all) => ({
      ...table,
      references: table.references
        // The key of a part is its parent's with a number: parts of parts would need three columns, which is left out.
        .filter(({ columns, parent }) => columns[0] !== "owner" || all[parent]?.key === "generated")
        .map((reference) =>
          all[reference.parent]?.key === "part"
            ? { ...reference, columns: [`${reference.columns[0]}_owner`, `${reference.columns[0]}_n`] }
            : reference,
        ),
    }))
    .map((table) =>
      table.references.some(({ columns }) => columns[0] === "owner")
        ? table
        : { ...table, key: "generated" as const },
    )
    .map((table, _, all) => ({
      ...table,
      references: table.references.map((reference) =>
        all[reference.parent]?.key === "generated" && reference.columns.length === 2
          ? { ...reference, columns: [(reference.columns[0] as string).replace("_owner", "")] }
          : reference,
      ),
    }));
}

function createTable({ name, key, references }: RekeyTable): string {
  const columns = references
    .flatMap((reference) => reference.columns.map((column) => ({ column, ...reference })))
    .map(({ column, nullable }) => `${column} int${nullable ? "" : " NOT NULL"}`);
  const own = key === "generated" ? ["id serial PRIMARY KEY"] : ["n int NOT NULL", "PRIMARY KEY (owner, n)"];
  return `CREATE TABLE ${name} (${[...own, "token text NOT NULL", ...columns].join(", ")});`;
}

const keyOf = ({ key }: RekeyTable): readonly string[] => (key === "generated" ? ["id"] : ["owner", "n"]);

function addForeignKeys(tables: readonly RekeyTable[]): string {
  return tables
    .flatMap(({ name, references }) =>
      references.map(({ columns, parent }) => {
        const to = tables[parent] as RekeyTable;
        return `\nALTER TABLE ${name} ADD FOREIGN KEY (${columns.join(", ")}) REFERENCES ${to.name} (${keyOf(to).join(", ")});`;
      }),
    )
    .join("");
}

const firstNumbers = { old: 1, lost: 100, new: 200 } as const;

/** Rows with references to rows that are there, by their tokens; so the statement is right whatever their keys are. */
function drawInserts(
  random: Random,
  tables: readonly RekeyTable[],
  tokens: string[][],
  word: keyof typeof firstNumbers,
  most: number,
): readonly string[] {
  return tables.flatMap((table, at) =>
    Array.from({ length: random.integer(1, most) }, (_, order) => {
      const draw = random.fork(`${table.name} ${order}`);
      const token = `${word} ${table.name} ${order}`;
      const targets = table.references.map((reference) => drawTarget(draw, reference, tokens));
      if (targets.some((target, place) => target === undefined && !table.references[place]?.nullable))
        return "";
      tokens[at]?.push(token);
      const columns = table.references.flatMap((reference) => reference.columns);
      const values = table.references.flatMap((reference, place) =>
        valuesOf(tables, reference, targets[place]),
      );
      // Numbers within a parent begin with 1 on both sides, so what differs by its parent alone meets; but two parts of
      // one old parent do not, for no sequence could give one of them another number.
      const base = targets[0]?.startsWith("old") === true ? firstNumbers[word] : 1;
      const number = `(SELECT coalesce(max(n) + 1, ${base}) FROM ${table.name} WHERE owner = ${values[0]} AND n >= ${base})`;
      const part = table.key === "part" ? { columns: ["n"], values: [number] } : { columns: [], values: [] };
      return `INSERT INTO ${table.name} (${["token", ...columns, ...part.columns].join(", ")})
        VALUES ('${token}'${[...values, ...part.values].map((value) => `, ${value}`).join("")});`;
    }),
  );
}

function drawTarget(
  random: Random,
  { parent, nullable }: Reference,
  tokens: readonly string[][],
): string | undefined {
  const known = tokens[parent] ?? [];
  return known.length === 0 || (nullable && random.chance(0.3)) ? undefined : random.pick(known);
}

function valuesOf(tables: readonly RekeyTable[], { columns, parent }: Reference, target: string | undefined) {
  const to = tables[parent] as RekeyTable;
  return columns.map((_, at) =>
    target === undefined ? "NULL" : `(SELECT ${keyOf(to)[at]} FROM ${to.name} WHERE token = '${target}')`,
  );
}

/** References of rows, old and lost ones, that lead elsewhere now; a part stays where it is. */
function drawMoves(
  random: Random,
  tables: readonly RekeyTable[],
  tokens: readonly string[][],
): readonly string[] {
  return tables.flatMap((table, at) =>
    table.references.flatMap((reference, order) => {
      if (reference.columns[0] === "owner") return [];
      const draw = random.fork(`${table.name} ${order}`);
      return draw.sample(tokens[at] ?? [], draw.integer(0, 3)).flatMap((token) => {
        const target = drawTarget(draw, reference, tokens);
        if (target === undefined && !reference.nullable) return [];
        const values = valuesOf(tables, reference, target);
        const written = reference.columns.map((column, place) => `${column} = ${values[place]}`);
        return [`UPDATE ${table.name} SET ${written.join(", ")} WHERE token = '${token}';`];
      });
    }),
  );
}
