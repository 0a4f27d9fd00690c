import { expect, test } from "vitest";
import { cutPages, type Stretch } from "../../../src/store/pages/pages.js";

const limits = { rows: 10, size: 1000 };

function stretch(low: number, rows: number, size: number): Stretch {
  return { low, high: low + 32, rows, size };
}

test.each<{ name: string; stretches: readonly Stretch[]; pages: readonly Stretch[] }>([
  { name: "nothing", stretches: [], pages: [] },
  { name: "one stretch", stretches: [stretch(0, 3, 5)], pages: [stretch(0, 3, 5)] },
  {
    name: "neighbours, up to the number of rows",
    stretches: [stretch(0, 4, 1), stretch(32, 6, 1), stretch(64, 1, 1)],
    pages: [{ low: 0, high: 64, rows: 10, size: 2 }, stretch(64, 1, 1)],
  },
  {
    name: "neighbours, up to the size",
    stretches: [stretch(0, 1, 600), stretch(32, 1, 400), stretch(64, 1, 1)],
    pages: [{ low: 0, high: 64, rows: 2, size: 1000 }, stretch(64, 1, 1)],
  },
  {
    name: "one beyond the limits by itself",
    stretches: [stretch(0, 1, 1), stretch(32, 1, 5000), stretch(64, 1, 1)],
    pages: [stretch(0, 1, 1), stretch(32, 1, 5000), stretch(64, 1, 1)],
  },
  {
    name: "in falling order, across a gap",
    stretches: [stretch(9600, 2, 2), stretch(64, 1, 1)],
    pages: [{ low: 64, high: 9632, rows: 3, size: 3 }],
  },
])("joins $name", ({ stretches, pages }) => {
  expect(cutPages(stretches, limits)).toStrictEqual(pages);
});
