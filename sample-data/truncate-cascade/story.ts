import { connected, copyDatabase, createDatabase } from "../databases.js";
import { tellHeadlines } from "../headlines.js";
import { loadRows } from "../load-rows.js";
import type { PlayedStory, Stage, Story } from "../story.js";
import { config, configWithoutDamageRule } from "./config.js";
import { storyUrls } from "./databases.js";
import { expectConflicts, expectReplay } from "./expectations.js";
import { countFacts } from "./facts.js";
import { headlines } from "./headlines.js";
import { morning } from "./moments.js";
import { leaveSequencesAt, playSteps } from "./play-steps.js";
import * as schema from "./schema.js";
import { type Script, writeScript } from "./script.js";
import { suspect } from "./suspect.js";

export const truncateCascade: Story = {
  name: "truncate-cascade",
  title: "A migration truncates five tables too many, and five hours of work are lost with the restore",
  mode: "replay",
  config,
  play: (stage) => playScript(stage, writeScript(stage.scale, stage.seed)),
};

/** The same day with a responder who does not know of the TRUNCATE: the end is the same, and more is left open. */
export const truncateCascadeUnexplained: Story = {
  ...truncateCascade,
  name: "truncate-cascade-unexplained",
  config: configWithoutDamageRule,
  play: (stage) => {
    const script = writeScript(stage.scale, stage.seed);
    return playScript(stage, { ...script, entries: suspect(script) });
  },
};

async function playScript(stage: Stage, script: Script): Promise<PlayedStory> {
  const { pre, post, current, truth } = storyUrls(stage);
  const tellUntil = tellHeadlines(headlines, stage.onStep ?? (() => {}));

  await createDatabase(stage, pre);
  await connected(pre, (client) => loadRows(client, { ...script.tracker }, schema));
  // What the live database becomes by 09:56, what was restored by 10:48, and what should have been.
  for (const copy of [post, current, truth]) await copyDatabase(stage, pre, copy);
  tellUntil(morning.backup);
  await playSteps(script.steps, { lost: post, current, truth }, tellUntil);
  await leaveSequencesAt(truth, script.handedOut.last);
  tellUntil(morning.recovery);

  return {
    pre,
    post,
    current,
    truth,
    conflicts: expectConflicts(script.entries),
    facts: countFacts(script),
    replay: expectReplay(script),
  };
}
