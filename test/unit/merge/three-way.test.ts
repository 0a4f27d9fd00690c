import { expect, it } from "vitest";
import { type Trivial, trivialMerge } from "../../../src/merge/three-way.js";

const mirror: Readonly<Record<Trivial, Trivial>> = {
  unchanged: "unchanged",
  current: "incoming",
  incoming: "current",
  both: "both",
  conflict: "conflict",
};

const same = (a: string, b: string) => a === b;
const agree = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

it.each<{ name: string; base: string; current: string; incoming: string; expect: Trivial }>([
  { name: "nobody changed it", base: "lamp", current: "lamp", incoming: "lamp", expect: "unchanged" },
  { name: "one side changed it", base: "lamp", current: "lamp", incoming: "torch", expect: "incoming" },
  { name: "both made the same change", base: "lamp", current: "torch", incoming: "torch", expect: "both" },
  { name: "two spellings of one change", base: "lamp", current: "torch", incoming: "Torch", expect: "both" },
  { name: "two changes", base: "lamp", current: "torch", incoming: "lantern", expect: "conflict" },
  { name: "a new spelling is a change", base: "lamp", current: "lamp", incoming: "Lamp", expect: "incoming" },
  {
    name: "a new spelling against a change",
    base: "lamp",
    current: "torch",
    incoming: "Lamp",
    expect: "conflict",
  },
  { name: "two new spellings", base: "lamp", current: "LAMP", incoming: "Lamp", expect: "both" },
])("$name: $expect", ({ base, current, incoming, expect: expected }) => {
  expect(trivialMerge({ base, current, incoming }, same, agree)).toBe(expected);
  expect(trivialMerge({ base, current: incoming, incoming: current }, same, agree)).toBe(mirror[expected]);
});

it("without a second opinion, another spelling is another value", () => {
  expect(trivialMerge({ base: "lamp", current: "torch", incoming: "Torch" }, same)).toBe("conflict");
});
