import { cellStrategy } from "./kit/cell-strategy.js";
import { kindOf } from "./kit/column-kind.js";
import { mergeLines } from "./kit/merge-lines.js";

/**
 * What a version control system does with a file. Passes when both sides changed the same lines or neighbouring ones,
 * and on columns that are not text; one line of text is always changed as a whole.
 */
export const text = cellStrategy({
  name: "text",
  summary: "Merge texts line by line, when the two sides changed different lines.",
  because: "both changes to the text, made to different lines",
  decide({ base, current, incoming }, column) {
    if (kindOf(column) !== "text" || base === null || current === null || incoming === null) return undefined;
    const value = mergeLines({ base, current, incoming });
    return value === undefined || !fits(value, column.baseType) ? undefined : { value };
  },
});

/** `character varying(20)` counts characters, not UTF-16 units. */
function fits(value: string, type: string): boolean {
  const [, length] = /\((\d+)\)$/.exec(type) ?? [];
  return length === undefined || [...value].length <= Number(length);
}
