import type { Random } from "./random.js";
import { quoteName, quoteValue } from "./sql.js";
import type { ColumnSpec, Role } from "./table.js";
import { typeNamed } from "./types.js";

/** A small family of `where` expressions whose answer is certain from the printed values alone. */
export type Condition =
  | { readonly kind: "null"; readonly role: Role; readonly column: string; readonly negated: boolean }
  | { readonly kind: "greater"; readonly role: Role; readonly column: string; readonly than: number }
  | { readonly kind: "equals"; readonly role: Role; readonly column: string; readonly value: string }
  | {
      readonly kind: "same";
      readonly roles: readonly [Role, Role];
      readonly column: string;
      readonly negated: boolean;
    }
  | { readonly kind: "both"; readonly conditions: readonly [Condition, Condition] };

/** The value of a column in one version of the row; null also where there is no such row. */
export type Lookup = (role: Role, column: string) => string | null;

/** Of SQL's three answers only "true" lets a rule match. */
export function holds(condition: Condition, value: Lookup): boolean {
  switch (condition.kind) {
    case "null":
      return (value(condition.role, condition.column) === null) !== condition.negated;
    case "greater": {
      const left = value(condition.role, condition.column);
      return left !== null && BigInt(left) > BigInt(condition.than);
    }
    case "equals":
      return value(condition.role, condition.column) === condition.value;
    case "same": {
      const [left, right] = condition.roles.map((role) => value(role, condition.column));
      return (left === right) !== condition.negated;
    }
    case "both":
      return condition.conditions.every((part) => holds(part, value));
  }
}

export function conditionSql(condition: Condition): string {
  switch (condition.kind) {
    case "null":
      return `${cell(condition.role, condition.column)} IS ${condition.negated ? "NOT " : ""}NULL`;
    case "greater":
      return `${cell(condition.role, condition.column)} > ${condition.than}`;
    case "equals":
      return `${cell(condition.role, condition.column)} = ${quoteValue(condition.value)}`;
    case "same": {
      const [left, right] = condition.roles.map((role) => cell(role, condition.column));
      return `${left} IS ${condition.negated ? "" : "NOT "}DISTINCT FROM ${right}`;
    }
    case "both":
      return condition.conditions.map((part) => `(${conditionSql(part)})`).join(" AND ");
  }
}

const cell = (role: Role, column: string): string => `${role}.${quoteName(column)}`;

/** `columns` are those every table of the rule has, with the same type. */
export function generateCondition(random: Random, columns: readonly ColumnSpec[]): Condition {
  if (random.chance(0.15)) {
    return { kind: "both", conditions: [generateSimple(random, columns), generateSimple(random, columns)] };
  }
  return generateSimple(random, columns);
}

function generateSimple(random: Random, columns: readonly ColumnSpec[]): Condition {
  const role = random.pick(["pre", "post", "post", "current"] as const);
  const telling = columns.filter(({ type }) => ["integer", "text"].includes(typeNamed(type).family ?? ""));
  const { name: column, type } = random.pick(telling.length > 0 && random.chance(0.6) ? telling : columns);
  const { family, everyday } = typeNamed(type);
  const negated = random.chance(0.5);
  if (family === "integer" && random.chance(0.5)) return { kind: "greater", role, column, than: 5 };
  if (family !== "integer" && family !== "text") return { kind: "null", role, column, negated };
  if (family === "text" && random.chance(0.3)) {
    return { kind: "equals", role, column, value: random.pick(everyday) };
  }
  if (random.chance(0.5)) return { kind: "null", role, column, negated };
  const [left = "pre", right = "post"] = random.sample(["pre", "post", "current"] as const, 2);
  return { kind: "same", roles: [left, right], column, negated };
}
