import { connected, copyDatabase, createDatabase } from "../databases.js";
import { tellHeadlines } from "../headlines.js";
import { loadRows } from "../load-rows.js";
import { createRandom } from "../random.js";
import type { ExpectedConflict, PlayedStory, Stage, Story } from "../story.js";
import { agents } from "./agents.js";
import { type Cast, castDevices } from "./cast.js";
import { config } from "./config.js";
import { storyUrls } from "./databases.js";
import { createDirectory } from "./directory.js";
import { countFacts } from "./facts.js";
import { createFleet } from "./fleet.js";
import { headlines } from "./headlines.js";
import { housekeeping } from "./housekeeping.js";
import { incident } from "./incident.js";
import { night } from "./moments.js";
import { createNewcomers, newcomerSteps } from "./newcomers.js";
import { people } from "./people.js";
import { playSteps } from "./play-steps.js";
import type { Device, Fleet } from "./rows.js";
import * as schema from "./schema.js";
import type { Step } from "./step.js";

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

interface Script {
  readonly fleet: Fleet;
  readonly cast: Cast;
  readonly steps: readonly Step[];
  readonly facts: Readonly<Record<string, number>>;
}

/** The whole night, written before any database exists. */
function writeScript(scale: number, seed: number): Script {
  const fleet = createFleet(scale, seed);
  const cast = castDevices(fleet.device, scale, seed);
  const newcomers = createNewcomers(fleet.application, scale, createRandom(seed, "newcomers"));
  const directory = createDirectory(fleet, createRandom(seed, "directory"));
  const steps = [
    ...incident(fleet.device),
    ...people(cast, directory, createRandom(seed, "people")),
    ...newcomerSteps(newcomers, directory, createRandom(seed, "newcomer steps")),
    ...agents(cast, createRandom(seed, "agents")),
    ...housekeeping(fleet, scale, createRandom(seed, "housekeeping")),
  ];
  steps.sort((left, right) => left.at - right.at);
  return { fleet, cast, steps, facts: countFacts(fleet.device, cast, newcomers) };
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
