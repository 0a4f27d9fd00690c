import { expect, it } from "vitest";
import { lastShared, windowLength, windowsBetween } from "../../../src/merge/lineage/find-fork.js";

const times = (from: number, to: number, by = 1000) =>
  Array.from({ length: to - from }, (_, at) => String(1_700_000_000 + (from + at) * by));

it("transactions are shared up to the last one before two clocks say something else", () => {
  const one = times(0, 64);
  expect(lastShared(one, one)).toBe(63);
  expect(lastShared(one, [...one.slice(0, 20), ...times(20, 64, 999)])).toBe(19);
  // What is the same again after that is chance.
  expect(lastShared(one, one.with(30, "other"))).toBe(29);
});

it("transactions that one side never committed say nothing", () => {
  const one = times(0, 64);
  const holes = one.map((time, at) => (at % 3 === 0 ? null : time));
  expect(lastShared(one, holes)).toBe(62);
  expect(
    lastShared(
      holes,
      holes.map(() => null),
    ),
  ).toBeUndefined();
});

it("a few equal times prove nothing, and neither does one time of many subtransactions", () => {
  const one = times(0, 64);
  expect(lastShared(one, [...one.slice(0, 15), ...times(15, 64, 7)])).toBeUndefined();
  expect(lastShared(one.fill("5"), one)).toBeUndefined();
});

it("windows lie between, and come to an end", () => {
  let [low, high] = [3n, 2n ** 31n];
  const fork = 1_234_567n;
  for (let rounds = 0; high - low > BigInt(windowLength); rounds += 1) {
    expect(rounds).toBeLessThan(10);
    const starts = windowsBetween(low, high);
    expect(starts.every((start) => start > low && start < high)).toBe(true);
    low = starts.filter((start) => start <= fork).at(-1) ?? low;
    high = starts.find((start) => start > fork) ?? high;
  }
  expect(low <= fork && fork < high).toBe(true);
});
