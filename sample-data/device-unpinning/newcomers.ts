import type { Moment, Span } from "../moments.js";
import { portion } from "../portion.js";
import type { Random } from "../random.js";
import { deviceName } from "./devices.js";
import type { Directory } from "./directory.js";
import { since, window } from "./moments.js";
import { pin, register, remove } from "./requests.js";
import type { Application } from "./rows.js";
import { byPeople, type Step } from "./step.js";

interface Newcomer {
  readonly uuid: string;
  readonly belongs_to__application: number;
  readonly at: Moment;
}

/** Devices that did not exist before the incident: the incident never touches them. */
export interface Newcomers {
  readonly inWindow: readonly Newcomer[];
  readonly pinnedInWindow: readonly Newcomer[];
  readonly since: readonly Newcomer[];
  readonly pinnedSince: readonly Newcomer[];
  /** Registered in the window and gone again before it was noticed. */
  readonly removedSince: readonly Newcomer[];
}

export function createNewcomers(
  applications: readonly Application[],
  scale: number,
  random: Random,
): Newcomers {
  const arrive = (count: number, span: Span) =>
    Array.from({ length: portion(count, scale) }, () =>
      createNewcomer(random.pick(applications), span, random),
    );
  const inWindow = arrive(15, window);
  const later = arrive(25, since);
  return {
    inWindow,
    pinnedInWindow: inWindow.slice(0, portion(5, scale)),
    since: later,
    pinnedSince: later.slice(0, portion(8, scale)),
    removedSince: inWindow.slice(-portion(2, scale)),
  };
}

export function newcomerSteps(newcomers: Newcomers, directory: Directory, random: Random): Step[] {
  const { actor, release } = directory;
  const pinnedBy = (newcomer: Newcomer, end: Moment) =>
    byPeople(random.between(newcomer.at + 1, end), pin(newcomer.uuid, release(newcomer), actor(newcomer)));
  return [
    ...[...newcomers.inWindow, ...newcomers.since].map(({ at, uuid, belongs_to__application: application }) =>
      byPeople(at, register(uuid, deviceName(random), application)),
    ),
    ...newcomers.pinnedInWindow.map((newcomer) => pinnedBy(newcomer, window.to)),
    ...newcomers.pinnedSince.map((newcomer) => pinnedBy(newcomer, since.to)),
    ...newcomers.removedSince.map(({ uuid }) => byPeople(random.between(since.from, since.to), remove(uuid))),
  ];
}

function createNewcomer({ id }: Application, span: Span, random: Random): Newcomer {
  return {
    uuid: random.uuid(),
    belongs_to__application: id,
    at: random.between(span.from, span.to - 60_000_000),
  };
}
