import type { Random } from "../random.js";
import { fillSql, type LargeSchema, type TableDraft } from "./table.js";

/** A number from where a row lies: the same statement hits other rows in every table. */
const chanceOf = (table: string, salt: number): string =>
  `(hashtext(${salt} || ${table}.ctid::text || ${table}.tableoid::text) & 1023)`;

/**
 * What an incident does, statement by statement: to some of the tables some of it. A statement that a constraint does not
 * allow does nothing.
 *
 * @param share of the tables
 */
export function damageSql(random: Random, { tables }: LargeSchema, share: number): readonly string[] {
  return tables
    .flatMap((table) => {
      const own = random.fork(table.name);
      return own.chance(share) ? drawDamage(own, table) : [];
    })
    .map(
      (sql) =>
        `DO $incident$ BEGIN ${sql}; SET CONSTRAINTS ALL IMMEDIATE; EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN NULL; END $incident$`,
    );
}

function drawDamage(random: Random, table: TableDraft): readonly string[] {
  const salt = random.integer(0, 1_000_000);
  const kinds = { update: 6, wide: 1, delete: 4, insert: 4, rekey: 1, empty: 1 };
  const drawOne = (): string => {
    switch (random.weighted(kinds)) {
      case "update":
        return updateSql(random, table, `${chanceOf(table.name, salt)} < ${random.pick([60, 200, 500])}`);
      case "wide":
        return updateSql(random, table, "true");
      case "delete":
        return `DELETE FROM ${table.name} WHERE ${chanceOf(table.name, salt)} < ${random.pick([50, 200])}`;
      case "insert":
        return fillSql(table, table.rows + 1, table.rows + random.integer(1, 5));
      case "rekey":
        return rekeySql(table, `${chanceOf(table.name, salt)} < 100`);
      case "empty":
        return `DELETE FROM ${table.name}`;
    }
  };
  return Array.from({ length: random.integer(1, 3) }, drawOne);
}

function updateSql(random: Random, table: TableDraft, where: string): string {
  const free = table.columns.filter((column) => column.free && column.value !== undefined);
  const columns = random.sample(free, random.integer(1, 3));
  if (columns.length === 0) return `DELETE FROM ${table.name} WHERE ${where}`;
  const set = columns.map(({ name, type, value }) => {
    const toNull = !type.includes("NOT NULL") && random.chance(0.3);
    const number = `(${table.rows} + ${chanceOf(table.name, random.integer(0, 9))})`;
    return `${name} = ${toNull ? "NULL" : value?.(number)}`;
  });
  return `UPDATE ${table.name} SET ${set.join(", ")} WHERE ${where}`;
}

/** Keys of numbers move up; foreign keys follow them, or forbid it. */
function rekeySql({ name, columns, key }: TableDraft, where: string): string {
  const number = key.find((one) =>
    columns.some((column) => column.name === one && column.type.startsWith("bigint")),
  );
  return number === undefined ||
    columns.some((column) => column.name === number && column.type.includes("ALWAYS"))
    ? `DELETE FROM ${name} WHERE ${where}`
    : `UPDATE ${name} SET ${number} = ${number} + 100000 WHERE ${where}`;
}
