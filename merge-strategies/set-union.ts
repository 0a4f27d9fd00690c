import type { Triple } from "../src/model/value.js";
import { arrayText, parseArray } from "./kit/array-text.js";
import { cellStrategy } from "./kit/cell-strategy.js";
import { elementType, kindOf } from "./kit/column-kind.js";
import { normalDecimal, parseDecimal } from "./kit/decimal.js";

/**
 * Arrays that are used as sets (tags, labels, ids): what either side added is added, what either side removed is
 * removed. Current's order first, then what incoming adds, in its order. Passes on NULL, on arrays of more dimensions
 * or with bounds of their own, where an element stands twice (that is no set), and on elements that PostgreSQL calls
 * equal by rules of their own (citext) or separates otherwise (box).
 */
export const setUnion = cellStrategy({
  name: "set-union",
  summary: "Merge arrays as sets: what either side added is added, what either removed is removed.",
  because: "elements added and removed by both sides",
  decide({ base, current, incoming }, column) {
    const type = elementType(column);
    if (type === undefined || type === "box" || /(^|\.)citext$/.test(type)) return undefined;
    const isNumber = ["integer", "numeric", "float"].includes(kindOf({ baseType: type }) ?? "");
    const identity = isNumber ? numberIdentity : (element: string) => element;
    const [before, here, there] = [base, current, incoming].map((text) => parseSet(text, identity));
    if (before === undefined || here === undefined || there === undefined) return undefined;
    return { value: arrayText(mergeSets({ base: before, current: here, incoming: there })) };
  },
});

/** Elements by what they are the same by. */
type ElementSet = ReadonlyMap<string, string>;

/** 1.0 and 1.00 are one number; NaN and infinities are what they print. */
function numberIdentity(element: string): string {
  const number = parseDecimal(element);
  return number === undefined ? element : normalDecimal(number);
}

function parseSet(text: string | null, identity: (element: string) => string): ElementSet | undefined {
  const elements = text === null ? undefined : parseArray(text);
  const set = new Map(elements?.map((element) => [identity(element), element]));
  return set.size === elements?.length ? set : undefined;
}

function mergeSets({ base, current, incoming }: Triple<ElementSet>): readonly string[] {
  const kept = [...current].filter(([key]) => incoming.has(key) || !base.has(key));
  const added = [...incoming].filter(([key]) => !base.has(key) && !current.has(key));
  return [...kept, ...added].map(([, element]) => element);
}
