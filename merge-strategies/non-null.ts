import { cellStrategy } from "./kit/cell-strategy.js";

/** Passes when both sides have a value. An empty text is a value. */
export const nonNull = cellStrategy({
  name: "non-null",
  summary: "Keep the side that has a value when the other is NULL.",
  because: "the other side is NULL",
  decide: ({ current, incoming }) =>
    current === null
      ? incoming === null
        ? undefined
        : "incoming"
      : incoming === null
        ? "current"
        : undefined,
});
