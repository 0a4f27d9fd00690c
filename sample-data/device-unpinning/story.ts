import { connected, copyDatabase, createDatabase } from "../databases.js";
import { tellHeadlines } from "../headlines.js";
import { loadRows } from "../load-rows.js";
import type { ExpectedConflict, PlayedStory, Stage, Story } from "../story.js";
import type { Cast } from "./cast.js";
import { config } from "./config.js";
import { storyUrls } from "./databases.js";
import { headlines } from "./headlines.js";
import { night } from "./moments.js";
import { playSteps } from "./play-steps.js";
import type { Device } from "./rows.js";
import * as schema from "./schema.js";
import { writeScript } from "./script.js";

export const deviceUnpinning: Story = {
  name: "device-unpinning",
  title: "A rollback unpins every device of a fleet",
  mode: "undo",
  config,
  play,
};

async function play(stage: Stage): Promise<PlayedStory> {
  const urls = storyUrls(stage);
  const script = writeScript(stage.scale, stage.seed);
  const tellUntil = tellHeadlines(headlines, stage.onStep ?? (() => {}));

  await createDatabase(stage, urls.current);
  await connected(urls.current, (client) => loadRows(client, { ...script.fleet }, schema));
  await copyDatabase(stage, urls.current, urls.pre);
  await copyDatabase(stage, urls.pre, urls.truth);
  tellUntil(night.pre);
  await playSteps(
    script.steps.filter((step) => step.at < night.post),
    urls,
    tellUntil,
  );
  await copyDatabase(stage, urls.current, urls.post);
  tellUntil(night.post);
  await playSteps(
    script.steps.filter((step) => step.at >= night.post),
    urls,
    tellUntil,
  );
  tellUntil(night.found);

  return { ...urls, conflicts: expectConflicts(script.cast), facts: script.facts };
}

function expectConflicts({ since }: Cast): ExpectedConflict[] {
  return [
    ...since.repinnedOther.map((device) =>
      expectConflict(device, "update/update", ["is_pinned_on__release"]),
    ),
    ...since.removed.map((device) => expectConflict(device, "delete/update", [])),
  ];
}

function expectConflict(device: Device, kind: string, columns: readonly string[]): ExpectedConflict {
  return { table: "public.device", key: { id: String(device.id) }, kind, columns };
}
