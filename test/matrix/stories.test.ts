import { expect, it } from "vitest";
import { deviceUnpinning } from "../../sample-data/device-unpinning/story.js";
import type { PlayedStory, Story } from "../../sample-data/story.js";
import { truncateCascade } from "../../sample-data/truncate-cascade/story.js";
import { databaseUrl, type Place, shareServer } from "../support/database.js";
import { makePlan } from "../support/incident.js";
import { expectRecovery } from "../support/recovery.js";
import { tellPlan } from "../support/told-plan.js";

/** The same seed tells the same story: on servers of their own, each database is taken from a telling of its own. */
async function tell(story: Story): Promise<PlayedStory> {
  const tellings = new Map<Place, PlayedStory>();
  for (const place of ["pre", "post", "current"] as const) {
    const same = [...tellings.keys()].find((other) => shareServer(place, other));
    const known = same === undefined ? undefined : tellings.get(same);
    const url = (name: string) =>
      databaseUrl(name === "postgres" ? name : `${story.name} ${place} ${name}`, place);
    tellings.set(place, known ?? (await story.play({ url, scale: 0.2, seed: 7 })));
  }
  const [pre, post, current] = [...tellings.values()] as [PlayedStory, PlayedStory, PlayedStory];
  return { ...current, pre: pre.pre, post: post.post };
}

it.each([deviceUnpinning, truncateCascade])(
  "$name: recovered to the last cell, by patch and by apply, and taken back",
  { timeout: 300_000 },
  async (story) => {
    const played = await tell(story);
    const planned = await makePlan({ ...played, mode: story.mode }, { config: story.config });
    const found = tellPlan(planned).conflicts.map(({ table, key, kind }) =>
      JSON.stringify({ table, key, kind }),
    );
    const expected = played.conflicts.map(({ table, key, kind }) => JSON.stringify({ table, key, kind }));
    expect(found.toSorted()).toEqual(expected.toSorted());
    await expectRecovery(played, planned, { truth: new URL(played.truth), batchRows: 50 });
  },
);
