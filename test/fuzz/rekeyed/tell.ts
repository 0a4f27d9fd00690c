import type { RekeyTable } from "./world.js";

/** Runs one query; every value is text or NULL. */
export type Ask = (sql: string) => Promise<readonly Readonly<Record<string, string | null>>[]>;

/** Every row as what it is and what it refers to, by tokens and without any key: `t1 lost 3: r0 → old t0 1`. */
export async function tellRows(ask: Ask, tables: readonly RekeyTable[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { name, references } of tables) {
    const told = references.map(({ columns, parent }, order) => {
      const to = tables[parent] as RekeyTable;
      const key = to.key === "generated" ? ["id"] : ["owner", "n"];
      const joined = columns.map((column, at) => `p.${key[at]} = t.${column}`).join(" AND ");
      return `(SELECT p.token FROM ${to.name} AS p WHERE ${joined}) AS ref${order}`;
    });
    for (const row of await ask(`SELECT ${["t.token", ...told].join(", ")} FROM ${name} AS t`)) {
      const leads = references.map(
        ({ columns }, order) => `${columns[0]} → ${row[`ref${order}`] ?? "nothing"}`,
      );
      lines.push(`${name} ${row["token"]}: ${leads.join(", ")}`);
    }
  }
  return lines.sort();
}

/** What the recovered database must say: all that was there, and all that was lost, as it referred to in `post`. */
export function expectedRows(
  pre: readonly string[],
  post: readonly string[],
  current: readonly string[],
): readonly string[] {
  const lost = post.filter((line) => !pre.includes(line));
  const changed = new Set(lost.map(nameOf));
  return [...lost, ...current.filter((line) => !changed.has(nameOf(line)))].sort();
}

const nameOf = (line: string): string => line.slice(0, line.indexOf(":"));
