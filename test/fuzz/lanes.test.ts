import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Lane, onLanes } from "./lanes.js";

const lanes = ["a", "b"].map((folder) => ({ folder }) as Lane);

it("each number is played once, on a lane that is free", async () => {
  const [played, busy] = [[] as number[], new Set<string>()];
  await onLanes(lanes, 20, async ({ folder }, n) => {
    expect(busy).not.toContain(folder);
    busy.add(folder);
    await sleep(n % 3);
    busy.delete(folder);
    played.push(n);
  });
  expect(played.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

it("what one lane throws is told when all have come to rest", async () => {
  let rests = 0;
  const play = async (_: Lane, n: number) => {
    if (n === 0) throw new Error("broken");
    await sleep(5);
    rests += 1;
  };
  await expect(onLanes(lanes, 4, play)).rejects.toThrow("broken");
  expect(rests).toBe(3);
});
