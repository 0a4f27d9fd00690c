import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPlanStore, openReview, type Review } from "../../../src/index.js";
import { makePlan, play } from "../../support/incident.js";

/** Three articles whose price and title the incident blanked, changed by people since; each with a comment. */
const story = {
  pre: `CREATE TABLE article (id integer PRIMARY KEY, title text, price numeric(8,2));
    CREATE TABLE comment (id integer PRIMARY KEY, article integer REFERENCES article, body text);
    INSERT INTO article VALUES (1, 'one', 1.50), (2, 'two', 2.50), (3, 'three', 3.50);
    INSERT INTO comment VALUES (10, 1, 'first'), (20, 2, 'second');`,
  post: "UPDATE article SET price = NULL, title = ''",
  current: "UPDATE article SET price = 9.90 WHERE id < 3; UPDATE article SET title = 'drei' WHERE id = 3",
};

let review: Review;
let folder: string;
let current: string;

async function open(by = "ann", url: string | undefined = current): Promise<Review> {
  const store = await openPlanStore(join(folder, "plan.duckdb"));
  return openReview({
    store,
    current: url === undefined ? undefined : { url },
    by,
    now: () => "2026-03-02T04:00:00Z",
  });
}

beforeEach(async () => {
  const databases = await play(story);
  ({ folder } = await makePlan(databases));
  ({ current } = databases);
  review = await open();
});

afterEach(() => review.close());

const kept = { resolution: "current", reason: "they know" } as const;

describe("a review", () => {
  it("groups conflicts that are alike", async () => {
    const groups = await review.groups();
    expect(groups.map(({ rows, columns, described }) => [rows, columns, described])).toEqual([
      [2, ["price"], ["price: value → NULL, now another value"]],
      [1, ["title"], ["title: value → empty, now another value"]],
    ]);
  });

  it("decides a group, and tells who did", async () => {
    const [group] = await review.groups();
    if (group === undefined) throw new Error("there is one");
    expect(await review.decide({ groups: [group] }, kept)).toMatchObject({ rows: 2, untouched: 0 });
    const lines = await review.conflicts({}, 0, 10);
    expect(lines.map(({ decision }) => decision?.by)).toEqual(["ann", "ann", undefined]);
    expect((await review.overview()).conflicts).toEqual([{ table: 0, open: 1, decided: 2 }]);
    expect((await review.overview()).notInPatch).toBe(2);
  });

  it("leaves alone what was decided before, while something is open", async () => {
    await review.decide({ positions: [0] }, { resolution: "incoming", reason: undefined });
    expect(await review.decide({}, kept)).toMatchObject({ rows: 2, untouched: 1 });
    expect((await review.conflict({}, 0)).decision?.resolution).toBe("incoming");
    expect(await review.decide({}, kept)).toMatchObject({ untouched: 0 });
    expect((await review.conflict({}, 0)).decision?.resolution).toBe("current");
  });

  it("takes steps back and does them again, in another session, too", async () => {
    const step = await review.decide({}, kept);
    await review.undo(step);
    expect((await review.overview()).conflicts).toEqual([{ table: 0, open: 3, decided: 0 }]);
    await review.close();
    review = await open();
    await review.redo(step);
    expect((await review.overview()).conflicts).toEqual([{ table: 0, open: 0, decided: 3 }]);
  });

  it("has PostgreSQL check a value, and keeps it as it prints it", async () => {
    const value = (price: string) => ({ resolution: "value", values: { price }, reason: undefined }) as const;
    await expect(review.decide({ positions: [0] }, value("a lot"))).rejects.toThrow(
      /no value for public.article.price/,
    );
    expect((await review.overview()).notInPatch).toBe(0);
    await review.decide({ positions: [0] }, value("7.5"));
    expect((await review.conflict({}, 0)).decision?.values).toEqual({ price: "7.50" });
  });

  it("does not overwrite what somebody else decided, unless it is that one row", async () => {
    await review.decide({}, kept);
    await review.close();
    review = await open("bob");
    const taken = { resolution: "incoming", reason: undefined } as const;
    await expect(review.decide({}, taken)).rejects.toThrow(/decided by ann/);
    expect(await review.decide({ positions: [1] }, taken)).toMatchObject({ rows: 1 });
  });

  it("finds related rows, and says when current cannot be asked", async () => {
    const { rows, withoutCurrent } = await review.relatives(0);
    expect(withoutCurrent).toBeUndefined();
    expect(rows).toEqual([
      expect.objectContaining({ relation: "child", table: "public.comment", key: ["10"], inCurrent: true }),
    ]);
    await review.close();
    review = await open("ann", "postgresql://nobody@127.0.0.1:1/nowhere");
    expect((await review.relatives(0)).withoutCurrent).toMatch(/current/);
  });

  it("is alone with its plan: nobody else decides meanwhile", async () => {
    await expect(open("bob")).rejects.toThrow(/open already|in use/);
  });
});
