import { describe, expect, it } from "vitest";
import { least } from "../../../merge-strategies/least.js";
import { decide, passes } from "./cell-cases.js";
import { orders, unsure } from "./orders.js";

const base = null;

describe.each(orders)("$type", ({ type, values }) => {
  const pairs = values.flatMap((smaller, at) =>
    values.slice(at + 1).map((larger) => [smaller, larger] as const),
  );

  it.each(pairs)("%s < %s", (smaller, larger) => {
    expect(decide(least, type, { base, current: smaller, incoming: larger })).toBe(smaller);
    expect(decide(least, type, { base, current: larger, incoming: smaller })).toBe(smaller);
  });
});

it.each(unsure)("passes on %s", (_, type, one, other) => {
  expect(decide(least, type, { base, current: one, incoming: other })).toBe(passes);
  expect(decide(least, type, { base, current: other, incoming: one })).toBe(passes);
});
