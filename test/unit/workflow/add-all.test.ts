import { expect, test } from "vitest";
import { addAll } from "../../../src/workflow/constraints/planned-writes.js";

test("a parent may have more children than a call takes arguments", () => {
  const children = Array.from({ length: 300_000 }, (_, at) => at);
  const all: number[] = [];
  expect(() => all.push(...children)).toThrow(RangeError);
  addAll(all, children);
  expect(all).toEqual(children);
});
