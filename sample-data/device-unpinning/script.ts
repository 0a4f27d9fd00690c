import { createRandom } from "../random.js";
import { agents } from "./agents.js";
import { type Cast, castDevices } from "./cast.js";
import { createDirectory } from "./directory.js";
import { countFacts } from "./facts.js";
import { createFleet } from "./fleet.js";
import { housekeeping } from "./housekeeping.js";
import { incident } from "./incident.js";
import { createNewcomers, newcomerSteps } from "./newcomers.js";
import { people } from "./people.js";
import type { Fleet } from "./rows.js";
import type { Step } from "./step.js";

export interface Script {
  readonly fleet: Fleet;
  readonly cast: Cast;
  readonly steps: readonly Step[];
  readonly facts: Readonly<Record<string, number>>;
}

/** The whole night, written before any database exists. */
export function writeScript(scale: number, seed: number): Script {
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
