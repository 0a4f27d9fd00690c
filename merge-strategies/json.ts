import type { Triple } from "../src/model/value.js";
import { cellStrategy } from "./kit/cell-strategy.js";
import { kindOf } from "./kit/column-kind.js";
import {
  isJson,
  type JsonText,
  type Member,
  membersOf,
  type PrintObject,
  printJsonb,
  printJsonLike,
  sameJson,
  sameScalar,
} from "./kit/json-text.js";

/**
 * Merges objects member by member, all the way down. Arrays are leaves: what is at the third place on one side need
 * not be what is at the third place on the other. Passes when both sides changed the same leaf, when one of the three
 * is no object, and when an object that has to be merged gives a name twice.
 */
export const json = cellStrategy({
  name: "json",
  summary: "Merge objects (json, jsonb) member by member; only the same member changed twice is a conflict.",
  because: "both changes to the object, made to different members",
  decide({ base, current, incoming }, column) {
    const kind = kindOf(column);
    if ((kind !== "json" && kind !== "jsonb") || base === null || current === null || incoming === null)
      return undefined;
    const texts = { base, current, incoming };
    if (!Object.values(texts).every((text) => isJson(text) && membersOf(text) !== undefined))
      return undefined;
    const merged = mergeObjects(texts, kind === "jsonb" ? printJsonb : printJsonLike(current));
    return merged === undefined ? undefined : { value: merged };
  },
});

/** A value, or that there is none; undefined when it is in conflict. */
type Merged = { readonly value: JsonText | undefined } | undefined;

function mergeValues(values: Triple<JsonText | undefined>, print: PrintObject): Merged {
  const { base, current, incoming } = values;
  if (same(base, incoming) || same(current, incoming)) return { value: current };
  if (same(base, current)) return { value: incoming };
  if (current === undefined || incoming === undefined) return undefined;
  if (sameScalar(current, incoming)) return { value: current };
  // What both sides added has no base: its members have none either.
  const value = mergeObjects({ base: base ?? "{}", current, incoming }, print);
  return value === undefined ? undefined : { value };
}

function same(a: JsonText | undefined, b: JsonText | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameJson(a, b));
}

/** Members of current in its order, then what incoming adds. Undefined on a conflict, or where one is no object. */
function mergeObjects(texts: Triple<JsonText>, print: PrintObject): JsonText | undefined {
  const [base, current, incoming] = [
    membersOf(texts.base),
    membersOf(texts.current),
    membersOf(texts.incoming),
  ];
  if (base === undefined || current === undefined || incoming === undefined) return undefined;
  const members: Member[] = [];
  // Incoming first, so that a member of both is spelled as current spells it, and then current's order.
  for (const [name, { key }] of new Map([...current, ...incoming, ...current])) {
    const merged = mergeValues(
      { base: base.get(name)?.value, current: current.get(name)?.value, incoming: incoming.get(name)?.value },
      print,
    );
    if (merged === undefined) return undefined;
    if (merged.value !== undefined) members.push({ key, value: merged.value });
  }
  return print(members);
}
