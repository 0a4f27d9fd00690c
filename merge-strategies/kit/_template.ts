import type { Strategy } from "../../src/model/conflict.js";
import type { Value } from "../../src/model/value.js";

/**
 * A template for a strategy of your own, and one that works: copy it beside your config (without the types, or compile
 * it), change what it decides, and name it there: `use: ./furthest.mjs`. docs/strategies.md has it as plain JavaScript.
 *
 * What holds for all strategies: they are pure (no files, no clock, no state between calls) and synchronous, they
 * leave what they are given as it is, and they pass rather than guess. Values are text exactly as PostgreSQL prints
 * it, or null; `context.table.columns[cell.column]` says which column a cell is of, and of which type.
 */
const furthest: Strategy = {
  // Shown where a conflict was settled, and in messages when something is wrong.
  name: "furthest",
  summary: "Take the state that comes later in the list given as option order.",

  // Every option it takes, and what is wrong with a value. One that is not given is asked about as undefined.
  options: {
    order: (value) =>
      Array.isArray(value) && value.every((state) => typeof state === "string")
        ? undefined
        : "expected a list of states, the earliest first",
  },

  resolve(conflict, { options }) {
    // Pass on kinds it is not made for: here there would be a whole row to keep or to lose.
    if (conflict.kind !== "update/update") return undefined;
    const order = options["order"] as readonly Value[];
    const values = new Map<number, Value>();
    for (const { column, current, incoming } of conflict.cells) {
      const [here, there] = [order.indexOf(current), order.indexOf(incoming)];
      // Pass on a cell when unsure: a state nobody told us of, or NULL. Another entry may know, or a person.
      if (here === -1 || there === -1) continue;
      values.set(column, here > there ? current : incoming);
    }
    // `{ kind: "take", role: "current" }` ("incoming", "base") would decide all cells that were asked about, or the row.
    return values.size === 0
      ? undefined
      : { kind: "cells", values, reason: "furthest: the state further along" };
  },
};

export default furthest;
