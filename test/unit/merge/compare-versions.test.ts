import { expect, it } from "vitest";
import { hasWrapped, mayBeCopies, printAlike } from "../../../src/merge/lineage/ancestry.js";
import { compareVersions } from "../../../src/merge/lineage/compare-versions.js";
import type { ServerFacts } from "../../../src/model/lineage.js";

function versions(...rows: readonly (readonly [number, number, bigint])[]): string {
  const entry = Buffer.alloc(14);
  const printed = rows.map(([page, item, version]) => {
    entry.writeUInt32BE(page);
    entry.writeUInt16BE(item, 4);
    entry.writeBigInt64BE(version, 6);
    return entry.toString("hex");
  });
  return printed.join("");
}

it("one version at one place is the same; all else is read, on whichever side it is", () => {
  const pre = versions([0, 1, 7n], [0, 2, 7n], [0, 3, 7n], [4294967294, 1, 7n]);
  const post = versions([0, 1, 7n], [0, 2, 8n], [0, 4, 7n], [4294967294, 1, 7n]);
  expect(compareVersions(pre, post)).toEqual({ same: 2, pre: [2, 3], post: [2, 4] });
  expect(compareVersions(pre, undefined)).toEqual({
    same: 0,
    pre: [1, 2, 3, 4294967294 * 65536 + 1],
    post: [],
  });
});

it("what was removed here and there, and what came, moves no other row", () => {
  const rows = Array.from({ length: 200 }, (_, at) => [Math.floor(at / 50), (at % 50) + 1, 7n] as const);
  const pre = rows.filter((_, at) => at !== 30 && at !== 31);
  const post = [...rows.filter((_, at) => at !== 0 && at !== 120), [4, 1, 8n] as const];
  expect(compareVersions(versions(...pre), versions(...post))).toEqual({
    ...{ same: 196, pre: [1, 2 * 65536 + 21], post: [31, 32, 4 * 65536 + 1] },
  });
});

it("versions that are a side's own are never the same", () => {
  expect(compareVersions(versions([1, 1, -1n]), versions([1, 1, -2n])).same).toBe(0);
});

it("rows that do not arrive in the order of the table are no answer", () => {
  expect(() => compareVersions(versions([1, 2, 7n], [1, 1, 7n]))).toThrow(RangeError);
});

const facts: ServerFacts = {
  ...{ version: "18.1", versionNumber: 180001, encoding: "UTF8", next: 5000n },
  ...{ systemIdentifier: "1", commitTimes: true },
};

it("what servers say of themselves decides what is not even tried", () => {
  expect(printAlike(facts, facts)).toBe(true);
  expect(printAlike(facts, { ...facts, version: "18.2" })).toBe(false);
  expect(printAlike(facts, { ...facts, encoding: "LATIN1" })).toBe(false);
  expect(printAlike({ ...facts, versionNumber: 130000 }, facts)).toBe(false);
  expect(hasWrapped(facts, { ...facts, next: 2n ** 32n - 1n })).toBe(false);
  expect(hasWrapped(facts, { ...facts, next: 2n ** 32n })).toBe(true);
  expect(mayBeCopies(facts, { ...facts, systemIdentifier: "2" })).toBe(false);
  expect(mayBeCopies(facts, { ...facts, systemIdentifier: undefined })).toBe(true);
});
