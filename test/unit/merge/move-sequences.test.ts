import { describe, expect, it } from "vitest";
import { moveSequence, noKeys, withKey } from "../../../src/merge/move-sequences.js";
import type { Sequence } from "../../../src/model/sequence.js";
import type { Mode, Value } from "../../../src/model/value.js";

function sequence(lastValue: number | bigint | undefined, more: Partial<Sequence> = {}): Sequence {
  return {
    label: "public.device_id_seq",
    columns: [{ table: "public.device", column: "id" }],
    increment: 1n,
    min: 1n,
    max: 9_223_372_036_854_775_807n,
    cycle: false,
    state: lastValue === undefined ? undefined : { lastValue: BigInt(lastValue), isCalled: true },
    ...more,
  };
}

const fresh = { state: { lastValue: 1n, isCalled: false } };

interface World {
  readonly pre?: Sequence;
  readonly post?: Sequence;
  readonly current: Sequence;
  readonly keys?: readonly Value[];
}

function move(mode: Mode, { pre, post, current, keys = [] }: World) {
  const written = keys.reduce((known, key) => withKey(known, current, key), noKeys);
  const { move: found, warnings } = moveSequence(mode, { pre, post, current }, written);
  return { to: found?.to, from: found?.from, warnings };
}

describe("undo", () => {
  it.each([
    ["behind the written key", 12, ["40", "7"], "40"],
    ["at it", 40, ["40"], undefined],
    ["past it", 41, ["40"], undefined],
    ["with no key at all", 12, [], undefined],
  ])("%s", (_name, last, keys, to) => {
    expect(move("undo", { current: sequence(last), keys }).to).toBe(to);
  });

  it("does not look at post", () => {
    expect(move("undo", { post: sequence(99), current: sequence(12) }).to).toBeUndefined();
  });

  it("warns where the incident set it back", () => {
    const { warnings } = move("undo", { pre: sequence(99), current: sequence(12) });
    expect(warnings).toEqual([expect.stringContaining("set back, from 99 in pre to 12 in current")]);
  });
});

describe("replay", () => {
  it("goes past post and past the keys, whichever is further", () => {
    expect(move("replay", { post: sequence(50), current: sequence(12), keys: ["40"] }).to).toBe("50");
    expect(move("replay", { post: sequence(50), current: sequence(12), keys: ["60"] }).to).toBe("60");
    expect(move("replay", { post: sequence(50), current: sequence(70), keys: ["60"] }).to).toBeUndefined();
  });

  it("knows a number that was handed out from one that is next", () => {
    expect(move("replay", { post: sequence(1), current: sequence(1, fresh) })).toMatchObject({
      from: "0",
      to: "1",
    });
    expect(
      move("replay", { post: sequence(1, fresh), current: sequence(1, fresh), keys: [] }).to,
    ).toBeUndefined();
  });

  it("cannot follow a sequence that went round, and does not go back with one that was set back", () => {
    const back = { pre: sequence(90), post: sequence(5), current: sequence(90) };
    expect(move("replay", back).to).toBeUndefined();
    expect(move("replay", back).warnings).toEqual([expect.stringContaining("set back")]);
    expect(move("replay", { ...back, current: sequence(90, { cycle: true }) }).warnings).toEqual([]);
  });

  it("follows post to the end, and says that nothing is left", () => {
    const { to, warnings } = move("replay", {
      post: sequence(100, { max: 100n }),
      current: sequence(10, { max: 100n }),
    });
    expect(to).toBe("100");
    expect(warnings).toEqual([expect.stringContaining("no number left")]);
  });
});

describe("keys", () => {
  it("are exact beyond 2^53", () => {
    const keys = ["9007199254740993", "9007199254740992"];
    expect(move("undo", { current: sequence(1), keys }).to).toBe("9007199254740993");
  });

  it.each([[null], ["INV-0041"], ["NaN"], [""], ["1e9"], ["-5"], ["0"], ["101"]])(
    "%j does not count",
    (key) => {
      const current = sequence(10, { max: 100n });
      expect(move("undo", { current, keys: [key] })).toEqual({
        to: undefined,
        from: undefined,
        warnings: [],
      });
    },
  );

  it("count as what is before the point", () => {
    expect(move("undo", { current: sequence(1), keys: ["41.9"] }).to).toBe("41");
  });

  it("at the very end of a sequence do not use it up", () => {
    const current = sequence(10, { max: 100n });
    const { to, warnings } = move("undo", { current, keys: ["100", "20", "100"] });
    expect(to).toBe("20");
    expect(warnings).toEqual([expect.stringContaining("no number left")]);
    expect(move("undo", { current, keys: ["99"] }).to).toBe("99");
  });
});

describe("direction and rhythm", () => {
  const down = { increment: -5n, min: -1000n, max: -1n };

  it("counts down", () => {
    expect(move("undo", { current: sequence(-11, down), keys: ["-31", "-6"] }).to).toBe("-31");
    expect(move("undo", { current: sequence(-11, down), keys: ["-6"] }).to).toBeUndefined();
    expect(move("undo", { current: sequence(-11, down), keys: ["-32"] }).to).toBe("-36");
  });

  it("keeps its rhythm", () => {
    const odd = { increment: 10n };
    expect(move("undo", { current: sequence(3, odd), keys: ["13"] }).to).toBe("13");
    expect(move("undo", { current: sequence(3, odd), keys: ["14"] }).to).toBe("23");
    const started = { ...odd, state: { lastValue: 3n, isCalled: false } };
    expect(move("undo", { current: sequence(3, started), keys: ["3"] })).toMatchObject({
      from: "-7",
      to: "3",
    });
  });
});

describe("without privilege", () => {
  it("in current: no move, and a warning where one could be needed", () => {
    const current = sequence(undefined);
    expect(move("undo", { current, keys: ["5"] })).toMatchObject({
      to: undefined,
      warnings: [expect.stringContaining("no privilege to read it in current")],
    });
    expect(move("undo", { current }).warnings).toEqual([]);
    expect(move("replay", { current }).warnings).toHaveLength(1);
  });

  it("in post: past the keys, and a warning", () => {
    const world = { post: sequence(undefined), current: sequence(1), keys: ["5"] };
    expect(move("replay", world)).toMatchObject({
      to: "5",
      warnings: [expect.stringContaining("no privilege to read it in post")],
    });
    expect(move("undo", world).warnings).toEqual([]);
  });

  it("in pre: nothing to say", () => {
    const world = { pre: sequence(undefined), post: sequence(9), current: sequence(1) };
    expect(move("replay", world)).toMatchObject({ to: "9", warnings: [] });
  });
});

it("names the columns as SQL does", () => {
  const columns = [{ table: 'public."Order"', column: "No" }];
  const { move: found } = moveSequence(
    "replay",
    { pre: undefined, post: sequence(9), current: sequence(1, { columns }) },
    noKeys,
  );
  expect(found?.columns).toEqual(['public."Order"."No"']);
});
