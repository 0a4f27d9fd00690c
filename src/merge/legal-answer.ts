import type { Answer, Conflict } from "../model/conflict.js";

const roles: readonly unknown[] = ["base", "current", "incoming"];

/**
 * What is wrong with an answer, in words; undefined when it is legal. Strategies may be a stranger's JavaScript, so
 * types prove nothing here: a role that does not exist would read as "no such row", and delete one.
 */
export function illegalAnswer(answer: Answer, conflict: Conflict): string | undefined {
  const { kind, reason } = Object(answer) as Partial<Answer>;
  if (kind === "leave") return undefined;
  if (kind !== "take" && kind !== "cells" && kind !== "rekey")
    return "the answer is none of take, cells, rekey, leave, or undefined to pass";
  if (typeof reason !== "string") return "the answer gives no reason";
  if (kind === "rekey")
    return conflict.kind === "insert/insert" ? undefined : `a new key does not settle ${conflict.kind}`;
  return answer.kind === "take"
    ? illegalRole(answer.role)
    : illegalCells((answer as CellsAnswer).values, conflict);
}

type CellsAnswer = Answer & { readonly kind: "cells" };

function illegalRole(role: unknown): string | undefined {
  return roles.includes(role) ? undefined : `there is no version "${String(role)}" to take`;
}

function illegalCells(values: unknown, { kind, cells }: Conflict): string | undefined {
  if (kind === "update/delete" || kind === "delete/update") {
    return `cells do not settle ${kind}, which is about the row as a whole`;
  }
  if (!(values instanceof Map)) return "the values of the answer are not a Map";
  const asked = new Set<unknown>(cells.map((cell) => cell.column));
  for (const [column, value] of values) {
    if (!asked.has(column)) return "the answer names a cell that is not in conflict";
    if (value !== null && typeof value !== "string") return "a value of the answer is neither text nor null";
  }
  if (values.size === 0) return "the answer names none of the cells asked";
  if (kind === "insert/insert" && values.size < asked.size)
    return `the answer leaves cells of ${kind} undecided`;
  return undefined;
}
